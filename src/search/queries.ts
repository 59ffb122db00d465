import type { Viewer } from '../access/viewer';
import type { Wall } from '../stores/postgres/wall';
import { loadFacets, type Facets } from './facets';
import { findBriefings, presentFilters, suggestWords } from './find';
import type { SearchQuery } from './forms';
import type { BriefingShape } from '../site/shape/shape';
import { loadHits, type Hit } from './hits';
import { findSnippets, type Segment, type SnippetOf } from './snippets';
import type { Term } from './terms';

/** A hit with the pieces of its texts that hold what was looked for, as the page or the API shows them. */
export interface FoundBriefing extends Hit {
  readonly title: readonly Segment[] | null;
  readonly summary: readonly Segment[] | null;
  readonly snippets: readonly { readonly of: Hit['texts'][number]; readonly segments: readonly Segment[] }[];
}

export interface SearchResult {
  readonly found: readonly FoundBriefing[];
  /** Briefings on all pages together, at most `MOST_FOUND`. */
  readonly total: number;
  /** Are there more than are counted? */
  readonly more: boolean;
  readonly pages: number;
  /** What was narrowed to, under the slugs of now. */
  readonly filters: SearchQuery['filters'];
  readonly facets: Facets;
  readonly suggestions: ReadonlyMap<string, readonly string[]>;
}

export const SEARCH_PAGE_SIZE = 10;
/** Pieces of a briefing that are shown beside its title and summary. */
const SNIPPETS = 2;

/**
 * One page of what a viewer finds; null when there is no such page. Everything in it comes from what this viewer may
 * read: what finds a briefing, its order, the counts, the pieces that are shown and the words that are proposed.
 * @param around the language to prefer, the publication's time zone, and what a briefing is made of
 */
export function readSearch(
  wall: Wall,
  viewer: Viewer,
  terms: readonly Term[],
  query: SearchQuery,
  { code, zone, shape }: { readonly code: string; readonly zone: string; readonly shape: BriefingShape },
): Promise<SearchResult | null> {
  return wall.read(viewer, async (db) => {
    const filters = await presentFilters(db, viewer, query.filters);
    const { ids, more } = await findBriefings(db, viewer, terms, { filters, sort: query.sort }, { code, zone });
    const pages = Math.max(1, Math.ceil(ids.length / SEARCH_PAGE_SIZE));
    if (query.page > pages) return null;
    const shown = ids.slice((query.page - 1) * SEARCH_PAGE_SIZE, query.page * SEARCH_PAGE_SIZE);
    const hits = await loadHits(db, viewer, shown, shape);
    const places = hits.map((hit) => placesOf(hit, code));
    const snippets = await findSnippets(db, terms, places.flat());
    let at = 0;
    return {
      found: hits.map((hit, index) => {
        const own = snippets.slice(at, (at += places[index]!.length));
        return withSnippets(hit, own, code);
      }),
      total: ids.length,
      more,
      pages,
      filters,
      facets: await loadFacets(db, ids, { code, zone }),
      suggestions: ids.length === 0 && terms.length > 0 ? await suggestWords(db, terms, code) : new Map(),
    };
  });
}

/** The title and the summary as the card says them, then every other text. */
function placesOf({ card, texts }: Hit, code: string): SnippetOf[] {
  const [title, summary] = shownOf(card, code);
  return [
    { ...title, whole: true },
    { ...summary, whole: true },
    ...texts.map(({ words, lang }) => ({ words, lang, whole: false })),
  ];
}

/** In which words a card says a field: by the same order as the card (`LocaleFallback`). */
function shownOf({ editions, originalLang }: Hit['card'], code: string) {
  const inOrder = [code, originalLang, ...editions.map(({ lang }) => lang).sort()];
  return (['title', 'summary'] as const).map((field) => {
    for (const lang of inOrder) {
      const words = editions.find((one) => one.lang === lang)?.[field];
      if (words) return { words, lang };
    }
    return { words: '', lang: code };
  }) as [Omit<SnippetOf, 'whole'>, Omit<SnippetOf, 'whole'>];
}

/** The pieces that are shown: those in the reader's language first, one of each sort of text. */
function withSnippets(
  hit: Hit,
  [title = null, summary = null, ...others]: readonly (readonly Segment[] | null)[],
  code: string,
): FoundBriefing {
  const all = hit.texts.flatMap((of, index) => (others[index] ? [{ of, segments: others[index] }] : []));
  const inOrder = [...all.filter(({ of }) => of.lang === code), ...all.filter(({ of }) => of.lang !== code)];
  const sortOf = ({ of }: Hit['texts'][number]) => (typeof of === 'string' ? of : of.kind);
  const first = inOrder.filter(
    ({ of }, index) => inOrder.findIndex((other) => sortOf(other.of) === sortOf(of)) === index,
  );
  return { ...hit, title, summary, snippets: first.slice(0, SNIPPETS) };
}
