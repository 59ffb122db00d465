import { Router } from 'express';
import { onlyMethods } from '../http/errors';

/** `/sandbox`: leads to the sandbox's dashboard, on its own port. For development alone. */
export function sandboxRoutes(sandboxUrl: string): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/sandbox')
    .get((_req, res) => {
      res.setHeader('Cache-Control', 'no-store');
      res.redirect(302, `${sandboxUrl}/sandbox`);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}
