import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewLogin } from '../login/renew-login';
import { ABSOLUTE_DAYS } from '../../http/sessions';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { IDLE_DAYS } from '../../stores/session-store';
import type { WallTransaction } from '../../stores/postgres/wall';
import { changePassword } from '../actions/change-password';
import type { FieldErrors } from '../forms';
import { newPasswordFault } from '../links/forms';
import { formFields } from '../pages';
import { hashPassword } from '../credentials/passwords';
import { endLogins } from '../credentials/revoke-credentials';
import { readId, readPasswordChange } from './forms';
import { accountFrame, sectionPath, renderSection } from './frame';
import { ownerOf } from './owner';
import type { SecurityPage } from './page-types';
import type { AccountParts } from './parts';
import { passwordErrors, reauthenticate } from './reauthenticate';
import { formatDevice, formatMoment } from './format';

const DAY = 86_400_000;

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

/** `/account/security`: the password, and where the account is logged in. */
export function securityRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account/security')
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/account/password')
    .post(formBody, (req, res) => takePassword(context, req, res))
    .all(onlyMethods('POST'));
  router
    .route('/account/sessions/end-others')
    .post(formBody, (_req, res) => endOthers(context, res))
    .all(onlyMethods('POST'));
  router
    .route('/account/sessions/:id/end')
    .post(formBody, (req, res) => endOne(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

/** The logins of an account that are still ways in: what has run out is still a row. */
const findLogins = (db: WallTransaction, accountId: string, now: number) =>
  db.login.findMany({
    where: {
      accountId,
      endedAt: null,
      createdAt: { gt: new Date(now - ABSOLUTE_DAYS * DAY) },
      lastSeenAt: { gt: new Date(now - IDLE_DAYS * DAY) },
    },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
  });

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  errors: FieldErrors = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const { id, loginId } = ownerOf(res);
  const logins = await wall.read(accountsViewer, (db) => findLogins(db, id, clock.now().getTime()));
  const page: SecurityPage = {
    frame: accountFrame(language, req, res, 'security'),
    password: {
      action: `${prefix}/account/password`,
      fields: formFields(language, { next: null, wrong: errors }, [
        { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
        { name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
      ]),
      submit: say('account.password.submit'),
    },
    reset: `${prefix}/reset`,
    sessions: [...logins]
      .sort((a, b) => Number(b.id === loginId) - Number(a.id === loginId))
      .map((login) => sessionLine(language, login, loginId)),
    endOthers: logins.some((login) => login.id !== loginId) ? `${prefix}/account/sessions/end-others` : null,
    factors: ['second-factor', 'passkeys'].map((section) => ({
      label: say(`${section}.heading`),
      href: `${prefix}/account/${section}`,
    })),
  };
  await renderSection(site, language, req, res, 'security', 'security', page, status);
}

function sessionLine(
  language: Language,
  { id, device, createdAt, lastSeenAt }: Awaited<ReturnType<typeof findLogins>>[number],
  own: string | null,
): SecurityPage['sessions'][number] {
  const named = { device: formatDevice(language, device), since: formatMoment(language, createdAt) };
  return {
    ...named,
    lastSeen: formatMoment(language, lastSeenAt),
    current: id === own,
    end: `${language.prefix}/account/sessions/${id}/end`,
    endLabel: language.say('account.sessions.end.label', named),
  };
}

async function takePassword(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, clock } = parts;
  const owner = ownerOf(res);
  const body = readPasswordChange(req.body);
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true, name: true } }),
  );
  const fault = newPasswordFault(body['new-password'], [account.email, account.name, language.siteName]);
  if (fault !== null) return show(context, req, res, { 'new-password': fault }, 422);
  const proof = await reauthenticate(parts, req, owner, body.current, true);
  if (proof.fault !== null) return show(context, req, res, passwordErrors(proof.fault), 422);
  const hash = await hashPassword(body['new-password']);
  const done = await wall.write(accountsViewer, (db) =>
    changePassword(db, { ...owner, from: proof.hash, to: hash }, clock.now()),
  );
  if (!done) throw new Failure(409, 'the password was changed meanwhile');
  parts.accountChanged(owner.id);
  await renewLogin(parts, req);
  res.redirect(303, sectionPath(language, 'security', 'password-changed'));
}

async function endOthers({ parts, language }: Context, res: Response): Promise<void> {
  const { id, loginId } = ownerOf(res);
  await parts.wall.write(accountsViewer, (db) => endLogins(db, id, loginId, parts.clock.now()));
  parts.accountChanged(id);
  res.redirect(303, sectionPath(language, 'security', 'sessions-ended'));
}

async function endOne({ parts, language }: Context, req: Request, res: Response): Promise<void> {
  const { id: accountId } = ownerOf(res);
  const id = readId(req.params['id']);
  const { count } =
    id === null
      ? { count: 0 }
      : await parts.wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { id, accountId, endedAt: null }, data: { endedAt: parts.clock.now() } }),
        );
  if (count === 0) throw notFound('a login of this account');
  parts.accountChanged(accountId);
  res.redirect(303, sectionPath(language, 'security', 'session-ended'));
}
