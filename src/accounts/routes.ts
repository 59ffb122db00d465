import { Router, type RequestHandler } from 'express';
import { onlyMethods } from '../http/errors';
import { layoutOf, type House } from '../http/house';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';

/**
 * The ways in, while there are no accounts yet: each page says plainly what it will open, for whom, and that
 * nothing can be signed or bought today.
 */
export function accountRoutes(house: House, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  const home = { label: say('login.home'), href: prefix || '/' };

  const notice = (path: string, key: string, rows: readonly string[]): RequestHandler => async (req, res) => {
    const page = {
      label: say(`${key}.label`),
      heading: say(`${key}.heading`),
      paragraphs: [say(`${key}.text`)],
      rows: rows.map((row) => ({ label: say(`${key}.${row}.label`), text: say(`${key}.${row}.text`) })),
      links: [home],
    };
    await respond(req, res, 'notice', { layout: layoutOf(house, language, { title: page.heading, path, noindex: path === '/login' }), page });
  };

  for (const tier of ['strategy-circle', 'leadership-alliance']) {
    router.route(`/join/${tier}`).get(notice(`/join/${tier}`, `join.${tier}`, ['for', 'opens', 'price'])).all(onlyMethods('GET', 'HEAD'));
  }
  router.route('/login').get(notice('/login', 'login', [])).all(onlyMethods('GET', 'HEAD'));
  return router;
}
