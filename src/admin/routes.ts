import { Router } from 'express';
import type { Language } from '../lib/language';
import { keepFormInput } from '../membership/login-ended';
import { auditRoutes } from './audit/routes';
import { invitationActionRoutes } from './invitations/action-routes';
import { inviteRoutes } from './invitations/invite';
import { staffListRoutes } from './invitations/list';
import { letterRoutes } from './letters/routes';
import { memberActionRoutes } from './members/action-routes';
import { ACTIONS } from './members/actions';
import { memberListRoutes } from './members/list';
import { memberRoutes } from './members/member-routes';
import { numbersRoutes } from './numbers/routes';
import type { AdminParts } from './parts';
import { staffOnly } from './staff';
import { subscriberListRoutes } from './subscribers/list';
import { subscriberActionRoutes } from './subscribers/act';

/** The admin sections: who may read and why, what is done about it, and what was done. */
export function adminRoutes(parts: AdminParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(
    '/admin',
    keepFormInput({ site: parts.site, wall: parts.wall, section: '/admin' }, language),
    staffOnly(language),
  );
  for (const routes of [memberListRoutes, numbersRoutes, auditRoutes]) router.use(routes(parts, language));
  for (const routes of [staffListRoutes, inviteRoutes, invitationActionRoutes]) router.use(routes(parts, language));
  for (const routes of [subscriberListRoutes, subscriberActionRoutes, letterRoutes])
    router.use(routes(parts, language));
  for (const action of ACTIONS) router.use(memberActionRoutes(parts, action, language));
  router.use(memberRoutes(parts, language));
  return router;
}
