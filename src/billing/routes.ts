import { Router } from 'express';
import type { Language } from '../lib/language';
import { overviewRoutes } from './account/overview';
import { cancelRoutes } from './account/cancel';
import { invoiceRoutes } from './account/invoice-links';
import { joinDoneRoutes } from './checkout/join-done';
import { joinRoutes } from './checkout/join';
import { planRoutes } from './account/plan';
import { portalRoutes } from './account/portal';
import { pricingRoutes, type PricingParts } from './checkout/pricing';
import type { BillingPageParts } from './pages';

/** Everything a reader meets of billing: the prices, the way to pay, and the section where it all stands. */
export function billingRoutes(parts: BillingPageParts & PricingParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(pricingRoutes(parts, language));
  for (const routes of [
    joinDoneRoutes,
    joinRoutes,
    overviewRoutes,
    planRoutes,
    cancelRoutes,
    invoiceRoutes,
    portalRoutes,
  ])
    router.use(routes(parts, language));
  return router;
}
