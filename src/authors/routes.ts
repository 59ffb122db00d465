import { Router } from 'express';
import { z } from 'zod';
import { authorPath } from '../briefings/reading/cards';
import { categoryNav } from '../briefings/reading/category-nav';
import { onlyMethods } from '../http/errors';
import type { CachedPages, MadePage, PageRequest } from '../http/cache/cached-pages';
import { pageNumber } from '../http/cache/page-address';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import type { AuthorPage } from './page-types';
import { authorPage } from './pages';
import { readAuthor } from './queries';

export interface AuthorParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

const KNOWN = { page: pageNumber };
const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });

/** The page of an author in one language: who they are, and what they have written. */
export function authorRoutes(parts: AuthorParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/authors/:slug')
    .get(parts.cachedPages.handler(KNOWN, (request) => makeAuthorPage(parts, language, request)))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function makeAuthorPage(
  { site, wall }: AuthorParts,
  language: Language,
  { params, values, reader: { viewer, audience, atDesk } }: PageRequest<typeof KNOWN>,
): Promise<MadePage | { readonly movedTo: string }> {
  const slug = slugOf.safeParse(params).data?.slug;
  const number = Number(values.page || 1);
  const read = slug === undefined ? null : await readAuthor(wall, viewer, slug, number);
  if (!read) throw notFound('author');
  if ('movedTo' in read) return { movedTo: authorPath(language, read.movedTo, number) };
  const view = authorPage(read, site, language);
  const at = `/authors/${read.author.slug}`;
  const layout = layoutOf(site, language, {
    title: number > 1 ? language.say('paging.title', { title: view.name, page: number }) : view.name,
    description: view.line?.text ?? language.say('author.description', { name: view.name }),
    path: `${at}${number > 1 ? `?page=${number}` : ''}`,
    nav: await categoryNav(site, viewer, language),
    audience,
    feedsOf: at,
    edit: atDesk ? `/desk${at}` : null,
    jsonLd: describeAuthor(view, read.author.links, authorPath(language, read.author.slug), site.publicUrl),
  });
  return { view: 'authors/author', layout, page: view };
}

/** The author as schema.org `ProfilePage`. */
function describeAuthor(page: AuthorPage, links: readonly string[], path: string, publicUrl: string): object {
  return {
    '@context': 'https://schema.org',
    '@type': 'ProfilePage',
    mainEntity: {
      '@type': 'Person',
      name: page.name,
      url: new URL(path, publicUrl).href,
      ...(page.line ? { description: page.line.text } : {}),
      ...(page.picture ? { image: new URL(page.picture.src, publicUrl).href } : {}),
      ...(links.length > 0 ? { sameAs: links } : {}),
    },
  };
}
