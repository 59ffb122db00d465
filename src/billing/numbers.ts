import { Prisma } from '../stores/prisma/client';
import {
  accumulated,
  bucketOf,
  perBucket,
  sortInMemory,
  limiter,
  type Series,
  type SeriesRow,
  type Stretch,
} from '../stores/postgres/series';
import type { WallTransaction } from '../stores/postgres/wall';

/** The monthly recurring revenue at the end of each bucket, in cents, by tier and currency: slug, a space, `eur`. */
export async function readRevenue(db: WallTransaction, range: Stretch): Promise<Series> {
  const rows = await db.$queryRaw<SeriesRow[]>`
    SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, name, sum(n)::float8 AS n FROM (
      SELECT "from" AS at, tier_slug || ' ' || currency AS name, monthly_cents AS n FROM revenue_spans
      UNION ALL SELECT until, tier_slug || ' ' || currency, -monthly_cents FROM revenue_spans
        WHERE until IS NOT NULL) changes
    WHERE at <= ${range.now} GROUP BY 1, 2`;
  return accumulated(range, rows);
}

/**
 * How many began to pay for the first time (`new`), again after they had left (`recovered`), and left (`churned`), in
 * each bucket.
 */
export async function readTurnover(db: WallTransaction, range: Stretch): Promise<Series> {
  await sortInMemory(db);
  const held = Prisma.sql`SELECT customer_id AS who, "from" AS a, coalesce(until, 'infinity') AS z FROM revenue_spans`;
  const rows = await db.$queryRaw<SeriesRow[]>`
    WITH ${limiter(held, range.now)} SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, CASE WHEN n < 0 THEN 'churned'
      WHEN again THEN 'recovered' ELSE 'new' END AS name, count(*)::int AS n FROM turns GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/** How many joined in each bucket, and how many of these have paid by now. */
export async function readJoins(db: WallTransaction, range: Stretch): Promise<Series> {
  const rows = await db.$queryRaw<SeriesRow[]>`
    SELECT ${bucketOf(range, Prisma.sql`a.created_at`)} AS at, CASE WHEN p.account_id IS NULL THEN 'unpaid'
      ELSE 'paid' END AS name, count(*)::int AS n
    FROM accounts a LEFT JOIN (SELECT DISTINCT c.account_id FROM customers c JOIN revenue_spans s
      ON s.customer_id = c.id) p ON p.account_id = a.id
    WHERE a.created_at >= ${range.from} AND a.created_at <= ${range.now} GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/** What has become of the trials that began in each bucket: `paid`, `running` or `over`. */
export async function readTrials(db: WallTransaction, range: Stretch): Promise<Series> {
  const rows = await db.$queryRaw<SeriesRow[]>`
    SELECT ${bucketOf(range, Prisma.sql`s.started_at`)} AS at, n AS name, count(*)::int AS n FROM (
      SELECT started_at, CASE WHEN EXISTS (SELECT FROM revenue_spans r WHERE r.subscription_id = stripe_id) THEN 'paid'
        WHEN status = 'trialing' THEN 'running' ELSE 'over' END AS n
      FROM subscriptions WHERE trial_end > started_at AND started_at >= ${range.from} AND started_at <= ${range.now}) s
        GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/**
 * What has become of the payments that first failed in each bucket: `recovered`, `open` or `lost`, and their cents as
 * `failed eur` and `recovered eur`.
 */
export async function readPayments(db: WallTransaction, range: Stretch): Promise<Series> {
  const outcome = Prisma.sql`CASE status WHEN 'paid' THEN 'recovered' WHEN 'open' THEN 'open' ELSE 'lost' END`;
  const within = Prisma.sql`FROM invoices WHERE failed_at >= ${range.from} AND failed_at <= ${range.now}`;
  const at = bucketOf(range, Prisma.sql`failed_at`);
  return perBucket(range, [
    ...(await db.$queryRaw<
      SeriesRow[]
    >`SELECT ${at} AS at, ${outcome} AS name, count(*)::int AS n ${within} GROUP BY 1, 2`),
    ...(await db.$queryRaw<
      SeriesRow[]
    >`SELECT ${at} AS at, 'failed ' || currency AS name, sum(due_cents)::float8 AS n ${within} GROUP BY 1, 2`),
    ...(await db.$queryRaw<
      SeriesRow[]
    >`SELECT ${at} AS at, 'recovered ' || currency AS name, sum(paid_cents)::float8 AS n ${within} AND status = 'paid'
      GROUP BY 1, 2`),
  ]);
}

/** The first moment there is anything of, by what is kept for good. */
export async function readBeginning(db: WallTransaction): Promise<Date | null> {
  const [row] = await db.$queryRaw<
    { at: Date | null }[]
  >`SELECT least((SELECT min(created_at) FROM accounts), (SELECT min("from") FROM revenue_spans)) AS at`;
  return row?.at ?? null;
}
