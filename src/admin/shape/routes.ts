import { Router } from 'express';
import type { Language } from '../../lib/language';
import { wordActionRoutes } from './action-routes';
import { shapeListRoutes } from './list';
import { wordMakeRoutes } from './make';
import { wordMoveRoutes } from './move';
import type { ShapeParts } from './parts';
import { wordRenameRoutes } from './rename';

/** The section of what a briefing is made of. */
export function shapeRoutes(parts: ShapeParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const routes of [shapeListRoutes, wordMakeRoutes, wordRenameRoutes, wordMoveRoutes, wordActionRoutes])
    router.use(routes(parts, language));
  return router;
}
