import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { endSession } from '../../http/renew-session';
import { clearSessionCookie } from '../../http/sessions';
import type { Language } from '../../lib/language';
import { deleteAccount } from '../actions/delete-account';
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
  readonly kept?: string;
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
  { parts: { site, clock }, language }: Context,
  req: Request,
  res: Response,
  { typed = {}, wrong = {}, kept }: State = {},
  status = 200,
): Promise<void> {
  const { say, prefix } = language;
  const isProved = isRecentlyAuthenticated(req, clock.now()) && !('export-current' in wrong);
  const page: DataPage = {
    frame: accountFrame(language, req, res, 'data'),
    export: {
      action: `${prefix}/account/export`,
      fields: isProved
        ? []
        : formFields(language, { next: null, wrong }, [
            { name: 'export-current', type: 'password', autocomplete: 'current-password', hint: null },
          ]),
      submit: say('account.export.submit'),
    },
    goes: ['profile', 'access', 'sessions', 'letters'].map((part) => say(`account.delete.goes.${part}`)),
    error: kept === undefined ? null : say(kept),
    form: {
      action: `${prefix}/account/delete`,
      fields: formFields(language, { next: null, typed, wrong }, [
        { name: 'email', type: 'email', autocomplete: 'off', hint: say('account.delete.email.hint') },
        { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
      ]),
      submit: say('account.delete.submit'),
    },
  };
  await renderSection(site, language, req, res, 'data', 'data', page, status);
}

async function sendExport(context: Context, req: Request, res: Response): Promise<void> {
  const { parts } = context;
  const owner = ownerOf(res);
  const now = parts.clock.now();
  const proof = await reauthenticate(parts, req, owner, readExport(req.body)['export-current'], false);
  if (proof.fault !== null)
    return show(context, req, res, { wrong: passwordErrors(proof.fault, 'export-current') }, 422);
  const everything = await parts.wall.read(accountsViewer, (db) => exportAccount(db, owner.id, now));
  res.attachment(`account-${now.toISOString().slice(0, 10)}.json`);
  res.type('json').send(`${JSON.stringify(everything, null, 2)}\n`);
}

/** Deletes the account, once its owner has typed its address and proved that it is they. */
async function remove(context: Context, req: Request, res: Response): Promise<void> {
  const { parts, language } = context;
  const { wall, site } = parts;
  const owner = ownerOf(res);
  const { email, current } = readDeletion(req.body);
  const typed = { email };
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true } }),
  );
  if (!isSameAddress(email, account.email))
    return show(context, req, res, { typed, wrong: { email: 'form.wrong.email.other' } }, 422);
  const proof = await reauthenticate(parts, req, owner, current, true);
  if (proof.fault !== null) return show(context, req, res, { typed, wrong: passwordErrors(proof.fault) }, 422);
  const kept = await deleteWithPayments(parts, owner.id);
  if (kept !== null) return show(context, req, res, { typed, kept }, kept === 'account.delete.unpaid' ? 503 : 422);
  clearSessionCookie(res, site.publicUrl.startsWith('https:'));
  await endSession(req);
  res.redirect(303, `${language.prefix}/goodbye`);
}

/** Ends what is paid for an account, and deletes it. The key of what keeps it from being deleted; null: it is gone. */
async function deleteWithPayments(
  { wall, changed, beforeDeletion, log }: AccountParts,
  id: string,
): Promise<'account.delete.last-admin' | 'account.delete.unpaid' | null> {
  // Before anything is ended elsewhere that could not be taken back.
  if (await wall.read(accountsViewer, (db) => isOnlyAdmin(db, id))) return 'account.delete.last-admin';
  const leaveAgain = await beforeDeletion(id).catch((error: unknown) => {
    log.error({ err: error }, 'an account could not be deleted: what is paid for it could not be ended');
    return null;
  });
  if (!leaveAgain) return 'account.delete.unpaid';
  try {
    await wall.write(accountsViewer, (db) => deleteAccount(db, id));
  } catch (error) {
    if (isLastAdmin(error)) return 'account.delete.last-admin';
    throw error;
  }
  changed(id);
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
