import { Router } from 'express';
import { z } from 'zod';
import { organizationPath } from '../briefings/reading/cards';
import { categoryNav } from '../briefings/reading/category-nav';
import { onlyMethods } from '../http/errors';
import type { CachedPages, MadePage, PageRequest } from '../http/cache/cached-pages';
import { pageNumber } from '../http/cache/page-address';
import { type SiteContext } from '../http/site-context';
import { layoutOf } from '../http/layout/page-layout';
import { notFound } from '../lib/failure';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { describeOrganization, organizationPage } from './pages';
import { readOrganization } from './queries';

export interface OrganizationParts {
  readonly site: SiteContext;
  readonly wall: Wall;
  readonly cachedPages: CachedPages;
}

const KNOWN = { page: pageNumber };

const slugOf = z.object({ slug: z.string().regex(/^[a-z0-9-]{1,80}$/) });

/** The page of an organization in one language. */
export function organizationRoutes(parts: OrganizationParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/organizations/:slug')
    .get(parts.cachedPages.handler(KNOWN, (request) => makeOrganizationPage(parts, language, request)))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function makeOrganizationPage(
  { site, wall }: OrganizationParts,
  language: Language,
  { params, values, reader: { viewer, audience, atDesk } }: PageRequest<typeof KNOWN>,
): Promise<MadePage | { readonly movedTo: string }> {
  const slug = slugOf.safeParse(params).data?.slug;
  const number = Number(values.page || 1);
  const around = { code: language.code, shape: site.shape.current };
  const read = slug === undefined ? null : await readOrganization(wall, viewer, slug, number, around);
  if (!read) throw notFound('organization');
  if ('movedTo' in read) return { movedTo: organizationPath(language, read.movedTo, number) };
  const { name, page } = read;
  const view = organizationPage(read, language);
  const at = `/organizations/${read.slug}`;
  const layout = layoutOf(site, language, {
    title: page > 1 ? language.say('paging.title', { title: name, page }) : name,
    description: view.description?.text ?? language.say('organization.description', { name }),
    path: `${at}${page > 1 ? `?page=${page}` : ''}`,
    nav: await categoryNav(site, viewer, language),
    audience,
    feedsOf: at,
    edit: atDesk ? `/desk${at}` : null,
    jsonLd: describeOrganization(read, view),
  });
  const gated = read.briefings.some(({ locked }) => locked.length > 0);
  return { view: 'organizations/organization', layout, page: view, gated };
}
