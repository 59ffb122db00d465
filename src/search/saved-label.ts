import { presentSlugs } from '../briefings/organizations';
import { openTo } from '../briefings/reading/cards';
import type { SiteContext } from '../http/site-context';
import type { Viewer } from '../access/viewer';
import type { Language } from '../lib/language';
import type { Wall } from '../stores/postgres/wall';
import { labelOf } from './facet-views';
import { FILTERS, searchPath, type SearchQuery } from './forms';

/** A kept search in words, and where it leads. */
export interface SavedSearchView {
  readonly label: string;
  readonly href: string;
}

/**
 * Kept searches in words. An organization and a category are called by their names as far as this viewer meets a
 * briefing of theirs, and by what stands in the address otherwise.
 */
export async function savedSearchViews(
  { wall, site }: { readonly wall: Wall; readonly site: SiteContext },
  viewer: Viewer,
  searches: readonly SearchQuery[],
  language: Language,
): Promise<readonly SavedSearchView[]> {
  const slugs = searches.flatMap(({ filters: { organization } }) => organization ?? []);
  const { organizations, moved } = await wall.read(viewer, async (db) => {
    const former = await presentSlugs(db, slugs);
    const present = slugs.map((slug) => former.get(slug) ?? slug);
    const rows = await db.organization.findMany({
      where: { slug: { in: present }, linked: { some: { briefing: await openTo(db, viewer) } } },
      select: { slug: true, name: true },
    });
    return { organizations: rows, moved: former };
  });
  const categories = await site.categories.openTo(viewer);
  const namesOf = (facet: string, value: string): ReadonlyMap<string, string> => {
    if (facet === 'organization') {
      const now = moved.get(value) ?? value;
      return new Map(organizations.filter(({ slug }) => slug === now).map(({ name }) => ['', name]));
    }
    const texts = facet === 'category' ? categories.find(({ slug }) => slug === value)?.texts : undefined;
    return new Map(texts?.map(({ lang, name }) => [lang, name]));
  };
  const { say } = language;
  return searches.map((search) => {
    const filters = FILTERS.flatMap((facet) => {
      const value = search.filters[facet];
      if (value === undefined) return [];
      const name = labelOf(facet, { value, names: namesOf(facet, value) }, language, site.shape.current);
      return [say('search.narrowed', { facet: say(`search.facet.${facet}`), name })];
    });
    return {
      label: [...(search.q === '' ? [] : [say('search.words', { words: search.q })]), ...filters].join(' · '),
      href: hrefOf(search, language),
    };
  });
}

/** An organization and a category have pages of their own. */
function hrefOf({ q, filters }: SearchQuery, { prefix }: Language): string {
  const given = FILTERS.filter((facet) => filters[facet] !== undefined);
  if (q === '' && given.length === 1) {
    if (filters.organization) return `${prefix}/organizations/${filters.organization}`;
    if (filters.category) return `${prefix}/categories/${filters.category}`;
  }
  return searchPath(prefix, { q, filters });
}
