import { Router } from 'express';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import type { Language } from '../../lib/language';
import { confirmAddress } from '../actions/confirm-address';
import { findLink } from '../link-tokens';
import type { AccountParts } from '../own/parts';
import { readToken } from './forms';
import { openLinkPages, quiet } from './render';

/**
 * `/verify`: confirms the address a letter went to, the first one or a new one. Opening the link changes nothing, because
 * programs that look through mail open links too; the button does.
 */
export function verifyRoutes({ site, wall, clock, changed }: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const shows = openLinkPages(site, language);
  const toAccount = { label: say('link.account'), href: `${prefix}/account` };

  router.use(['/verify', '/verify/done', '/verify/changed'], quiet);

  router
    .route('/verify')
    .get(async (req, res) => {
      const token = readToken(req.query);
      const link =
        token &&
        (await wall.read(accountsViewer, (db) => findLink(db, token, ['verify_email', 'change_email'], clock.now())));
      if (!link) return shows.over(req, res, toAccount);
      const key = link.email === null ? 'verify' : 'verify.new';
      await shows.form(req, res, '/verify', {
        label: say('verify.label'),
        heading: say(`${key}.heading`),
        text: say(`${key}.text`, { email: link.email ?? '' }),
        form: { action: `${prefix}/verify`, token, error: null, fields: [], submit: say('verify.submit'), links: [] },
      });
    })
    .post(formBody, async (req, res) => {
      const token = readToken(req.body);
      const { account } = res.locals.reader;
      const confirmed =
        token && (await wall.write(accountsViewer, (db) => confirmAddress(db, token, account, clock.now())));
      if (!confirmed) return shows.over(req, res, toAccount);
      changed(confirmed.accountId);
      if (account?.id === confirmed.accountId)
        return res.redirect(303, `${prefix}/account?done=address-${confirmed.what}`);
      res.redirect(303, `${prefix}/verify/${confirmed.what === 'verified' ? 'done' : 'changed'}`);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  for (const outcome of ['done', 'changed']) {
    router
      .route(`/verify/${outcome}`)
      .get((req, res) => shows.notice(req, res, `/verify/${outcome}`, `verify.${outcome}`, toAccount))
      .all(onlyMethods('GET', 'HEAD'));
  }
  return router;
}
