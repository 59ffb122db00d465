import { randomUUID } from 'node:crypto';
import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { endSession } from '../../http/renew-session';
import { clearSessionCookie } from '../../http/sessions';
import type { Language } from '../../lib/language';
import { dayIn } from '../../lib/local-time';
import { networkOf } from '../../lib/network';
import type { WallTransaction } from '../../stores/postgres/wall';
import { deleteAccount } from '../actions/delete-account';
import { leaveStaff, NOTHING_OWNED, readHandover, type Handover } from '../handover';
import { isLastAdmin, isOnlyAdmin } from '../last-admin';
import type { FieldErrors } from '../forms';
import { openLinkPages } from '../links/render';
import { formFields } from '../pages';
import { exportAccount } from './export';
import { isSameAddress, readDeletion, readExport } from './forms';
import { accountFrame, renderSection } from './frame';
import { ownerOf } from './owner';
import type { DataPage } from './page-types';
import type { AccountParts } from './parts';
import { isRecentlyAuthenticated, passwordErrors, reauthenticate } from './reauthenticate';

interface State {
  readonly typed?: Readonly<Record<string, string>>;
  readonly wrong?: FieldErrors;
  /** The key of what keeps the account from being deleted. */
  readonly refusal?: string;
}

interface Context {
  readonly parts: AccountParts;
  readonly language: Language;
}

/** `/account/data`: everything that is kept of its owner, to take along or to be deleted. */
export function dataRoutes(parts: AccountParts, language: Language): Router {
  const context: Context = { parts, language };
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/account/data')
    .get((req, res) => show(context, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/account/export')
    .post(formBody, (req, res) => sendExport(context, req, res))
    .all(onlyMethods('POST'));
  router
    .route('/account/delete')
    .post(formBody, (req, res) => remove(context, req, res))
    .all(onlyMethods('POST'));
  return router;
}

async function show(
  { parts: { site, wall, clock }, language }: Context,
  req: Request,
  res: Response,
  { typed = {}, wrong: errors = {}, refusal }: State = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const handover = await wall.read(accountsViewer, (db) => ownHandover(db, ownerOf(res).id));
  const isProved = isRecentlyAuthenticated(req, clock.now()) && !('export-current' in errors);
  const page: DataPage = {
    frame: accountFrame(language, req, res, 'data'),
    export: {
      action: `${prefix}/account/export`,
      fields: isProved
        ? []
        : formFields(language, { next: null, wrong: errors }, [
            { name: 'export-current', type: 'password', autocomplete: 'current-password', hint: null },
          ]),
      submit: say('account.export.submit'),
    },
    goes: ['profile', 'access', 'sessions', 'letters'].map((part) => say(`account.delete.goes.${part}`)),
    error: refusal === undefined ? null : say(refusal),
    form: {
      action: `${prefix}/account/delete`,
      fields: formFields(language, { next: null, typed, wrong: errors }, [
        { name: 'email', type: 'email', autocomplete: 'off', hint: say('account.delete.email.hint') },
        { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
      ]),
      submit: say('account.delete.submit'),
    },
    heir: heirField(language, handover, typed['heir'] ?? '', errors['heir']),
  };
  await renderSection(site, language, req, res, 'data', 'data', page, status);
}

type DeskHandover = Pick<Handover, 'begun' | 'colleagues'>;

/** What somebody began at the desk, and who could take it over. */
async function ownHandover(db: WallTransaction, id: string): Promise<DeskHandover> {
  const { role } = await db.account.findUniqueOrThrow({ where: { id }, select: { role: true } });
  return role === 'reader' ? NOTHING_OWNED : readHandover(db, id);
}

/** Asks who takes over what they began; null where there is nothing, or nobody who could. */
function heirField(
  { say }: Language,
  { begun, colleagues }: DeskHandover,
  chosen: string,
  error: string | undefined,
): DataPage['heir'] {
  if (begun.length === 0 || colleagues.length === 0) return null;
  const what = begun.map(({ state, n }) => say(`admin.begun.${state}`, { n })).join(', ');
  return {
    label: say('account.delete.heir'),
    hint: say('account.delete.heir.hint', { begun: what }),
    error: error === undefined ? null : say(error),
    options: [
      { value: '', label: say('admin.invite.choose'), selected: chosen === '' },
      ...colleagues.map(({ id, name, email }) => ({
        ...{ value: id, label: `${name} (${email})`, selected: id === chosen },
      })),
    ],
  };
}

async function sendExport(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const owner = ownerOf(res);
  const now = parts.clock.now();
  const proof = await reauthenticate(parts, req, owner, readExport(req.body)['export-current'], false);
  if (proof.fault !== null)
    return show(context, req, res, { wrong: passwordErrors(proof.fault, 'export-current') }, 422);
  const everything = await parts.wall.read(accountsViewer, (db) => exportAccount(db, owner.id, now));
  res.attachment(`account-${dayIn(now, language.zone)}.json`);
  res.type('json').send(`${JSON.stringify(everything, null, 2)}\n`);
}

/** Deletes the account, once its owner has typed its address and proved that it is they. */
async function remove(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, site } = parts;
  const owner = ownerOf(res);
  const { email, current, heir } = readDeletion(req.body);
  const typed = { email, heir };
  const { account, handover } = await wall.read(accountsViewer, async (db) => ({
    account: await db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true, role: true } }),
    handover: await ownHandover(db, owner.id),
  }));
  if (!isSameAddress(email, account.email))
    return show(context, req, res, { typed, wrong: { email: 'form.wrong.email.other' } }, 422);
  const proof = await reauthenticate(parts, req, owner, current, true);
  if (proof.fault !== null) return show(context, req, res, { typed, wrong: passwordErrors(proof.fault) }, 422);
  if (handover.begun.length > 0 && handover.colleagues.length === 0)
    return show(context, req, res, { typed, refusal: 'account.delete.heirless' }, 422);
  const colleague = handover.colleagues.find(({ id }) => id === heir) ?? null;
  if (handover.begun.length > 0 && colleague === null)
    return show(context, req, res, { typed, wrong: { heir: 'account.delete.wrong.heir' } }, 422);
  const from = { network: networkOf(req.ip), requestId: randomUUID() };
  const refusal = await deleteWithPayments(parts, owner.id, async (db) => {
    if (account.role === 'reader') return;
    const actor = { id: owner.id, name: account.email };
    await leaveStaff(db, { from, actor, at: parts.clock.now() }, account.role, colleague);
  });
  if (refusal !== null)
    return show(context, req, res, { typed, refusal }, refusal === 'account.delete.unpaid' ? 503 : 422);
  clearSessionCookie(res, site.publicUrl.startsWith('https:'));
  await endSession(req);
  res.redirect(303, `${language.prefix}/goodbye`);
}

/**
 * Ends what is paid for an account, and deletes it once it has handed over. The key of what keeps it from being
 * deleted; null: it is gone.
 */
async function deleteWithPayments(
  { wall, accountChanged, beforeDeletion, log }: AccountParts,
  id: string,
  handOver: (db: WallTransaction) => Promise<void>,
): Promise<'account.delete.last-admin' | 'account.delete.unpaid' | null> {
  // Before anything is ended elsewhere that could not be taken back.
  if (await wall.read(accountsViewer, (db) => isOnlyAdmin(db, id))) return 'account.delete.last-admin';
  const leaveAgain = await beforeDeletion(id).catch((error: unknown) => {
    log.error({ err: error }, 'an account could not be deleted: what is paid for it could not be ended');
    return null;
  });
  if (!leaveAgain) return 'account.delete.unpaid';
  try {
    await wall.write(accountsViewer, async (db) => {
      await handOver(db);
      await deleteAccount(db, id);
    });
  } catch (error) {
    if (isLastAdmin(error)) return 'account.delete.last-admin';
    throw error;
  }
  accountChanged(id);
  await leaveAgain().catch((error: unknown) =>
    log.error(
      { err: error },
      'an account is deleted, and what was begun meanwhile to be paid for it could not be ended',
    ),
  );
  return null;
}

/** `/goodbye`: what somebody sees whose account is gone. */
export function deletedRoutes({ site }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const shows = openLinkPages(site, language);
  router
    .route('/goodbye')
    .get((req, res) =>
      shows.notice(req, res, '/goodbye', 'goodbye', {
        label: language.say('reset.back'),
        href: language.prefix || '/',
      }),
    )
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
