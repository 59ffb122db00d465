import type { WallTransaction } from '../../stores/postgres/wall';

/**
 * How many briefings stand in each category, as the list of the desk counts them: by the working copy where there is
 * one.
 */
export async function countBriefings(db: WallTransaction): Promise<ReadonlyMap<string, number>> {
  const rows = await db.$queryRaw<{ slug: string; n: number }[]>`
    SELECT coalesce(c.category_slug, b.category_slug) AS slug, count(*)::int AS n
    FROM briefings b LEFT JOIN briefings c ON c.copy_of = b.id WHERE b.copy_of IS NULL GROUP BY 1`;
  return new Map(rows.map(({ slug, n }) => [slug, n]));
}
