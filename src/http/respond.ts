import type { Request, Response } from 'express';
import { finish, type FinishedPage, type PageStore } from './page-store';
import { sendFinished } from './front-desk';
import type { Layout } from './layout';

/**
 * Public answers must be asked for again each time (the validator makes that cheap): the same address opens more
 * after joining and less after an unpublishing, at once.
 */
const REVALIDATE = 'public, no-cache';

/**
 * Renders a template and answers with it. With `keep` the finished page stays for the next reader of the same
 * rank; only pages that depend on nothing but address and rank may be kept.
 */
export async function respond(
  req: Request,
  res: Response,
  view: string,
  locals: { readonly layout: Layout; readonly page: object },
  keep?: { readonly pages: PageStore; readonly rank: number; readonly begun: number },
): Promise<void> {
  const html = await render(res, view, locals);
  res.vary('Accept-Encoding, Cookie');
  res.setHeader('Cache-Control', keep?.rank === 0 ? REVALIDATE : 'private, no-store');
  res.type('html');
  if (!keep) {
    res.send(html);
    return;
  }
  const page: FinishedPage = await finish(html, { ...res.getHeaders() });
  keep.pages.keep(req.originalUrl, keep.rank, page, keep.begun);
  sendFinished(req, res, page);
}

export function render(res: Response, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    res.render(view, locals, (error: Error | null, html) => (error ? reject(error) : resolve(html)));
  });
}
