import { Router } from 'express';
import type { PageParts } from '../hosted/frame';
import { customerRoutes } from './customers';
import { objectRoutes } from './objects';
import { overviewRoutes } from './overview';
import { subscriptionRoutes } from './subscriptions';
import { webhookRoutes } from './webhooks';

/** `/sandbox`, the dashboard: everything there is, and everything that can happen, by hand. */
export function controlRoutes(parts: PageParts): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(
    overviewRoutes(parts),
    subscriptionRoutes(parts),
    customerRoutes(parts),
    webhookRoutes(parts),
    objectRoutes(parts),
  );
  return router;
}
