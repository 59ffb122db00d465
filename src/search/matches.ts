import type { Viewer } from '../access/viewer';
import { openTo } from '../briefings/reading/cards';
import { Failure } from '../lib/failure';
import type { WallTransaction } from '../stores/postgres/wall';
import { askedOf } from './find';
import { parseSearch, searchPath, type SearchQuery } from './forms';
import { parseTerms } from './terms';

/** A search that is kept: what stands behind `/search?`, and the language its words were typed in. */
export interface SavedSearch {
  readonly query: string;
  readonly lang: string;
}

/** What is kept of a search: neither its order nor its page. Empty: it looks for nothing. */
export function savedQuery({ q, filters, tooLong }: SearchQuery): string {
  if (tooLong || (parseTerms(q).length === 0 && Object.keys(filters).length === 0)) return '';
  return searchPath('', { q, filters }).replace(/^\/search\??/, '');
}

/** The same as it was asked; null: it is none that can be asked (any more). @throws what is no fault of the query. */
export function readSavedQuery(query: string): SearchQuery | null {
  try {
    return parseSearch(Object.fromEntries(new URLSearchParams(query)));
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

/**
 * Which of these briefings each search finds, for this viewer at this moment: the page of the search would show them
 * just these. So no text that they may not read decides anything.
 * @param zone the time zone of years
 * @returns ids, in the order of the searches
 */
export async function matchSearches(
  db: WallTransaction,
  viewer: Viewer,
  searches: readonly SavedSearch[],
  briefingIds: readonly string[],
  zone: string,
): Promise<readonly (readonly string[])[]> {
  const open = await db.briefing.findMany({
    where: { id: { in: [...briefingIds] }, AND: await openTo(db, viewer) },
    select: { id: true },
  });
  const among = open.map(({ id }) => id);
  if (among.length === 0 || searches.length === 0) return searches.map(() => []);
  const asked = searches.map(({ query, lang }) => {
    const read = readSavedQuery(query);
    if (read === null || savedQuery(read) === '') return null;
    return askedOf(parseTerms(read.q), { filters: read.filters, sort: 'newest' }, { code: lang, zone }, among);
  });
  const rows = await db.$queryRaw<{ place: number; id: string }[]>`
    SELECT a.place::int, s.briefing_id::text AS id
    FROM unnest(${asked}::text[]) WITH ORDINALITY a (asked, place), LATERAL wall.search(a.asked::jsonb) s
    WHERE a.asked IS NOT NULL`;
  const found = new Map<number, string[]>();
  for (const { place, id } of rows) found.set(place - 1, [...(found.get(place - 1) ?? []), id]);
  return searches.map((_one, at) => found.get(at) ?? []);
}
