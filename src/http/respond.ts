import type { Application, Request, Response } from 'express';
import { markedHtml } from '../lib/marked';
import type { Layout } from './layout/layout';

/**
 * Renders a template and answers with it, for whoever asked and nobody else. Pages that are kept go by cached-pages.ts.
 */
export async function respond(
  _req: Request,
  res: Response,
  view: string,
  locals: { readonly layout: Layout; readonly page: object },
): Promise<void> {
  const html = await render(res.app, view, locals);
  res.vary('Accept-Encoding, Cookie');
  res.setHeader('Cache-Control', 'private, no-store');
  res.type('html').send(html);
}

/** A template with what it prints, and with nothing else. */
export function render(app: Pick<Application, 'render'>, view: string, locals: object): Promise<string> {
  return new Promise((resolve, reject) => {
    app.render(view, locals, (error: Error | null, html) => (error ? reject(error) : resolve(markedHtml(html))));
  });
}
