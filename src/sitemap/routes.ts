import { Router } from 'express';
import { onlyMethods } from '../http/errors';
import type { CachedPages } from '../http/cache/cached-pages';
import { NO_PARAMETERS, pageNumber } from '../http/cache/page-address';
import type { SiteContext } from '../http/site-context';
import { notFound } from '../lib/failure';
import type { Wall } from '../stores/postgres/wall';
import { llmsText } from './llms-text';
import { readBriefings, readCategories, readSections } from './queries';
import { indexXml, pagesXml, type MappedPage } from './xml';

export interface SitemapParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

const XML = 'application/xml; charset=utf-8';

/** The map of all pages, for programs that look for them. It says what a visitor may read, whoever asks. */
export function sitemapRoutes(parts: SitemapParts): Router {
  const { cachedPages } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const get = (path: string, handler: ReturnType<CachedPages['handler']>) =>
    router.route(path).get(handler).all(onlyMethods('GET', 'HEAD'));
  get(
    '/sitemap.xml',
    cachedPages.handler(NO_PARAMETERS, () => makeIndex(parts)),
  );
  get(
    '/sitemap-sections.xml',
    cachedPages.handler(NO_PARAMETERS, () => makeSections(parts)),
  );
  get(
    '/sitemap-briefings.xml',
    cachedPages.handler({ page: pageNumber }, ({ values }) => makeBriefings(parts, values.page)),
  );
  get(
    '/llms.txt',
    cachedPages.handler(NO_PARAMETERS, () => makeLlmsText(parts)),
  );
  return router;
}

/** @throws Failure 404 where the publisher wants nothing to be found, or no program to answer from it. */
async function makeLlmsText({ site, wall }: SitemapParts) {
  wanted(site);
  if (site.settings.current.discovery.aiCrawlers === 'refused') throw notFound('text');
  return { type: 'text/plain; charset=utf-8', text: llmsText(site, await readCategories(wall)) };
}

/** @throws Failure 404 where the publisher wants nothing to be found. */
function wanted({ settings }: SiteContext): void {
  if (!settings.current.discovery.indexed) throw notFound('map');
}

async function makeIndex({ site, wall }: SitemapParts) {
  wanted(site);
  const { pages } = await readSections(wall);
  const briefings = Array.from(
    { length: pages },
    (_, at) => `/sitemap-briefings.xml${at > 0 ? `?page=${at + 1}` : ''}`,
  );
  const files = ['/sitemap-sections.xml', ...briefings].map((path) => new URL(path, site.publicUrl).href);
  return { type: XML, text: indexXml(files) };
}

async function makeSections({ site, wall }: SitemapParts) {
  wanted(site);
  const { categories, authors } = await readSections(wall);
  const paths = ['/', ...categories.map((slug) => `/categories/${slug}`), ...authors.map((slug) => `/authors/${slug}`)];
  const pages = paths.map((path): MappedPage => ({ path, languages: site.languages.all, changedAt: null }));
  const own = site.pages.all
    .filter(({ slug }) => slug !== 'questions')
    .map(({ slug, titles, publishedAt }): MappedPage => {
      const real = site.languages.all.filter(({ code }) => titles[code] !== undefined);
      const languages = real.length > 0 ? real : [site.languages.first];
      return { path: `/${slug}`, languages, changedAt: publishedAt };
    });
  return { type: XML, text: pagesXml([...pages, ...own], site.publicUrl) };
}

async function makeBriefings({ site, wall }: SitemapParts, page: string) {
  wanted(site);
  const briefings = await readBriefings(wall, Number(page || 1));
  if (!briefings) throw notFound('map');
  const pages = briefings.map(({ slug, changedAt, langs }): MappedPage => {
    const real = site.languages.all.filter(({ code }) => langs.includes(code));
    return { path: `/briefings/${slug}`, languages: real.length > 0 ? real : [site.languages.first], changedAt };
  });
  return { type: XML, text: pagesXml(pages, site.publicUrl) };
}
