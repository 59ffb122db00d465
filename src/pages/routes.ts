import { Router, type RequestHandler } from 'express';
import { categoryNav } from '../briefings/reading/category-nav';
import { onlyMethods } from '../http/errors';
import { NO_PARAMETERS } from '../http/cache/page-address';
import type { CachedPages, MadePage, PageRequest } from '../http/cache/cached-pages';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import { languagesOf } from '../site/pages/content';
import { isAccepted } from '../site/pages/names';
import type { Wall } from '../stores/postgres/wall';
import { readPage, readVersions } from './queries';
import { describePage, ownPage, pagePath, versionRows } from './view';

export interface PageParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

type Making = PageRequest<typeof NO_PARAMETERS>;

/**
 * The publisher's own pages, each below the top of the site. Their routes come last, so no page takes the address of
 * anything else; an address that is no page's costs no store anything.
 */
export function pageRoutes(parts: PageParts, language: Language): Router {
  const { cachedPages, site } = parts;
  const router = Router({ caseSensitive: true, strict: true });
  const known: RequestHandler = ({ params }, _res, next) => {
    const slug = String(params['slug']);
    next(site.pages.find(slug) || site.pages.formerly(slug) !== null ? undefined : 'route');
  };
  const accepted: RequestHandler = ({ params }, _res, next) =>
    next(isAccepted(String(params['slug'])) ? undefined : 'route');

  router
    .route('/:slug')
    .get(
      known,
      cachedPages.handler(NO_PARAMETERS, (request) => makePage(parts, language, request)),
    )
    .all(known, onlyMethods('GET', 'HEAD'));
  router
    .route('/:slug/versions/:version')
    .get(
      accepted,
      cachedPages.handler(NO_PARAMETERS, (request) => makeVersion(parts, language, request)),
    )
    .all(accepted, onlyMethods('GET', 'HEAD'));
  return router;
}

async function makePage(
  { site, wall }: PageParts,
  language: Language,
  { params, reader: { viewer, audience, atDesk } }: Making,
): Promise<MadePage | { readonly movedTo: string }> {
  const slug = String(params['slug']);
  const now = site.pages.formerly(slug);
  if (now !== null && !site.pages.find(slug)) return { movedTo: pagePath(language, now) };
  // Its words stand on the page of prices.
  if (slug === 'questions') return { movedTo: `${language.prefix}/pricing#questions` };
  const read = await readPage(wall, viewer, slug);
  if (!read) throw notFound('page');
  const { id, content, version, publishedAt, pictures } = read;
  const versions = version === null ? [] : await readVersions(wall, viewer, slug);
  const facts = {
    slug,
    publishedAt,
    warning: site.pages.find(slug)?.sample ? { text: language.say('page.sample'), link: null } : null,
    versions: versionRows(slug, versions, version, language),
  };
  const page = ownPage(content, facts, language, pictures);
  const layout = layoutOf(site, language, {
    title: page.title.text,
    description: page.description?.text ?? null,
    path: `/${slug}`,
    languages: languagesOf(content),
    nav: await categoryNav(site, viewer, language),
    audience,
    rank: viewer.rank,
    jsonLd: describePage(content, facts, page, language, site.publicUrl),
    edit: atDesk ? `/desk/pages/${id}` : null,
  });
  return { view: 'pages/page', layout, page };
}

/** What a version said; it stays at its address whatever comes after it. */
async function makeVersion(
  { site, wall }: PageParts,
  language: Language,
  { params, reader: { viewer, audience } }: Making,
): Promise<MadePage> {
  const slug = String(params['slug']);
  const { say } = language;
  const versions = await readVersions(wall, viewer, slug);
  const read = versions.find(({ version }) => String(version) === params['version']);
  if (!read) throw notFound('a version of a page');
  const there = site.pages.find(slug) !== null;
  const link = there ? { label: say('page.version.present'), href: pagePath(language, slug) } : null;
  const page = ownPage(
    read.content,
    {
      slug,
      publishedAt: read.publishedAt,
      warning: read.until === null && there ? null : { text: say('page.version.former', { n: read.version }), link },
      versions: versionRows(slug, versions, read.version, language),
    },
    language,
    read.pictures,
  );
  const layout = layoutOf(site, language, {
    title: say('page.version.title', { title: page.title.text, n: read.version }),
    description: page.description?.text ?? null,
    path: `/${slug}/versions/${read.version}`,
    languages: languagesOf(read.content),
    nav: await categoryNav(site, viewer, language),
    audience,
    rank: viewer.rank,
    noindex: true,
  });
  return { view: 'pages/page', layout, page };
}
