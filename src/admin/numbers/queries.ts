import { Prisma } from '../../stores/prisma/client';
import type { Behind } from '../../stores/wall';
import type { Range } from './range';

/** Values by name, one for each bucket of a range. */
export type Series = ReadonlyMap<string, readonly number[]>;

/** What changed in a bucket, which is named by its first day; what was before the range is `before`. */
interface Row {
  readonly at: string;
  readonly name: string;
  readonly n: number;
}

/** The bucket of a moment. */
const bucketOf = ({ step, from }: Range, at: Prisma.Sql): Prisma.Sql => Prisma.sql`CASE WHEN ${at} < ${from} THEN 'before' ELSE to_char(date_trunc(${step}, ${at}, 'UTC') AT TIME ZONE 'UTC', 'YYYY-MM-DD') END`;

/** Each bucket's own sum. */
function perBucket({ buckets }: Range, rows: readonly Row[]): Map<string, number[]> {
  const places = new Map(buckets.map(({ key }, place) => [key, place]));
  const all = new Map<string, number[]>();
  for (const { at, name, n } of rows) {
    const place = places.get(at);
    const values = all.get(name) ?? buckets.map(() => 0);
    if (place !== undefined) values[place]! += n;
    all.set(name, values);
  }
  return all;
}

/** What there is at the end of each bucket, from all that changed until then. */
function standing(range: Range, rows: readonly Row[]): Map<string, number[]> {
  const before = new Map<string, number>();
  for (const { at, name, n } of rows) if (at === 'before') before.set(name, (before.get(name) ?? 0) + n);
  return new Map([...perBucket(range, rows)].map(([name, changes]) => {
    let sum = before.get(name) ?? 0;
    return [name, changes.map((change) => (sum += change))];
  }));
}

/**
 * When each `who` of `held` (who, a, z: from a moment up to another) begins and ends to hold anything at all, however its
 * stretches overlap: `n` is 1 or -1, `again` says that they had held something before.
 */
const turns = (held: Prisma.Sql, now: Date): Prisma.Sql => Prisma.sql`
  stretches AS (
    SELECT a, max(z) OVER (PARTITION BY who ORDER BY a, z ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before,
      max(z) OVER (PARTITION BY who ORDER BY a, z ROWS UNBOUNDED PRECEDING) AS so_far, lead(a) OVER (PARTITION BY who ORDER BY a, z) AS next
    FROM (${held}) h WHERE z > a),
  turns AS (
    SELECT a AS at, 1 AS n, before IS NOT NULL AS again FROM stretches WHERE (before IS NULL OR before < a) AND a <= ${now}
    UNION ALL SELECT so_far, -1, false FROM stretches WHERE (next IS NULL OR next > so_far) AND so_far <= ${now})`;

/** How many accounts a grant let read at each tier, at the end of each bucket: each account at the highest tier it held. */
export async function readMembers(db: Behind, range: Range, tiers: readonly { readonly slug: string; readonly rank: number }[]): Promise<Series> {
  const { now } = range;
  const steps = tiers.filter(({ rank }) => rank > 0).sort((a, b) => b.rank - a.rank);
  const found = new Map<string, readonly number[]>();
  let above: readonly number[] = range.buckets.map(() => 0);
  for (const { slug, rank } of steps) {
    const held = Prisma.sql`SELECT account_id AS who, "from" AS a, least(coalesce(until, 'infinity'), coalesce(revoked_at, 'infinity')) AS z FROM grants WHERE tier_slug IN (SELECT slug FROM tiers WHERE rank >= ${rank})`;
    const rows = await db.$queryRaw<Row[]>`WITH ${turns(held, now)} SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, 'all' AS name, sum(n)::int AS n FROM turns GROUP BY 1`;
    const upwards = standing(range, rows).get('all') ?? range.buckets.map(() => 0);
    found.set(slug, upwards.map((value, place) => value - above[place]!));
    above = upwards;
  }
  return found;
}

/** The monthly recurring revenue at the end of each bucket, by tier and currency: `leadership-alliance eur`. Cents. */
export async function readRevenue(db: Behind, range: Range): Promise<Series> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, name, sum(n)::float8 AS n FROM (
      SELECT "from" AS at, tier_slug || ' ' || currency AS name, monthly_cents AS n FROM revenue_spans
      UNION ALL SELECT until, tier_slug || ' ' || currency, -monthly_cents FROM revenue_spans WHERE until IS NOT NULL) changes
    WHERE at <= ${range.now} GROUP BY 1, 2`;
  return standing(range, rows);
}

/** How many began to pay for the first time (`new`), again after they had left (`recovered`), and left (`churned`), in each bucket. */
export async function readTurnover(db: Behind, range: Range): Promise<Series> {
  const held = Prisma.sql`SELECT customer_id AS who, "from" AS a, coalesce(until, 'infinity') AS z FROM revenue_spans`;
  const rows = await db.$queryRaw<Row[]>`
    WITH ${turns(held, range.now)} SELECT ${bucketOf(range, Prisma.sql`at`)} AS at, CASE WHEN n < 0 THEN 'churned' WHEN again THEN 'recovered' ELSE 'new' END AS name, count(*)::int AS n FROM turns GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/** How many joined in each bucket, and how many of these have paid by now. */
export async function readJoins(db: Behind, range: Range): Promise<Series> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT ${bucketOf(range, Prisma.sql`a.created_at`)} AS at, CASE WHEN p.account_id IS NULL THEN 'unpaid' ELSE 'paid' END AS name, count(*)::int AS n
    FROM accounts a LEFT JOIN (SELECT DISTINCT c.account_id FROM customers c JOIN revenue_spans s ON s.customer_id = c.id) p ON p.account_id = a.id
    WHERE a.created_at >= ${range.from} AND a.created_at <= ${range.now} GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/** What has become of the trials that began in each bucket: `paid`, `running` or `over`. */
export async function readTrials(db: Behind, range: Range): Promise<Series> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT ${bucketOf(range, Prisma.sql`s.started_at`)} AS at, n AS name, count(*)::int AS n FROM (
      SELECT started_at, CASE WHEN EXISTS (SELECT FROM revenue_spans r WHERE r.subscription_id = stripe_id) THEN 'paid' WHEN status = 'trialing' THEN 'running' ELSE 'over' END AS n
      FROM subscriptions WHERE trial_end > started_at AND started_at >= ${range.from} AND started_at <= ${range.now}) s GROUP BY 1, 2`;
  return perBucket(range, rows);
}

/** What has become of the payments that first failed in each bucket: `recovered`, `open` or `lost`, and their cents as `failed eur` and `recovered eur`. */
export async function readPayments(db: Behind, range: Range): Promise<Series> {
  const outcome = Prisma.sql`CASE status WHEN 'paid' THEN 'recovered' WHEN 'open' THEN 'open' ELSE 'lost' END`;
  const within = Prisma.sql`FROM invoices WHERE failed_at >= ${range.from} AND failed_at <= ${range.now}`;
  const at = bucketOf(range, Prisma.sql`failed_at`);
  return perBucket(range, [
    ...(await db.$queryRaw<Row[]>`SELECT ${at} AS at, ${outcome} AS name, count(*)::int AS n ${within} GROUP BY 1, 2`),
    ...(await db.$queryRaw<Row[]>`SELECT ${at} AS at, 'failed ' || currency AS name, sum(due_cents)::float8 AS n ${within} GROUP BY 1, 2`),
    ...(await db.$queryRaw<Row[]>`SELECT ${at} AS at, 'recovered ' || currency AS name, sum(paid_cents)::float8 AS n ${within} AND status = 'paid' GROUP BY 1, 2`),
  ]);
}

/** The first moment there is anything of, by what is kept for good. */
export async function readBeginning(db: Behind): Promise<Date | null> {
  const [row] = await db.$queryRaw<{ at: Date | null }[]>`SELECT least((SELECT min(created_at) FROM accounts), (SELECT min("from") FROM revenue_spans)) AS at`;
  return row?.at ?? null;
}
