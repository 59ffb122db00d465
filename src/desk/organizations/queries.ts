import { TEMPORARY_KEY } from '../../briefings/content';
import { wholeOrganization, type OrganizationRow } from '../../briefings/organizations';
import type { WallTransaction } from '../../stores/postgres/wall';

export const ORGANIZATIONS_AT_ONCE = 50;
export const ORGANIZATION_SORTS = ['name', 'briefings'] as const;

/** Which organizations the list shows, and in which order. */
export interface OrganizationsQuery {
  /** In a name, an address or an identifier; null: all. */
  readonly q: string | null;
  readonly sort: (typeof ORGANIZATION_SORTS)[number];
  /** From one. */
  readonly page: number;
}

/** An organization, and how many briefings are linked to it as readers or the desk have them. */
export interface ListedOrganization {
  readonly row: OrganizationRow;
  readonly briefings: number;
}

/** One page of the organizations, without those that are still being typed. */
export async function findOrganizations(
  db: WallTransaction,
  { q, sort, page }: OrganizationsQuery,
): Promise<{ readonly all: readonly ListedOrganization[]; readonly total: number; readonly pages: number }> {
  // A space finds every kind of space, as in the list of briefings.
  const like = q === null ? null : `%${q.replace(/[\\%_]/g, '\\$&').replaceAll(' ', '_')}%`;
  const found = await db.$queryRaw<{ slug: string; briefings: number }[]>`
    SELECT o.slug, (count(b.id) FILTER (WHERE b.copy_of IS NULL))::int AS briefings
    FROM organizations o
    LEFT JOIN linked_organizations k ON k.organization_slug = o.slug
    LEFT JOIN briefings b ON b.id = k.briefing_id
    WHERE NOT starts_with(o.slug, ${TEMPORARY_KEY}) AND (${like}::text IS NULL OR o.name ILIKE ${like}
      OR o.slug ILIKE ${like} OR o.lei ILIKE ${like} OR o.wikidata ILIKE ${like})
    GROUP BY o.slug, o.name
    ORDER BY CASE WHEN ${sort} = 'briefings' THEN count(b.id) FILTER (WHERE b.copy_of IS NULL) END DESC,
      lower(o.name), o.slug`;
  const shown = found.slice((page - 1) * ORGANIZATIONS_AT_ONCE, page * ORGANIZATIONS_AT_ONCE);
  const rows = await db.organization.findMany({
    where: { slug: { in: shown.map(({ slug }) => slug) } },
    include: wholeOrganization,
  });
  return {
    all: shown.flatMap(({ slug, briefings }) => {
      const row = rows.find((one) => one.slug === slug);
      return row ? [{ row, briefings }] : [];
    }),
    total: found.length,
    pages: Math.max(1, Math.ceil(found.length / ORGANIZATIONS_AT_ONCE)),
  };
}
