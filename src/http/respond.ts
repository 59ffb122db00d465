import type { Request, Response } from 'express';
import { buildCachedPage, type Audience, type CachedPage, type PageCache } from './page-cache';
import { sendCached, sendUnverified } from './front-desk';
import type { Layout } from './layout';

/**
 * Public answers must be asked for again each time (the validator makes that cheap): the same address opens more
 * after joining and less after an unpublishing, at once.
 */
const REVALIDATE = 'public, no-cache';

/**
 * Renders a template and answers with it. With `keep` the finished page stays for the next reader of the same
 * audience; only pages that depend on nothing but address and audience may be kept.
 */
export async function respond(
  req: Request,
  res: Response,
  view: string,
  locals: { readonly layout: Layout; readonly page: object },
  keep?: {
    readonly pages: Pick<PageCache, 'put'>;
    readonly audience: Audience;
    readonly begun: number;
    readonly gated: boolean;
    readonly sent?: CachedPage['sent'];
  },
): Promise<void> {
  const html = await render(res, view, locals);
  res.vary('Accept-Encoding, Cookie');
  res.setHeader('Cache-Control', keep?.audience === 'visitor' ? REVALIDATE : 'private, no-store');
  res.type('html');
  if (!keep) {
    res.send(html);
    return;
  }
  // A cookie is for who asked now, also where it only takes an old one away: the page that is kept has none.
  const { 'set-cookie': _theirs, ...headers } = res.getHeaders();
  const page: CachedPage = await buildCachedPage(html, headers, keep.gated, keep.sent);
  keep.pages.put(req.originalUrl, keep.audience, page, keep.begun);
  if (keep.audience === 'unproved') sendUnverified(req, res, page);
  else sendCached(req, res, page);
}

export function render(res: Response, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    res.render(view, locals, (error: Error | null, html) => (error ? reject(error) : resolve(html)));
  });
}
