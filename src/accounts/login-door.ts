import { Router } from 'express';
import { onlyMethods } from '../http/errors';
import type { Language } from '../lib/language';
import { readLogin, understandLogin } from './forms';
import { loginPage } from './pages';
import { openPassport } from './passport';
import { nothingInTheAddress, readForm, sessionsAtHand, Threshold, type Doors } from './threshold';

/** Where a member logs in with e-mail and password. */
export function loginDoor(doors: Doors, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const authenticate = openPassport(doors.wall);
  const door = new Threshold(doors, language, {
    view: 'accounts/login',
    path: '/login',
    noindex: true,
    page: loginPage,
  });

  router
    .route('/login')
    .all(nothingInTheAddress)
    .get(door.open)
    .post(sessionsAtHand, readForm, async (req, res) => {
      const body = readLogin(req.body);
      const state = { next: door.nextOf(body.next), typed: { email: body.email } };
      const understood = understandLogin(body);
      if ('wrong' in understood) return door.show(req, res, 422, { ...state, wrong: understood.wrong });
      const knock = await door.knockOf(req, understood.values.email);
      const wait = await doors.limits.tryPassword(knock);
      if (wait !== null) return door.wait(req, res, wait, state);
      const account = await authenticate(req, res);
      if (!account) return door.show(req, res, 422, { ...state, refused: { key: 'login.wrong', doubted: true } });
      await doors.limits.forgive(knock);
      await door.enter(req, res, account, state.next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
