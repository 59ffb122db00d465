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
import { isRecentlyAuthenticated, reauthenticate } from './reauthenticate';

interface State {
  readonly typed?: Readonly<Record<string, string>>;
  readonly wrong?: FieldErrors;
  /** The key of what keeps the account from being deleted. */
  readonly kept?: string;
}

/** `/account/data`: everything that is kept of its owner, to take along or to be deleted. */
export function dataRoutes(parts: AccountParts, language: Language): Router {
  const { site, wall, clock, changed, beforeDeletion, log } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;

  const show = async (req: Request, res: Response, { typed = {}, wrong = {}, kept }: State = {}, status = 200) => {
    const page: DataPage = {
      frame: accountFrame(language, req, res, 'data'),
      export: {
        action: `${prefix}/account/export`,
        fields:
          isRecentlyAuthenticated(req, clock.now()) && !('export-current' in wrong)
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
  };

  router
    .route('/account/data')
    .get((req, res) => show(req, res))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/account/export')
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const now = clock.now();
      const proof = await reauthenticate(parts, req, owner, readExport(req.body)['export-current'], false);
      if (proof.fault !== null)
        return show(
          req,
          res,
          {
            wrong: {
              'export-current': proof.fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current',
            },
          },
          422,
        );
      const everything = await wall.read(accountsViewer, (db) => exportAccount(db, owner.id, now));
      res.attachment(`account-${now.toISOString().slice(0, 10)}.json`);
      res.type('json').send(`${JSON.stringify(everything, null, 2)}\n`);
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/delete')
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const { email, current } = readDeletion(req.body);
      const account = await wall.read(accountsViewer, (db) =>
        db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true } }),
      );
      if (!isSameAddress(email, account.email))
        return show(req, res, { typed: { email }, wrong: { email: 'form.wrong.email.other' } }, 422);
      const proof = await reauthenticate(parts, req, owner, current, true);
      if (proof.fault !== null)
        return show(
          req,
          res,
          {
            typed: { email },
            wrong: { current: proof.fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current' },
          },
          422,
        );
      // Before anything is ended elsewhere that could not be taken back.
      if (await wall.read(accountsViewer, (db) => isOnlyAdmin(db, owner.id)))
        return show(req, res, { typed: { email }, kept: 'account.delete.last-admin' }, 422);
      const leaveAgain = await beforeDeletion(owner.id).catch((error: unknown) => {
        log.error({ err: error }, 'an account could not be deleted: what is paid for it could not be ended');
        return null;
      });
      if (!leaveAgain) return show(req, res, { typed: { email }, kept: 'account.delete.unpaid' }, 503);
      const deleted = await wall
        .write(accountsViewer, (db) => deleteAccount(db, owner.id))
        .then(
          () => true,
          (error: unknown) => {
            if (isLastAdmin(error)) return false;
            throw error;
          },
        );
      if (!deleted) return show(req, res, { typed: { email }, kept: 'account.delete.last-admin' }, 422);
      changed(owner.id);
      await leaveAgain().catch((error: unknown) =>
        log.error(
          { err: error },
          'an account is deleted, and what was begun meanwhile to be paid for it could not be ended',
        ),
      );
      clearSessionCookie(res, site.publicUrl.startsWith('https:'));
      await endSession(req);
      res.redirect(303, `${prefix}/goodbye`);
    })
    .all(onlyMethods('POST'));
  return router;
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
