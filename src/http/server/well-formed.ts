import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import { Failure } from '../../lib/failure';

/**
 * Header fields of which a request has one (RFC 9110, 5.3). Node takes the first of several, and a proxy before us may
 * have taken another.
 */
const SINGLE = new Set(['host', 'authorization', 'content-type', 'origin']);

/**
 * Lets nothing in that can be understood in two ways: a header field given twice that there is once (400), a target of
 * a form that no reader sends (400). The target of a proxy (`http://…/path`; RFC 9112, 3.2.2: a server must take it)
 * becomes what any other request has, and a fragment, which is none of a server's business, is cut off: so a page has
 * one address.
 */
export function wellFormed(next: RequestListener): RequestListener {
  return (req, res) => {
    const target = req.url === '*' && req.method === 'OPTIONS' ? req.url : targetOf(req.url ?? '');
    if (target === null || repeatsSingle(req.rawHeaders)) return refuse(req, res);
    req.url = target;
    next(req, res);
  };
}

/** A target in origin form (RFC 9112, 3.2.1); null for what is none and does not lead to one. */
function targetOf(target: string): string | null {
  const fragment = target.indexOf('#');
  const whole = fragment === -1 ? target : target.slice(0, fragment);
  if (whole.startsWith('/')) return whole;
  const rest = /^https?:\/\/[^/?]+(.*)$/i.exec(whole)?.[1];
  if (rest === undefined) return null;
  return rest.startsWith('/') ? rest : `/${rest}`;
}

function repeatsSingle(rawHeaders: readonly string[]): boolean {
  let seen: Set<string> | undefined;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const { length } = rawHeaders[at]!;
    // Nearly all are told from these by their length.
    if (length !== 4 && length !== 6 && length !== 12 && length !== 13) continue;
    const name = rawHeaders[at]!.toLowerCase();
    if (!SINGLE.has(name)) continue;
    if (seen?.has(name)) return true;
    (seen ??= new Set()).add(name);
  }
  return false;
}

/** What follows on such a connection may be understood in two ways as well. */
function refuse(_req: IncomingMessage, res: ServerResponse): void {
  res.writeHead(400, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  res.end('400 Bad Request\n');
}

/** Half of a character, and the character zero: neither is written by anybody, and Postgres keeps none. */
const NO_TEXT = /[\0\p{Cs}]/u;

/** Can this be text that somebody has written? */
export const isText = (text: string): boolean => !NO_TEXT.test(text);

/**
 * Refuses an address with the character zero in it (400), wherever it stands. Bytes that are no UTF-8 become U+FFFD in
 * a query.
 */
export const noZeros: RequestHandler = (req, _res, next) => {
  next(hasZero(req.originalUrl) ? new Failure(400, 'a character zero in the address') : undefined);
};

/** Is there a character zero in a request's target? */
export const hasZero = (target: string): boolean => target.includes('%00');
