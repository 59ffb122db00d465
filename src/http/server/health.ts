import { Router } from 'express';
import { onlyMethods } from '../errors';

/** What must be true before this process may be sent readers: each says null, or in a few words what is wrong. */
export type Readiness = Readonly<Record<string, () => Promise<string | null>>>;

/**
 * `/healthz`: the process lives. `/readyz`: its stores answer and take writes, and the migrations are applied; 503 with
 * the names of what does not hold. `missed` is named there as well and makes nobody unready: it is what pages do
 * without, and no other process would have it either. Neither says versions, addresses or causes (ASVS 13.4.6).
 */
export function healthRoutes(readiness: Readiness, missed: Readiness = {}): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(['/healthz', '/readyz'], (_req, res, next) => {
    res.setHeader('Cache-Control', 'no-store');
    next();
  });
  router
    .route('/healthz')
    .get((_req, res) => {
      res.json({ status: 'alive' });
    })
    .all(onlyMethods('GET', 'HEAD'));
  router
    .route('/readyz')
    .get(async (_req, res) => {
      const [needed, optional] = await Promise.all([readiness, missed].map(runChecks));
      const ready = needed!.every(([, answer]) => answer === 'ready');
      res
        .status(ready ? 200 : 503)
        .json({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries([...needed!, ...optional!]) });
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

function runChecks(checks: Readiness): Promise<(readonly [name: string, answer: string])[]> {
  return Promise.all(
    Object.entries(checks).map(
      async ([name, check]) => [name, (await check().catch(() => 'does not answer')) ?? 'ready'] as const,
    ),
  );
}
