import { Router } from 'express';
import type { Language } from '../lib/language';
import { roomRoutes } from './billing-room';
import { cancelRoutes } from './cancel';
import { invoiceRoutes } from './invoice-ways';
import { joinDoneRoutes } from './join-done';
import { joinRoutes } from './join';
import { planRoutes } from './plan';
import { portalRoutes } from './portal';
import { pricingRoutes, type PricingParts } from './pricing';
import type { BillingRooms } from './rooms';

/** Everything a reader meets of billing: the prices, the way to pay, and the room where it all stands. */
export function billingRoutes(parts: BillingRooms & PricingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(pricingRoutes(parts, language));
  for (const routes of [joinDoneRoutes, joinRoutes, roomRoutes, planRoutes, cancelRoutes, invoiceRoutes, portalRoutes])
    router.use(routes(parts, language));
  return router;
}
