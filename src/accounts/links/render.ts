import type { Request, RequestHandler, Response } from 'express';
import { audienceOf } from '../../http/audience';
import { type SiteContext } from '../../http/site-context';
import { layoutOf } from '../../http/layout/page-layout';
import { respond } from '../../http/respond';
import type { Language } from '../../lib/language';
import { noticePage, type LinkPage, type Notice } from './pages';

/**
 * Shows the pages behind links: never kept, and without a word to any other page about the address, which holds a token
 * (ASVS 14.2.1).
 */
export interface LinkPages {
  form(req: Request, res: Response, path: string, page: LinkPage, status?: number): Promise<void>;
  notice(
    req: Request,
    res: Response,
    path: string,
    key: string,
    link: Notice['links'][number],
    status?: number,
  ): Promise<void>;
  /** The link is spent, too old, replaced, cut off or never was one: all alike. */
  over(req: Request, res: Response, way: Notice['links'][number]): Promise<void>;
}

export function openLinkPages(site: SiteContext, language: Language): LinkPages {
  const show = async (
    req: Request,
    res: Response,
    view: string,
    path: string,
    page: LinkPage | Notice,
    status: number,
  ) => {
    const layout = layoutOf(site, language, {
      title: page.heading,
      path,
      next: null,
      noindex: true,
      audience: audienceOf(res.locals.reader),
    });
    res.status(status);
    await respond(req, res, view, { layout, page });
  };
  return {
    form: (req, res, path, page, status = 200) => show(req, res, 'accounts/link', path, page, status),
    notice: (req, res, path, key, link, status = 200) =>
      show(req, res, 'notice', path, noticePage(language, key, link), status),
    over: (req, res, way) => show(req, res, 'notice', '/', noticePage(language, 'link.over', way), 410),
  };
}

/** For every page whose address may hold a token. */
export const quiet: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  next();
};
