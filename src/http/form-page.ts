import type { Request } from 'express';

/**
 * Where whoever has to log in first comes back to: the page they asked for; with a form the page of this section that
 * it stood on, as the browser says (RFC 9110, 10.1.3), or else the section. What stands behind the question mark is
 * left out: it may say what has just been done.
 * @param section the path of the section with its language, `/es/desk`; no other address is ever returned for a form.
 */
export function formPage(req: Pick<Request, 'method' | 'originalUrl' | 'get'>, section: string): string {
  if (req.method === 'GET' || req.method === 'HEAD') return req.originalUrl.split('?')[0]!;
  const referer = req.get('Referer') ?? '';
  const path = URL.canParse(referer) ? new URL(referer).pathname : '';
  return path === section || path.startsWith(`${section}/`) ? path : section;
}
