import { Prisma } from '../prisma/client';
import type { WallTransaction } from './wall';

// What happens over time, as Postgres counts it: day by day or month by month, by where each of them begins.

/** A stretch of time in equal pieces, named by their first days (`2026-11-25`). */
export interface Stretch {
  readonly step: 'day' | 'month';
  readonly from: Date;
  /** Up to which it is counted. */
  readonly now: Date;
  readonly buckets: readonly { readonly key: string; readonly from: Date }[];
}

/** Values by name, one for each bucket of a range. */
export type Series = ReadonlyMap<string, readonly number[]>;

/** What changed in a bucket, the first of which is 1; what was before the range is 0. */
export interface SeriesRow {
  readonly at: number;
  readonly name: string;
  readonly n: number;
}

/**
 * The bucket of a moment. Postgres is told where each begins, and not by which time zone: it may know fewer of them,
 * and other changes of their clocks.
 */
export const bucketOf = ({ buckets }: Stretch, at: Prisma.Sql): Prisma.Sql =>
  Prisma.sql`width_bucket(${at}, ${buckets.map(({ from }) => from.toISOString())}::text[]::timestamptz[])`;

/** Each bucket's own sum. */
export function perBucket({ buckets }: Stretch, rows: readonly SeriesRow[]): Map<string, number[]> {
  const all = new Map<string, number[]>();
  for (const { at, name, n } of rows) {
    const values = all.get(name) ?? buckets.map(() => 0);
    if (at > 0) values[at - 1]! += n;
    all.set(name, values);
  }
  return all;
}

/** What there is at the end of each bucket, from all that changed until then. */
export function accumulated(range: Stretch, rows: readonly SeriesRow[]): Map<string, number[]> {
  const before = new Map<string, number>();
  for (const { at, name, n } of rows) if (at === 0) before.set(name, (before.get(name) ?? 0) + n);
  return new Map(
    [...perBucket(range, rows)].map(([name, changes]) => {
      let sum = before.get(name) ?? 0;
      return [name, changes.map((change) => (sum += change))];
    }),
  );
}

/**
 * Lets what a transaction sorts stay in memory: a sum over everybody would go by way of the disk otherwise, and take
 * twice as long.
 */
export async function sortInMemory(db: Pick<WallTransaction, '$queryRaw'>): Promise<void> {
  await db.$queryRaw`SELECT set_config('work_mem', '64MB', true)`;
}

/**
 * When each `who` of `held` (who, a, z: from a moment up to another) begins and ends to hold anything at all, however
 * its stretches overlap: `n` is 1 or -1, `again` says that they had held something before.
 */
export const limiter = (held: Prisma.Sql, now: Date): Prisma.Sql => Prisma.sql`
  stretches AS (
    SELECT a, max(z) OVER (PARTITION BY who ORDER BY a, z ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
      max(z) OVER (PARTITION BY who ORDER BY a, z ROWS UNBOUNDED PRECEDING) AS so_far, lead(a) OVER (PARTITION BY who
        ORDER BY a, z) AS next
    FROM (${held}) h WHERE z > a),
  turns AS (
    SELECT a AS at, 1 AS n, before IS NOT NULL AS again FROM stretches WHERE (before IS NULL OR before < a)
      AND a <= ${now}
    UNION ALL SELECT so_far, -1, false FROM stretches WHERE (next IS NULL OR next > so_far) AND so_far <= ${now})`;
