import { Router } from 'express';
import type { Language } from '../../lib/language';
import { acceptRoutes } from '../accept/routes';
import { dataRoutes, deletedRoutes } from './data';
import { feedRoutes } from './feed';
import { membershipRoutes } from './membership';
import { ownerOnly } from './owner';
import type { AccountParts } from './parts';
import { profileRoutes } from './profile';
import { securityRoutes } from './security';
import { tokenRoutes } from './tokens';

/** The pages of an account, and the one that says it is deleted. */
export function ownRoutes(parts: AccountParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(deletedRoutes(parts, language));
  router.use('/account', parts.keepForm(language), ownerOnly(language));
  const sections = [membershipRoutes, profileRoutes, securityRoutes, feedRoutes, tokenRoutes, dataRoutes, acceptRoutes];
  for (const routes of sections) router.use(routes(parts, language));
  return router;
}
