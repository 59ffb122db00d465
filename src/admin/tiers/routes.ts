import { Router } from 'express';
import type { Language } from '../../lib/language';
import { matrixRoutes } from '../matrix/routes';
import { tierListRoutes } from './list';
import { tierActionRoutes } from './action-routes';
import type { TierParts } from './parts';
import { tierPriceRoutes } from './price';
import { tierTextsRoutes } from './texts';

/** The gate matrix and the tiers: what opens for whom, what each tier says of itself, what it costs. */
export function tierRoutes(parts: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const routes of [matrixRoutes, tierListRoutes, tierTextsRoutes, tierPriceRoutes, tierActionRoutes])
    router.use(routes(parts, language));
  return router;
}
