import type { RequestHandler } from 'express';
import { Failure } from '../lib/failure';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Lets a request that may change something through only from our own pages (ASVS 3.5.1). Browsers say where a
 * request comes from in `Sec-Fetch-Site`; older ones in `Origin`. Whoever says neither is refused.
 */
export function requireOwnOrigin(publicUrl: string): RequestHandler {
  return (req, _res, next) => {
    if (SAFE.has(req.method)) return next();
    const site = req.get('Sec-Fetch-Site');
    const own = site === undefined ? req.get('Origin') === publicUrl : site === 'same-origin';
    next(own ? undefined : new Failure(403, `a ${req.method} from another origin`));
  };
}
