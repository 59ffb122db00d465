import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import type { WallTransaction } from '../../stores/postgres/wall';
import { API_SCOPES, makeApiToken } from '../credentials/api-tokens';
import { makeTokenRow } from '../actions/make-api-token';
import type { FieldErrors } from '../forms';
import { formFields } from '../pages';
import { readId, readToken, validateTokenName } from './forms';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { MadeTokenPage, TokensPage } from './page-types';
import type { AccountParts } from './parts';
import { isRecentlyAuthenticated, passwordErrors, reauthenticate } from './reauthenticate';
import { formatMoment } from './format';

interface State {
  readonly typed?: { readonly 'token-name': string; readonly scopes: readonly string[] };
  readonly wrong?: FieldErrors;
  readonly error?: string;
}

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

/** `/account/tokens`: what programs read with in the owner's name. */
export function tokenRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account/tokens')
    .get((req, res) => show(context, req, res))
    .post(formBody, (req, res) => make(context, req, res))
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  router
    .route('/account/tokens/:id/revoke')
    .post(formBody, (req, res) => revoke(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

const findTokens = (db: WallTransaction, accountId: string) =>
  db.apiToken.findMany({
    where: { accountId, revokedAt: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    select: { id: true, name: true, scopes: true, createdAt: true, lastUsedAt: true },
  });

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  { typed, wrong: errors = {}, error }: State = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const tokens = await wall.read(accountsViewer, (db) => findTokens(db, ownerOf(res).id));
  const isProved = isRecentlyAuthenticated(req, clock.now()) && !('current' in errors);
  const page: TokensPage = {
    frame: accountFrame(language, req, res, 'tokens'),
    tokens: tokens.map((token) => tokenLine(language, token)),
    form: {
      action: `${prefix}/account/tokens`,
      fields: formFields(language, { next: null, wrong: errors, typed: { 'token-name': typed?.['token-name'] } }, [
        { name: 'token-name', type: 'text', autocomplete: 'off', hint: say('account.tokens.name.hint') },
        ...(isProved
          ? []
          : [{ name: 'current', type: 'password', autocomplete: 'current-password', hint: null } as const]),
      ]),
      submit: say('account.tokens.submit'),
    },
    scopes: API_SCOPES.map((name) => ({
      name,
      label: say(`account.scope.${name}`),
      checked: typed ? typed.scopes.includes(name) : true,
    })),
    scopesError: errors['scopes'] === undefined ? null : say(errors['scopes']),
    error: error === undefined ? null : say(error),
  };
  await renderSection(site, language, req, res, 'tokens', 'tokens', page, status);
}

function tokenLine(
  language: Language,
  { id, name, scopes, createdAt, lastUsedAt }: Awaited<ReturnType<typeof findTokens>>[number],
): TokensPage['tokens'][number] {
  const { say, prefix } = language;
  return {
    name,
    scopes: scopes
      .map((scope) => (language.has(`account.scope.${scope}`) ? say(`account.scope.${scope}`) : scope))
      .join(', '),
    made: formatMoment(language, createdAt),
    used: lastUsedAt ? formatMoment(language, lastUsedAt) : say('account.tokens.never'),
    revoke: `${prefix}/account/tokens/${id}/revoke`,
    revokeLabel: say('account.tokens.revoke.label', { name }),
  };
}

async function make(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const owner = ownerOf(res);
  const body = readToken(req.body);
  const named = validateTokenName(body['token-name']);
  const errors: FieldErrors = {
    ...('wrong' in named ? named.wrong : {}),
    ...(body.scopes.length === 0 ? { scopes: 'form.wrong.scopes' } : {}),
  };
  if ('wrong' in named || Object.keys(errors).length > 0)
    return show(context, req, res, { typed: body, wrong: errors }, 422);
  const proof = await reauthenticate(parts, req, owner, body.current, false);
  if (proof.fault !== null) return show(context, req, res, { typed: body, wrong: passwordErrors(proof.fault) }, 422);
  const { token, hash } = makeApiToken();
  const { name } = named.values;
  const made = await parts.wall.write(accountsViewer, (db) =>
    makeTokenRow(db, owner, { name, hash, scopes: body.scopes }, parts.clock.now()),
  );
  if (!made) return show(context, req, res, { typed: body, error: 'account.tokens.many' }, 422);
  parts.accountChanged(owner.id);
  const page: MadeTokenPage = {
    frame: accountFrame(language, req, res, 'tokens'),
    name,
    token,
    back: sectionPath(language, 'tokens'),
  };
  await renderSection(parts.site, language, req, res, 'tokens', 'made-token', page, 201);
}

async function revoke({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { id: accountId } = ownerOf(res);
  const id = readId(req.params['id']);
  const { count } =
    id === null
      ? { count: 0 }
      : await parts.wall.write(accountsViewer, (db) =>
          db.apiToken.updateMany({ where: { id, accountId, revokedAt: null }, data: { revokedAt: parts.clock.now() } }),
        );
  if (count === 0) throw notFound('a token of this account');
  parts.accountChanged(accountId);
  res.redirect(303, sectionPath(language, 'tokens', 'token-revoked'));
}
