import { Prisma } from '../stores/prisma/client';
import {
  accumulated,
  bucketOf,
  sortInMemory,
  limiter,
  type Series,
  type SeriesRow,
  type Stretch,
} from '../stores/postgres/series';
import type { WallTransaction } from '../stores/postgres/wall';

/**
 * How many accounts a grant let read at each tier, at the end of each bucket: each account at the highest tier it held.
 */
export async function readMembers(
  db: WallTransaction,
  range: Stretch,
  tiers: readonly { readonly slug: string; readonly rank: number }[],
): Promise<Series> {
  const { now } = range;
  await sortInMemory(db);
  const steps = tiers.filter(({ rank }) => rank > 0).sort((a, b) => b.rank - a.rank);
  const found = new Map<string, readonly number[]>();
  let above: readonly number[] = range.buckets.map(() => 0);
  for (const { slug, rank } of steps) {
    const held = Prisma.sql`
      SELECT account_id AS who, "from" AS a,
        least(coalesce(until, 'infinity'), coalesce(revoked_at, 'infinity')) AS z
      FROM grants WHERE tier_slug IN (SELECT slug FROM tiers WHERE rank >= ${rank})`;
    const rows = await db.$queryRaw<SeriesRow[]>`
      WITH ${limiter(held, now)}
      SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, 'all' AS name, sum(n)::int AS n FROM turns GROUP BY 1`;
    const upwards = accumulated(range, rows).get('all') ?? range.buckets.map(() => 0);
    found.set(
      slug,
      upwards.map((value, place) => value - above[place]!),
    );
    above = upwards;
  }
  return found;
}
