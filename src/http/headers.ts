import helmet from 'helmet';
import type { RequestHandler, Response } from 'express';

/**
 * The security headers of every answer (ASVS 5.0: 3.4.1, 3.4.3 to 3.4.6, 3.4.8). Scripts, styles and fonts come
 * from our own origin as files; nothing inline, nothing foreign, no framing. `https` also asks browsers to stay there.
 */
export function securityHeaders(https: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        objectSrc: ["'none'"],
        ...(https ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    referrerPolicy: { policy: 'strict-origin-when-cross-origin' },
    strictTransportSecurity: https ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    xFrameOptions: { action: 'deny' },
    xXssProtection: false,
  });
}

/** Of an answer whose address proves something: it is kept nowhere, found nowhere, and told to nobody. */
export const unmentioned: RequestHandler = (_req, res, next) => {
  res.set({
    'Cache-Control': 'private, no-store',
    'X-Robots-Tag': 'noindex',
    'Referrer-Policy': 'no-referrer',
  });
  next();
};

/**
 * Lets the forms on this one page lead to these origins too: whoever sends one is sent on to a page to pay on, and a
 * browser holds a form to `form-action` through every redirect (CSP 3, 6.4.1).
 */
export function formsMayLeadTo(res: Response, origins: readonly string[]): void {
  const policy = String(res.getHeader('Content-Security-Policy') ?? '');
  res.setHeader(
    'Content-Security-Policy',
    policy.replace(/form-action [^;]*/, (own) => [own, ...origins].join(' ')),
  );
}
