import helmet from 'helmet';
import type { RequestHandler, Response } from 'express';

const POLICY =
  "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; " +
  "frame-ancestors 'none'; object-src 'none'";

const headers = helmet({
  contentSecurityPolicy: false,
  strictTransportSecurity: false,
  referrerPolicy: { policy: 'same-origin' },
  crossOriginResourcePolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
  xXssProtection: false,
});

/** The security headers of every page of the sandbox: nothing foreign, no script at all, never kept. */
export const pageHeaders: RequestHandler = (req, res, next) => {
  formsMayLeadTo(res, []);
  res.setHeader('Cache-Control', 'no-store');
  headers(req, res, next);
};

/**
 * Lets the forms of this page end at these addresses too: a browser refuses a form whose answer redirects anywhere the
 * policy does not name, and a paid checkout goes back to the shop.
 */
export function formsMayLeadTo(res: Response, addresses: readonly (string | null | undefined)[]): void {
  const origins = new Set(addresses.flatMap((address) => originOf(address) ?? []));
  res.setHeader('Content-Security-Policy', `${POLICY}; form-action ${["'self'", ...origins].join(' ')}`);
}

function originOf(address: string | null | undefined): string | null {
  if (!address || !URL.canParse(address)) return null;
  const { protocol, origin } = new URL(address);
  return protocol === 'http:' || protocol === 'https:' ? origin : null;
}
