import type { IncomingMessage, OutgoingHttpHeaders, RequestListener, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import type { CachedPage, PageCache } from './page-cache';
import { carriesSession } from '../sessions';
import { hasZero } from '../server/well-formed';

/**
 * Answers from the finished pages before Express is asked. A request with a session is not the front desk's:
 * whoever carries one may read more, and that must be proved first.
 */
export function serveFromCache(pages: PageCache, https: boolean, app: RequestListener): RequestListener {
  return (req, res) => {
    if (
      (req.method === 'GET' || req.method === 'HEAD') &&
      !carriesSession(req.headers.cookie, https) &&
      req.headers.authorization === undefined &&
      req.url !== undefined &&
      !hasZero(req.url)
    ) {
      const page = pages.find(req.url, 'visitor');
      if (page) return sendCached(req, res, page);
    }
    app(req, res);
  };
}

/** Characters of a list in a header that are looked at: those of browsers are much shorter. */
const LONGEST = 500;

/**
 * Sends a finished page: in the encoding asked for, or as 304 when the reader has these very bytes (RFC 9110, 13.1.2).
 */
export function sendCached(req: IncomingMessage, res: ServerResponse, page: CachedPage): void {
  const headers: OutgoingHttpHeaders = { ...page.headers, etag: page.etag };
  page.sent?.(req);
  if (hasAlready(req, page.etag)) {
    const { 'content-type': _type, ...others } = headers;
    res.writeHead(304, others);
    res.end();
    return;
  }
  const encoding = encodingFor(req);
  const body = encoding === 'br' ? page.brotli : encoding === 'gzip' ? page.gzip : page.plain;
  res.writeHead(200, {
    ...headers,
    ...(encoding ? { 'Content-Encoding': encoding } : {}),
    'Content-Length': body.length,
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}

/**
 * Sends a public page to somebody whose session could not be proved. Before a gate that is not the page they may
 * have asked for, so it is 503, with the public text; elsewhere it is all there is.
 */
export function sendUnverified(req: IncomingMessage, res: ServerResponse, page: CachedPage): void {
  res.writeHead(page.gated ? 503 : 200, {
    ...page.headers,
    'cache-control': 'private, no-store',
    ...(page.gated ? { 'retry-after': '10' } : {}),
    'content-length': page.plain.length,
  });
  res.end(req.method === 'HEAD' ? undefined : page.plain);
}

/**
 * Does the reader's validator name these very bytes? `no-cache` beside it asks for this very check (RFC 9111, 5.2.1.4),
 * so, other than for the package `fresh`, it is no reason to send them again.
 */
export function hasAlready({ headers }: IncomingMessage, etag: string): boolean {
  const given = headers['if-none-match'];
  // The quotes are part of a validator, so one that stands in the list is one of the list, weak or not.
  return given !== undefined && (given.trim() === '*' || given.includes(etag));
}

/** The encoding of ours that is preferred, the smallest of several; null: as it is (RFC 9110, 12.5.3). */
function encodingFor({ headers }: IncomingMessage): 'br' | 'gzip' | null {
  const given = String(headers['accept-encoding'] ?? '').slice(0, LONGEST);
  const asked = new Negotiator({ headers: { 'accept-encoding': given } });
  const [best] = asked.encodings(['br', 'gzip', 'identity'], { preferred: ['br', 'gzip'] });
  return best === 'br' || best === 'gzip' ? best : null;
}
