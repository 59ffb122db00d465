import { Router } from 'express';
import { z } from 'zod';
import { visitor } from '../access/viewer';
import { authorPath, categoryPath, organizationPath } from '../briefings/reading/cards';
import { onlyMethods } from '../http/errors';
import type { CachedPages, PageRequest } from '../http/cache/cached-pages';
import { pageNumber } from '../http/cache/page-address';
import { frontHead, type SiteContext } from '../http/site-context';
import { notFound } from '../lib/failure';
import { unmarked } from '../lib/marked';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { atomOf } from './atom';
import { feedOf, type Feed } from './entries';
import { jsonFeedOf } from './json-feed';
import { readAuthorFeed, readFeed, readOrganizationFeed, type ReadFeed } from './queries';

export interface FeedParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

/** The formats of a feed, by the last part of its address. */
export const FORMATS = [
  { file: 'feed.xml', type: 'application/atom+xml; charset=utf-8', write: atomOf },
  { file: 'feed.json', type: 'application/feed+json; charset=utf-8', write: jsonFeedOf },
] as const;

const KNOWN = { page: pageNumber };
export const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });

/**
 * What is new, for programs that follow it: `/feed.xml` and `/feed.json`, of all briefings, of each category, each
 * organization and each author. They say what a visitor reads, whoever asks.
 */
export function feedRoutes(parts: FeedParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const { file, type, write } of FORMATS) {
    const all = parts.cachedPages.handler(KNOWN, (request) =>
      makeFeed(parts, language, request, null, file, type, write),
    );
    router.route(`/${file}`).get(all).all(onlyMethods('GET', 'HEAD'));
    const ofCategory = parts.cachedPages.handler(KNOWN, (request) => {
      const slug = slugOf.safeParse(request.params).data?.slug;
      if (slug === undefined) throw notFound('category');
      return makeFeed(parts, language, request, slug, file, type, write);
    });
    router.route(`/categories/:slug/${file}`).get(ofCategory).all(onlyMethods('GET', 'HEAD'));
    const ofOrganization = parts.cachedPages.handler(KNOWN, async ({ params, values }) => {
      const slug = slugOf.safeParse(params).data?.slug;
      const page = Number(values.page || 1);
      const read = slug === undefined ? null : await readOrganizationFeed(parts.wall, visitor, slug, page);
      if (!read) throw notFound('feed');
      if ('movedTo' in read) return { movedTo: `${organizationPath(language, read.movedTo)}/${file}` };
      return writeFeed(parts, language, read, `/organizations/${slug}/${file}`, type, write);
    });
    const ofAuthor = parts.cachedPages.handler(KNOWN, async ({ params, values }) => {
      const slug = slugOf.safeParse(params).data?.slug;
      const read =
        slug === undefined ? null : await readAuthorFeed(parts.wall, visitor, slug, Number(values.page || 1));
      if (!read) throw notFound('feed');
      if ('movedTo' in read) return { movedTo: `${authorPath(language, read.movedTo)}/${file}` };
      return writeFeed(parts, language, read, `/authors/${slug}/${file}`, type, write);
    });
    router.route(`/authors/:slug/${file}`).get(ofAuthor).all(onlyMethods('GET', 'HEAD'));
    router.route(`/organizations/:slug/${file}`).get(ofOrganization).all(onlyMethods('GET', 'HEAD'));
  }
  return router;
}

/** @throws Failure 404 where there is no such category, or no such page of the feed. */
async function makeFeed(
  parts: FeedParts,
  language: Language,
  { values }: PageRequest<typeof KNOWN>,
  slug: string | null,
  file: string,
  type: string,
  write: (feed: Feed) => string,
) {
  const read = await readFeed(parts.wall, visitor, slug, Number(values.page || 1));
  if (!read) throw notFound('feed');
  if ('movedTo' in read) return { movedTo: `${categoryPath(language, read.movedTo)}/${file}` };
  const path = slug === null ? `/${file}` : `/categories/${slug}/${file}`;
  return writeFeed(parts, language, read, path, type, write);
}

function writeFeed(
  { site }: FeedParts,
  language: Language,
  read: ReadFeed,
  path: string,
  type: string,
  write: (feed: Feed) => string,
) {
  const subtitle = unmarked(frontHead(site, language).description ?? '') || null;
  return { type, text: write(feedOf(read, { language, publicUrl: site.publicUrl, path, subtitle })) };
}
