import { Router } from 'express';
import { onlyMethods } from '../../http/errors';
import { clearSessionCookie } from '../../http/sessions';
import type { Language } from '../../lib/language';
import { logOut } from './end-session';
import type { AuthParts } from '../auth-pages';

/** The way out: a form on every page of a member, never a link. */
export function logoutRoutes(parts: AuthParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/logout')
    .post(async (req, res) => {
      clearSessionCookie(res, parts.https);
      await logOut(parts, req);
      // Not "cookies": that would forget the known device, and with it the owner's own counter of tries.
      res.setHeader('Clear-Site-Data', '"cache", "storage"');
      res.redirect(303, language.prefix || '/');
    })
    .all(onlyMethods('POST'));
  return router;
}
