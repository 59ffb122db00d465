import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { renewSession } from '../../http/renew-session';
import { ABSOLUTE_DAYS } from '../../http/sessions';
import { Failure, notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { IDLE_DAYS } from '../../stores/session-store';
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
import { reauthenticate } from './reauthenticate';
import { formatDevice, formatMoment } from './format';

const DAY = 86_400_000;

/** `/account/security`: the password, and where the account is logged in. */
export function securityRoutes(parts: AccountParts, language: Language): Router {
  const { site, wall, clock, changed } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;

  const show = async (req: Request, res: Response, wrong: FieldErrors = {}, status = 200) => {
    const { id, loginId } = ownerOf(res);
    const now = clock.now().getTime();
    // What has run out is still a row, but no way in any more.
    const logins = await wall.read(accountsViewer, (db) =>
      db.login.findMany({
        where: {
          accountId: id,
          endedAt: null,
          createdAt: { gt: new Date(now - ABSOLUTE_DAYS * DAY) },
          lastSeenAt: { gt: new Date(now - IDLE_DAYS * DAY) },
        },
        orderBy: [{ lastSeenAt: 'desc' }, { id: 'asc' }],
      }),
    );
    const page: SecurityPage = {
      frame: accountFrame(language, req, res, 'security'),
      password: {
        action: `${prefix}/account/password`,
        fields: formFields(language, { next: null, wrong }, [
          { name: 'current', type: 'password', autocomplete: 'current-password', hint: null },
          { name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
        ]),
        submit: say('account.password.submit'),
      },
      reset: `${prefix}/reset`,
      sessions: [...logins]
        .sort((a, b) => Number(b.id === loginId) - Number(a.id === loginId))
        .map((login) => ({
          device: formatDevice(language, login.device),
          since: formatMoment(language, login.createdAt),
          seen: formatMoment(language, login.lastSeenAt),
          current: login.id === loginId,
          end: `${prefix}/account/sessions/${login.id}/end`,
          endLabel: say('account.sessions.end.label', {
            device: formatDevice(language, login.device),
            since: formatMoment(language, login.createdAt),
          }),
        })),
      endOthers: logins.some((login) => login.id !== loginId) ? `${prefix}/account/sessions/end-others` : null,
      factors: ['second-factor', 'passkeys'].map((room) => ({
        label: say(`${room}.heading`),
        href: `${prefix}/account/${room}`,
      })),
    };
    await renderSection(site, language, req, res, 'security', 'security', page, status);
  };

  router
    .route('/account/security')
    .get((req, res) => show(req, res))
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/account/password')
    .post(formBody, async (req, res) => {
      const owner = ownerOf(res);
      const body = readPasswordChange(req.body);
      const account = await wall.read(accountsViewer, (db) =>
        db.account.findUniqueOrThrow({ where: { id: owner.id }, select: { email: true, name: true } }),
      );
      const fault = newPasswordFault(body['new-password'], [account.email, account.name, language.siteName]);
      if (fault !== null) return show(req, res, { 'new-password': fault }, 422);
      const proof = await reauthenticate(parts, req, owner, body.current, true);
      if (proof.fault !== null)
        return show(
          req,
          res,
          { current: proof.fault === 'missing' ? 'form.wrong.current.missing' : 'form.wrong.current' },
          422,
        );
      const hash = await hashPassword(body['new-password']);
      const done = await wall.write(accountsViewer, (db) =>
        changePassword(db, { ...owner, from: proof.hash, to: hash }, clock.now()),
      );
      if (!done) throw new Failure(409, 'the password was changed meanwhile');
      changed(owner.id);
      await renewSession(req);
      res.redirect(303, sectionPath(language, 'security', 'password-changed'));
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/sessions/end-others')
    .post(formBody, async (_req, res) => {
      const { id, loginId } = ownerOf(res);
      await wall.write(accountsViewer, (db) => endLogins(db, id, loginId, clock.now()));
      changed(id);
      res.redirect(303, sectionPath(language, 'security', 'sessions-ended'));
    })
    .all(onlyMethods('POST'));

  router
    .route('/account/sessions/:id/end')
    .post(formBody, async (req, res) => {
      const { id: accountId } = ownerOf(res);
      const id = readId(req.params.id);
      const { count } =
        id === null
          ? { count: 0 }
          : await wall.write(accountsViewer, (db) =>
              db.login.updateMany({ where: { id, accountId, endedAt: null }, data: { endedAt: clock.now() } }),
            );
      if (count === 0) throw notFound('a login of this account');
      changed(accountId);
      res.redirect(303, sectionPath(language, 'security', 'session-ended'));
    })
    .all(onlyMethods('POST'));
  return router;
}
