import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { joinPath } from '../../http/site-context';
import { showJoiningClosed } from './joining';
import { consentOf, type Consent } from '../../http/consent';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { readShown } from '../../site/pages/acceptances';
import { markOf } from '../credentials/verify-credentials';
import { name as nameShape, nameFault, wrongOf, type FieldErrors } from '../forms';
import { findPendingJoin, joinByLetter, type PendingNewcomer } from './by-letter';
import { safeNext } from '../login/next';
import { formFields } from '../pages';
import { hashPassword } from '../credentials/passwords';
import { enter, requireSessions, type AuthParts } from '../auth-pages';
import { newPasswordFault, readJoinConfirm, readToken } from '../links/forms';
import type { LinkPage } from '../links/pages';
import { openLinkPages, quiet } from '../links/render';

const PATH = '/join/confirm';

/**
 * `/join/confirm`: where the link of a letter makes the account, for somebody who asked to join from an address that
 * many
 * joined from. Opening the link makes nothing, because programs that look through mail open links too. Whoever has the
 * mailbox chooses the password: what was typed when joining was asked for may have been somebody else's.
 */
export function joinConfirmRoutes(auth: AuthParts, language: Language): Router {
  const { site, wall, clock, grantJoined, trackJoining: joining } = auth;
  const router = Router({ caseSensitive: true, strict: true });
  const shows = openLinkPages(site, language);
  const { say, prefix } = language;
  const over = (req: Request, res: Response) =>
    shows.over(req, res, { label: say('nav.join'), href: `${prefix}${joinPath(site)}` });

  const pendingOf = async (from: unknown) => {
    const token = readToken(from);
    const pending = token && (await wall.read(accountsViewer, (db) => findPendingJoin(db, token, clock.now())));
    return token && pending ? { token, pending } : null;
  };

  router.use(['/join/sent', PATH], quiet);
  // A letter may be older than the day on which joining was closed.
  router.use(PATH, (req, res, next) =>
    site.settings.current.joining.mode === 'closed' ? showJoiningClosed(auth, language, req, res, PATH) : next(),
  );
  router
    .route('/join/sent')
    .get((req, res) =>
      shows.notice(req, res, '/join/sent', 'join.sent', { label: say('reset.back'), href: prefix || '/' }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route(PATH)
    .get(async (req, res) => {
      const found = await pendingOf(req.query);
      if (!found) return over(req, res);
      await shows.form(
        req,
        res,
        PATH,
        confirmPage(language, found.token, found.pending, consentOf(site.pages, language, 'join')),
      );
    })
    .post(requireSessions, formBody, async (req, res) => {
      const found = await pendingOf(req.body);
      if (!found) return over(req, res);
      const { token, pending } = found;
      const { name, 'new-password': password, accepted } = readJoinConfirm(req.body);
      const fault = newPasswordFault(password, [pending.email, name, language.siteName]);
      const errors = wrongOf({ name: nameFault(name), 'new-password': fault });
      const named = nameShape.safeParse(name);
      if (!named.success || Object.keys(errors).length > 0)
        return shows.form(
          req,
          res,
          PATH,
          confirmPage(language, token, { ...pending, name }, consentOf(site.pages, language, 'join'), errors),
          422,
        );
      const passwordHash = await hashPassword(password);
      const newcomer = { name: named.data, passwordHash, shown: readShown(accepted) };
      const made = await joinByLetter(wall, grantJoined, token, newcomer, clock.now());
      if (!made) return over(req, res);
      const next = safeNext(made.next, site.publicUrl, '') || null;
      joining('done', next);
      const account = { id: made.id, secondFactor: false, mark: markOf(passwordHash) };
      await enter(auth, language, req, res, account, next ?? (prefix || '/'));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}

function confirmPage(
  language: Language,
  token: string,
  { name, email }: PendingNewcomer,
  consent: Consent | null,
  errors: FieldErrors = {},
): LinkPage {
  const { say, prefix } = language;
  return {
    label: say('nav.join'),
    heading: say('join.confirm.heading'),
    text: say('join.confirm.text', { email }),
    form: {
      action: `${prefix}${PATH}`,
      token,
      error: null,
      fields: formFields(language, { next: null, typed: { name }, wrong: errors }, [
        { name: 'name', type: 'text', autocomplete: 'name', hint: null },
        { name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') },
      ]),
      consent,
      submit: say('join.submit'),
      links: [],
    },
  };
}
