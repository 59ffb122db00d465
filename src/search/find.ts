import type { Viewer } from '../access/viewer';
import { BANDS } from '../briefings/confidence';
import { movedOrganizationFor } from '../briefings/organizations';
import { openTo } from '../briefings/reading/cards';
import { toEnum } from '../briefings/vocabulary';
import { startOfDay } from '../lib/local-time';
import type { WallTransaction } from '../stores/postgres/wall';
import type { SearchQuery } from './forms';
import type { Term } from './terms';

/** Briefings that are looked through for facets and pages; of more, the newest (the oldest, where these come first). */
export const MOST_FOUND = 1_000;

/** What was found: ids in order, and whether there are more than are counted. */
export interface SearchResults {
  readonly ids: readonly string[];
  readonly more: boolean;
}

/** The moment a year begins. */
export const startOfYear = (year: number, zone: string): Date | null => startOfDay(`${year}-01-01`, zone);

/** The filters of an address, as Postgres is asked for them. */
function narrowedTo(
  { category, type, domain, impact, region, band, organization, year }: SearchQuery['filters'],
  zone: string,
) {
  const { from: low, to: high } = BANDS.find(({ name }) => name === band) ?? {};
  const enumOf = (slug: string | undefined) => slug && toEnum(slug);
  return {
    ...{ category, region, organization, low, high },
    ...{ type: enumOf(type), domain: enumOf(domain), impact: enumOf(impact) },
    since: year && startOfYear(Number(year), zone),
    until: year && startOfYear(Number(year) + 1, zone),
  };
}

/** A search as `wall.search` takes it. @param among ids: is it asked of these alone? */
export const askedOf = (
  terms: readonly Term[],
  { filters, sort }: Pick<SearchQuery, 'filters' | 'sort'>,
  { code: lang, zone }: { readonly code: string; readonly zone: string },
  among?: readonly string[],
): string => JSON.stringify({ ...narrowedTo(filters, zone), terms, lang, sort, most: MOST_FOUND + 1, among });

/** The same filters under the slug that an organization has now, as far as this viewer meets a briefing of it. */
export async function presentFilters(
  db: WallTransaction,
  viewer: Viewer,
  filters: SearchQuery['filters'],
): Promise<SearchQuery['filters']> {
  const { organization } = filters;
  const moved = organization === undefined ? null : await movedOrganizationFor(db, viewer, organization);
  return moved === null ? filters : { ...filters, organization: moved };
}

/**
 * The briefings that a viewer finds: by texts they may read, among briefings that are there for them. Postgres answers
 * by the rank it was signed (`wall.search`); the rule is asked once more, as in every list.
 * @param around the language that words are typed in, and the time zone of years
 */
export async function findBriefings(
  db: WallTransaction,
  viewer: Viewer,
  terms: readonly Term[],
  { filters, sort }: Pick<SearchQuery, 'filters' | 'sort'>,
  { code: lang, zone }: { readonly code: string; readonly zone: string },
): Promise<SearchResults> {
  const asked = askedOf(terms, { filters, sort }, { code: lang, zone });
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT briefing_id::text AS id FROM wall.search(${asked}::jsonb) ORDER BY place`;
  const ids = rows.slice(0, MOST_FOUND).map(({ id }) => id);
  const open = await db.briefing.findMany({
    where: { id: { in: ids }, AND: await openTo(db, viewer) },
    select: { id: true },
  });
  const there = new Set(open.map(({ id }) => id));
  return { ids: ids.filter((id) => there.has(id)), more: rows.length > MOST_FOUND };
}

/**
 * For the words that this viewer finds nothing with, those alike that they do find something with; a word that there is
 * none for is left out.
 */
export async function suggestWords(
  db: WallTransaction,
  terms: readonly Term[],
  lang: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const words = terms.filter(({ mode, not }) => mode !== 'phrase' && !not).map(({ text }) => text);
  const rows = await db.$queryRaw<{ typed: string; word: string }[]>`
    SELECT t.typed, s.word FROM unnest(${words}::text[]) WITH ORDINALITY t (typed, place),
      LATERAL wall.search_suggestions(t.typed, ${lang}) WITH ORDINALITY s (word, likeness)
    WHERE NOT EXISTS (SELECT FROM wall.search(jsonb_build_object(
      'lang', ${lang}::text, 'most', 1, 'terms', jsonb_build_array(
        jsonb_build_object('text', t.typed, 'mode', 'word')))))
    ORDER BY t.place, s.likeness`;
  const found = new Map<string, string[]>();
  for (const { typed, word } of rows) found.set(typed, [...(found.get(typed) ?? []), word]);
  return found;
}
