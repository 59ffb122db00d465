import type { RequestHandler } from 'express';
import type { Logger } from '../../lib/log';

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace
  namespace Express {
    interface Locals {
      /** Forwarded headers arrive at this process, and TRUST_PROXY says that no proxy stands before it. */
      forwardedIgnored?: boolean;
    }
  }
}

/** What proxies add to a request to say whom it came from (RFC 7239, and what was usual before it). */
const FORWARDED = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'x-real-ip'];

/**
 * Notices that a proxy stands before a process that was told of none: all readers then share its address, and with it
 * the limits of one. Said loudly in the log once, and to every page from then on (`res.locals.forwardedIgnored`).
 */
export function noticeForwarded(trustProxy: number, log: Pick<Logger, 'error'>): RequestHandler {
  if (trustProxy > 0) return (_req, _res, next) => next();
  let noticed = false;
  return (req, res, next) => {
    const header = noticed ? undefined : FORWARDED.find((name) => req.headers[name] !== undefined);
    if (header !== undefined) {
      noticed = true;
      log.error(
        { header },
        'TRUST_PROXY is 0, but forwarded headers arrive. If a proxy stands before Dossier, all readers share ' +
          'its address ' +
          'and are limited as one: set TRUST_PROXY to the number of proxies.',
      );
    }
    res.locals.forwardedIgnored = noticed;
    next();
  };
}
