import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import Negotiator from 'negotiator';
import type { CachedPage, Encoded, Form } from './cached-page';
import type { CacheAudience, PageCache } from './page-cache';
import { carriesSession } from '../sessions';
import { hasZero } from '../server/well-formed';

export interface FrontDesk {
  readonly pages: PageCache;
  readonly https: boolean;
  /** Whom the session cookie of this request proves by what is known here; null where that must be asked. */
  readonly sessions: { audienceOf(req: IncomingMessage): CacheAudience | null };
  /** Is told of each page that is sent from here. */
  readonly sent: () => void;
}

/**
 * Answers from the finished pages before Express is asked: to visitors, and to members of whom this process can prove
 * now, without asking, that the login they show is open and how far they read. Everything else takes the long way.
 */
export function serveFromCache({ pages, https, sessions, sent }: FrontDesk, app: RequestListener): RequestListener {
  return (req, res) => {
    if (
      (req.method === 'GET' || req.method === 'HEAD') &&
      req.headers.authorization === undefined &&
      req.url !== undefined &&
      !hasZero(req.url)
    ) {
      const audience = carriesSession(req.headers.cookie, https) ? sessions.audienceOf(req) : 'visitor';
      const page = audience && pages.find(req.url, audience);
      if (page) {
        sent();
        return sendCached(req, res, page);
      }
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
  page.sent?.(req);
  if (hasAlready(req, page.etag)) {
    res.writeHead(304, page.notModified);
    res.end();
    return;
  }
  const encoded = page.in(formFor(req.headers['accept-encoding'] ?? ''));
  if (encoded instanceof Promise) void encoded.then((made) => sendEncoded(req, res, made));
  else sendEncoded(req, res, encoded);
}

function sendEncoded(req: IncomingMessage, res: ServerResponse, { head, bytes }: Encoded): void {
  // Whoever asked may have gone while it was compressed.
  if (res.headersSent || res.destroyed) return;
  res.writeHead(200, head);
  res.end(req.method === 'HEAD' ? undefined : bytes);
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

/** Wishes that were understood before: those of browsers are few. */
const understood = new Map<string, Form>();
const MOST_UNDERSTOOD = 200;

/** The encoding of ours that is preferred, the smallest of several (RFC 9110, 12.5.3). */
function formFor(accepted: string): Form {
  const known = understood.get(accepted);
  if (known !== undefined) return known;
  const given = accepted.slice(0, LONGEST);
  const asked = new Negotiator({ headers: { 'accept-encoding': given } });
  const [best] = asked.encodings(['br', 'gzip', 'identity'], { preferred: ['br', 'gzip'] });
  const form = best === 'br' ? 'brotli' : best === 'gzip' ? 'gzip' : 'plain';
  if (accepted.length <= LONGEST && understood.size < MOST_UNDERSTOOD) understood.set(accepted, form);
  return form;
}
