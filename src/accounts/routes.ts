import { Router } from 'express';
import { onlyMethods } from '../http/errors';
import { layoutOf } from '../http/house';
import { respond } from '../http/respond';
import type { Language } from '../lib/language';
import { joinDoor } from './join-door';
import { loginDoor } from './login-door';
import { logoutDoor } from './logout-door';
import type { Doors } from './threshold';

/** The ways in and out, and what the paid membership will be while it cannot be bought. */
export function accountRoutes(doors: Doors, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const { say, prefix } = language;
  for (const door of [joinDoor, loginDoor, logoutDoor]) router.use(door(doors, language));

  router.route('/join/leadership-alliance').get(async (req, res) => {
    const key = 'join.leadership-alliance';
    const page = {
      label: say(`${key}.label`),
      heading: say(`${key}.heading`),
      paragraphs: [say(`${key}.text`)],
      rows: ['for', 'opens', 'price'].map((row) => ({ label: say(`${key}.${row}.label`), text: say(`${key}.${row}.text`) })),
      links: [{ label: say('login.home'), href: prefix || '/' }],
    };
    const layout = layoutOf(doors.house, language, { title: page.heading, path: '/join/leadership-alliance', audience: doors.audienceOf(res) });
    await respond(req, res, 'notice', { layout, page });
  }).all(onlyMethods('GET', 'HEAD'));

  return router;
}
