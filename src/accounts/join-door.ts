import { Router } from 'express';
import { onlyMethods } from '../http/errors';
import { isReading } from '../http/reading';
import type { Language } from '../lib/language';
import { proveAccount } from './credentials';
import { readJoin, understandJoin } from './forms';
import { join, tellOwner } from './join';
import { joinPage } from './pages';
import { hashPassword } from './passwords';
import { nothingInTheAddress, readForm, sessionsAtHand, Threshold, type Doors } from './threshold';

const PATH = '/join/strategy-circle';

/** Where a visitor joins the Strategy Circle, and is logged in at once (docs/decisions/0007). */
export function joinDoor(doors: Doors, language: Language): Router {
  const { wall, clock, limits, grantJoined, joining } = doors;
  const router = Router({ caseSensitive: true, strict: true });
  const door = new Threshold(doors, language, {
    view: 'accounts/join',
    path: PATH,
    noindex: false,
    page: async (one, state) => joinPage(one, state, await doors.joined(one)),
  });

  router
    .route(PATH)
    .all(nothingInTheAddress)
    .get((req, _res, go) => {
      if (isReading(req)) joining('begun', door.nextOf(req.query['next']));
      go();
    }, door.open)
    .post(sessionsAtHand, readForm, async (req, res) => {
      const body = readJoin(req.body);
      const state = { next: door.nextOf(body.next), typed: { name: body.name, email: body.email } };
      const understood = understandJoin(body, language.say('site.name'));
      if ('wrong' in understood) return door.show(req, res, 422, { ...state, wrong: understood.wrong });
      const { name, email, password } = understood.values;
      const knock = await door.knockOf(req, email);
      const wait = await limits.tryJoin(knock);
      if (wait !== null) return door.wait(req, res, wait, state);

      const made = await join(
        wall,
        grantJoined,
        { name, email, passwordHash: await hashPassword(password), lang: language.code },
        clock.now(),
      );
      if (made) {
        joining('done', state.next);
        return door.enter(req, res, { ...made, secondFactor: false }, state.next);
      }

      // The address has an account: its owner may have forgotten that, and is let in as by the other door.
      const waitToTry = await limits.tryPassword(knock);
      if (waitToTry !== null) return door.wait(req, res, waitToTry, state);
      const account = await proveAccount(wall, email, password);
      if (!account) {
        await tellOwner(wall, email);
        return door.show(req, res, 422, { ...state, refused: { key: 'join.refused' } });
      }
      await limits.forgive(knock);
      await door.enter(req, res, account, state.next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
