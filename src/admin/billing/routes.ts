import { Router } from 'express';
import type { Language } from '../../lib/language';
import { billingActionRoutes } from './action-routes';
import { ACTIONS } from './actions';
import { alarmRoutes } from './alarms/routes';
import { compareRoutes } from './compare';
import { driftRoutes } from './drift';
import { eventRoutes } from './inbox/event';
import { billingExportRoutes } from './exports';
import { inboxRoutes } from './inbox/routes';
import { memberBillingRoutes } from './member';
import { overviewRoutes } from './overview';
import type { AdminBillingParts } from './parts';
import { replayDeadRoutes } from './inbox/replay-dead';

/**
 * The billing section of the admins: what came in, what differs, what stands open, and what is done to a member's
 * payments.
 */
export function adminBillingRoutes(parts: AdminBillingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const routes of [
    overviewRoutes,
    alarmRoutes,
    inboxRoutes,
    eventRoutes,
    replayDeadRoutes,
    billingExportRoutes,
    driftRoutes,
    compareRoutes,
    memberBillingRoutes,
  ])
    router.use(routes(parts, language));
  for (const action of ACTIONS) router.use(billingActionRoutes(parts, action, language));
  return router;
}
