import type { WallTransaction } from '../stores/postgres/wall';
import { startOfYear } from './find';
import type { Filter } from './forms';

/** How many of what was found have a value. */
export interface FacetCount {
  readonly value: string;
  readonly count: number;
  /** What a row says of it itself, by language; '' where it is the same in all. Empty: the pages have words for it. */
  readonly names: ReadonlyMap<string, string>;
}

export type Facets = Readonly<Record<Filter, readonly FacetCount[]>>;

interface FacetRow {
  readonly facet: Filter;
  readonly value: string;
  readonly n: number;
  readonly lang: string | null;
  readonly name: string | null;
}

/**
 * What these briefings can be narrowed to, each with how many of them there are: public columns, read as the viewer.
 * @param around the language in which regions are named where they have a name in it, and the time zone of years
 */
export async function loadFacets(
  db: WallTransaction,
  ids: readonly string[],
  { code, zone }: { readonly code: string; readonly zone: string },
): Promise<Facets> {
  const given = [...ids];
  const rows = await db.$queryRaw<FacetRow[]>`
    WITH found AS MATERIALIZED (SELECT b.* FROM briefings b WHERE b.id = ANY (${given}::uuid[])),
    counted AS (
      SELECT 'category' AS facet, category_slug AS value, count(*)::int AS n FROM found GROUP BY 2
      UNION ALL SELECT 'type', replace(type::text, '_', '-'), count(*)::int FROM found GROUP BY 2
      UNION ALL SELECT 'domain', replace(domain::text, '_', '-'), count(*)::int FROM found GROUP BY 2
      UNION ALL SELECT 'impact', replace(impact::text, '_', '-'), count(*)::int FROM found GROUP BY 2
      UNION ALL SELECT 'band', (confidence * 100)::int::text, count(*)::int FROM found GROUP BY 2
      UNION ALL SELECT 'year', (${FIRST_YEAR - 1}::int + width_bucket(published_at,
        ${yearsIn(zone)}::text[]::timestamptz[]))::text, count(*)::int FROM found GROUP BY 2
      UNION ALL SELECT 'organization', k.organization_slug, count(*)::int
        FROM linked_organizations k WHERE k.briefing_id = ANY (${given}::uuid[]) GROUP BY 2
      UNION ALL SELECT 'region', f.value, count(*)::int FROM (
        SELECT DISTINCT ON (f.briefing_id) f.value FROM facts f JOIN found b ON b.id = f.briefing_id
        WHERE f.kind::text = 'region' AND f.value <> ''
        ORDER BY f.briefing_id, f.lang = ${code} DESC, f.lang = b.original_lang DESC, f.lang) f GROUP BY 2
    )
    SELECT c.facet, c.value, c.n, t.lang, coalesce(t.name, o.name) AS name FROM counted c
    LEFT JOIN category_texts t ON c.facet = 'category' AND t.category_slug = c.value
    LEFT JOIN organizations o ON c.facet = 'organization' AND o.slug = c.value
    ORDER BY c.facet, c.n DESC, c.value, t.lang`;
  return gather(rows);
}

/** The years that the filter of an address takes (`forms.ts`). */
const [FIRST_YEAR, LAST_YEAR] = [1900, 2199];
const kept = new Map<string, readonly string[]>();

/** When each of them begins. Postgres is told so, and not the zone: it may know fewer of them than this machine. */
function yearsIn(zone: string): readonly string[] {
  const known = kept.get(zone);
  if (known) return known;
  const years = Array.from({ length: LAST_YEAR - FIRST_YEAR + 1 }, (_, n) => startOfYear(FIRST_YEAR + n, zone)!);
  const starts = years.map((at) => at.toISOString());
  kept.set(zone, starts);
  return starts;
}

function gather(rows: readonly FacetRow[]): Facets {
  const facets: Record<Filter, Map<string, { value: string; count: number; names: Map<string, string> }>> = {
    category: new Map(),
    type: new Map(),
    domain: new Map(),
    impact: new Map(),
    region: new Map(),
    band: new Map(),
    organization: new Map(),
    year: new Map(),
  };
  for (const { facet, value, n, lang, name } of rows) {
    const known = facets[facet].get(value) ?? { value, count: n, names: new Map<string, string>() };
    if (name !== null) known.names.set(lang ?? '', name);
    facets[facet].set(value, known);
  }
  return Object.fromEntries(
    Object.entries(facets).map(([facet, counts]) => [facet, [...counts.values()]]),
  ) as unknown as Facets;
}
