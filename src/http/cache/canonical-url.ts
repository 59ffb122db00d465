import type { RequestHandler } from 'express';

/**
 * Every page has one address: lower case, no slash at the end, none doubled, no letter, digit, `-`, `_` or `~` written
 * as an escape (RFC 3986, 6.2.2). Others lead there for good (308 keeps the method, 301 is what old readers of a GET
 * understand). Only the path is touched; a query stays as it is.
 */
export const redirectToCanonical: RequestHandler = (req, res, next) => {
  const [path = '', ...query] = req.originalUrl.split('?');
  if (path.startsWith('/assets/')) return next();
  const one = path
    .replace(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '')
    .replace(/%[0-9a-f]{2}|[A-Z]/gi, (part) => (part.startsWith('%') ? plainOf(part) : part.toLowerCase()));
  // A backslash would be read as a slash by browsers: never send one back as the start of an address.
  if (one === path || /[\\]|%5c|%(?![0-9a-f]{2})/i.test(path)) return next();
  const target = query.length > 0 ? `${one}?${query.join('?')}` : one;
  res.redirect(req.method === 'GET' || req.method === 'HEAD' ? 301 : 308, target);
};

/** An escape, or the character it stands for where that needs none. */
function plainOf(escape: string): string {
  const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
  return /[\w~-]/.test(character) ? character.toLowerCase() : escape;
}
