import { Router, type Request, type Response } from 'express';
import { accountsViewer } from '../../access/viewer';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { askReset } from '../actions/ask-reset';
import { resetPassword } from '../actions/change-password';
import { findLink } from '../credentials/link-tokens';
import type { AccountParts } from '../own/parts';
import { formFields, type FormState } from '../pages';
import { hashPassword } from '../credentials/passwords';
import { attemptOf } from '../login/attempt';
import { newPasswordFault, readChoose, readReset, readToken, validateReset } from '../links/forms';
import { openLinkPages, quiet } from '../links/render';

/**
 * `/reset`: a letter with a link, and behind the link a new password. Neither says whether an address has an account.
 */
export function resetRoutes({ site, wall, clock, limits, changed, log }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const https = site.publicUrl.startsWith('https:');
  const shows = openLinkPages(site, language);
  const toLogin = { label: say('nav.login'), href: `${prefix}/login` };
  const toReset = { label: say('reset.again'), href: `${prefix}/reset` };

  const ask = (req: Request, res: Response, state: Omit<FormState, 'next'> = {}, status = 200) =>
    shows.form(
      req,
      res,
      '/reset',
      {
        label: say('reset.label'),
        heading: say('reset.heading'),
        text: say('reset.text'),
        form: {
          action: `${prefix}/reset`,
          token: null,
          error: state.refused ? say(state.refused.key, { n: state.refused.minutes ?? 0 }) : null,
          fields: formFields(language, { next: null, ...state }, [
            { name: 'email', type: 'email', autocomplete: 'username', hint: null },
          ]),
          submit: say('reset.submit'),
          links: [{ label: say('reset.remembered'), href: toLogin.href }],
        },
      },
      status,
    );

  const choose = (req: Request, res: Response, token: string, fault: string | null, status = 200) =>
    shows.form(
      req,
      res,
      '/reset',
      {
        label: say('reset.label'),
        heading: say('reset.choose.heading'),
        text: say('reset.choose.text'),
        form: {
          action: `${prefix}/reset/choose`,
          token,
          error: null,
          fields: formFields(
            language,
            { next: null, ...(fault === null ? {} : { wrong: { 'new-password': fault } }) },
            [{ name: 'new-password', type: 'password', autocomplete: 'new-password', hint: say('form.password.hint') }],
          ),
          submit: say('reset.choose.submit'),
          links: [],
        },
      },
      status,
    );

  router.use(['/reset', '/reset/sent', '/reset/choose', '/reset/done'], quiet);

  router
    .route('/reset')
    .get((req, res) => ask(req, res))
    .post(formBody, async (req, res) => {
      const body = readReset(req.body);
      const understood = validateReset(body);
      if ('wrong' in understood) return ask(req, res, { typed: body, wrong: understood.wrong }, 422);
      const { email } = understood.values;
      const wait = await limits.tryReset(await attemptOf({ wall, https }, req, email), attemptsOf(res));
      if (wait !== null) {
        res.setHeader('Retry-After', String(wait));
        return ask(req, res, { typed: body, refused: { key: 'form.limited', minutes: Math.ceil(wait / 60) } }, 429);
      }
      // Answered before the address is looked for: the time says nothing about it (ASVS 6.3.8).
      res.redirect(303, `${prefix}/reset/sent`);
      wall
        .write(accountsViewer, (db) => askReset(db, email, clock.now()))
        .catch((error: unknown) => log.error({ err: error }, 'a letter for a new password could not be written'));
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/reset/sent')
    .get((req, res) =>
      shows.notice(req, res, '/reset/sent', 'reset.sent', { label: say('reset.back'), href: prefix || '/' }),
    )
    .all(onlyMethods('GET', 'HEAD'));

  router
    .route('/reset/choose')
    .get(async (req, res) => {
      const token = readToken(req.query);
      const link =
        token && (await wall.read(accountsViewer, (db) => findLink(db, token, ['reset_password'], clock.now())));
      await (link ? choose(req, res, token, null) : shows.over(req, res, toReset));
    })
    .post(formBody, async (req, res) => {
      const token = readToken(req.body);
      const account =
        token &&
        (await wall.read(accountsViewer, async (db) => {
          const link = await findLink(db, token, ['reset_password'], clock.now());
          return link && db.account.findUnique({ where: { id: link.accountId }, select: { email: true, name: true } });
        }));
      if (!account) return shows.over(req, res, toReset);
      const password = readChoose(req.body)['new-password'];
      const fault = newPasswordFault(password, [account.email, account.name, language.siteName]);
      if (fault !== null) return choose(req, res, token, fault, 422);
      const hash = await hashPassword(password);
      const accountId = await wall.write(accountsViewer, (db) => resetPassword(db, token, hash, clock.now()));
      if (accountId === null) return shows.over(req, res, toReset);
      changed(accountId);
      res.redirect(303, `${prefix}/reset/done`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/reset/done')
    .get((req, res) => shows.notice(req, res, '/reset/done', 'reset.done', toLogin))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
