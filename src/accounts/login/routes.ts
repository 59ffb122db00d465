import { Router } from 'express';
import { attemptsOf } from '../../http/attempts';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { openJoinPath } from '../../http/site-context';
import type { Language } from '../../lib/language';
import { readLogin, validateLogin } from '../forms';
import { loginPage } from '../pages';
import { openPassport } from './passport';
import { refuseCredentialsInQuery, requireSessions, AuthPages, type AuthParts } from '../auth-pages';

/** Where a member logs in with e-mail and password. */
export function loginFormRoutes(auth: AuthParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const authenticate = openPassport(auth.wall);
  const door = new AuthPages(auth, language, {
    view: 'accounts/login',
    path: () => '/login',
    noindex: true,
    page: (one, state) => loginPage(one, state, openJoinPath(auth.site)),
  });

  router
    .route('/login')
    .all(refuseCredentialsInQuery)
    .get(door.open)
    .post(requireSessions, formBody, async (req, res) => {
      const body = readLogin(req.body);
      const state = { next: door.nextOf(body.next), typed: { email: body.email } };
      const understood = validateLogin(body);
      if ('wrong' in understood) return door.show(req, res, 422, { ...state, wrong: understood.wrong });
      const attempt = await door.attemptOf(req, understood.values.email);
      const wait = await auth.limits.tryPassword(attempt, attemptsOf(res));
      if (wait !== null) return door.showLimited(req, res, wait, state);
      const account = await authenticate(req, res);
      if (!account) return door.show(req, res, 422, { ...state, refused: { key: 'login.wrong', doubted: true } });
      await auth.limits.forgive(attempt);
      await door.logIn(req, res, account, state.next);
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));
  return router;
}
