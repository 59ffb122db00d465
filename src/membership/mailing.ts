import { HIGHEST_RANK } from '../access/viewer';
import { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';
import { rankNow } from './access-sql';
import { followedAs, mayBeWritten, type FollowedSearch } from './followers';

/**
 * Whom letters to many go to: of those who have chosen one of these lists, who is in one of these tiers now. A
 * subscriber without an account is in the public one, and has no label.
 */
export interface MailingAudience {
  readonly lists: readonly string[];
  /** Slugs. */
  readonly tiers: readonly string[];
  /** Whoever has one of them; none: everybody. */
  readonly labels: readonly string[];
  /** Slugs of what it is about: whoever has chosen categories has chosen one of these. */
  readonly categories: readonly string[];
}

/** The accounts `a`, with their choices `c`. Whoever reads everything here counts with the highest tier. */
function chosenBy({ lists, tiers, labels, categories }: MailingAudience, now: Date): Prisma.Sql {
  const top = Prisma.sql`(SELECT max(rank) FROM tiers)`;
  return Prisma.sql`FROM accounts a JOIN list_choices c ON c.account_id = a.id
    WHERE ${mayBeWritten} AND c.list = ANY(${[...lists]}::text[])
      AND (c.categories = '{}' OR c.categories && ${[...categories]}::text[])
      AND (${labels.length === 0} OR EXISTS (
        SELECT FROM account_labels l WHERE l.account_id = a.id AND l.label = ANY(${[...labels]}::text[])))
      AND (SELECT CASE WHEN r.rank >= ${HIGHEST_RANK} THEN ${top} ELSE r.rank END
        FROM (SELECT ${rankNow(now)} AS rank) r)
        IN (SELECT t.rank FROM tiers t WHERE t.slug = ANY(${[...tiers]}::text[]))`;
}

/**
 * May the subscriber `s` be written? Their address has not refused for good; and it is nobody's confirmed account,
 * which has a choice of its own: no address gets two letters of one issue.
 */
const mayBeWrittenWithout = Prisma.sql`s.mail_refused_at IS NULL AND NOT EXISTS (
  SELECT FROM mail_blocks b WHERE b.email = s.email AND b.lifted_at IS NULL) AND NOT EXISTS (
  SELECT FROM accounts o WHERE o.email = s.email AND o.verified_at IS NOT NULL)`;

/** The subscribers `s`. */
function subscribedTo({ lists, tiers, labels, categories }: MailingAudience): Prisma.Sql {
  return Prisma.sql`FROM subscribers s
    WHERE ${mayBeWrittenWithout} AND ${labels.length === 0} AND s.list = ANY(${[...lists]}::text[])
      AND (s.categories = '{}' OR s.categories && ${[...categories]}::text[])
      AND EXISTS (SELECT FROM tiers t WHERE t.rank = 0 AND t.slug = ANY(${[...tiers]}::text[]))`;
}

/** How many letters that would be now, and how many of these to somebody without an account. */
export async function countMailing(
  db: WallTransaction,
  audience: MailingAudience,
  now: Date,
): Promise<{ readonly all: number; readonly withoutAccount: number }> {
  const [row] = await db.$queryRaw<[{ n: number; subscribers: number }]>`
    SELECT (SELECT count(*) ${chosenBy(audience, now)})::int AS n,
      (SELECT count(*) ${subscribedTo(audience)})::int AS subscribers`;
  return { all: row.n + row.subscribers, withoutAccount: row.subscribers };
}

/** Writes a letter of an issue for each of them; for whoever has one already, none. */
export async function writeMailing(
  db: WallTransaction,
  issueId: string,
  audience: MailingAudience,
  now: Date,
): Promise<void> {
  await db.$executeRaw`INSERT INTO issue_letters (issue_id, account_id, subscriber_id)
    SELECT ${issueId}::uuid, a.id, NULL::uuid ${chosenBy(audience, now)}
    UNION ALL SELECT ${issueId}::uuid, NULL::uuid, s.id ${subscribedTo(audience)} ON CONFLICT DO NOTHING`;
}

/** A letter that is about to be sent, as its recipient stands at this moment. */
export interface ClaimedLetter {
  readonly id: string;
  /** The account, or the subscriber without one; null: they have left, and it is not wanted any more. */
  readonly recipientId: string | null;
  readonly hasAccount: boolean;
  readonly email: string;
  readonly lang: string;
  /** Have they chosen the list that it goes to? Otherwise it is for them by what they follow, or not at all. */
  readonly chosen: boolean;
  /** Slugs; none: of every category. */
  readonly categories: readonly string[];
  /** What they follow and hear of by an issue of this sort. */
  readonly follows: readonly FollowedSearch[];
  readonly rank: number;
  readonly attempts: number;
  /** May it go? */
  readonly allowed: boolean;
  /** Ids of briefings of this issue that they have had, and that are not meant to come once more. */
  readonly had: readonly string[];
}

/** Is the issue `i` one that an editor sent? */
const byEditor = (i: Prisma.Sql) => Prisma.sql`(${i}.digest IS NULL AND NOT ${i}.alert)`;

/**
 * Has another issue brought the briefing `b` to the recipient of the letter `l`? One that a worker took, and said no
 * more of, may have. What an editor sends once more is meant: whoever was among those of the first time gets it again.
 */
const hadBefore = Prisma.sql`EXISTS (
    SELECT FROM issue_letters o JOIN issues oi ON oi.id = o.issue_id
    WHERE (o.account_id = l.account_id OR o.subscriber_id = l.subscriber_id) AND o.issue_id <> l.issue_id
      AND b = ANY(CASE WHEN cardinality(o.briefing_ids) > 0 THEN o.briefing_ids ELSE oi.briefing_ids END)
      AND (o.state = 'sent' OR (o.state = 'waiting' AND o.claimed_at IS NOT NULL)))
  AND NOT (${byEditor(Prisma.sql`i`)} AND EXISTS (
    SELECT FROM issue_letters o JOIN issues oi ON oi.id = o.issue_id
    WHERE (o.account_id = l.account_id OR o.subscriber_id = l.subscriber_id) AND o.issue_id <> l.issue_id
      AND ${byEditor(Prisma.sql`oi`)} AND b = ANY(oi.briefing_ids) AND oi.created_at < i.created_at))`;

/** Letters among which domains are found; behind so many of one that is slow, others wait. */
const LOOKED_AT = 2_000;

/** Is the letter `l` due, and in nobody's hands? */
const isFree = (seconds: number): Prisma.Sql => Prisma.sql`l.state = 'waiting' AND l.due_at <= clock_timestamp()
  AND (l.claimed_at IS NULL
    OR greatest(l.claimed_at, pg_postmaster_start_time()) < clock_timestamp() - make_interval(secs => ${seconds}))`;

/**
 * Takes up to `most` letters of an issue that are due and in nobody's hands, so many of them to one domain, and none to
 * those that are held. One that a worker took longer ago than `seconds` is in nobody's hands any more; while Postgres
 * was away nobody could note what they sent, so that is counted from when it is there again.
 */
export async function claimLetters(
  db: WallTransaction,
  issueId: string,
  {
    most,
    mostToDomain,
    held,
    seconds,
    now,
  }: Readonly<Record<'most' | 'mostToDomain' | 'seconds', number>> & {
    readonly held: readonly string[];
    readonly now: Date;
  },
): Promise<ClaimedLetter[]> {
  return db.$queryRaw<ClaimedLetter[]>`
    WITH next AS (
      SELECT l.id, l.due_at, split_part(coalesce(a.email, s.email, ''), '@', 2) AS domain
      FROM issue_letters l LEFT JOIN accounts a ON a.id = l.account_id LEFT JOIN subscribers s ON s.id = l.subscriber_id
      WHERE l.issue_id = ${issueId}::uuid AND ${isFree(seconds)}
        AND split_part(coalesce(a.email, s.email, ''), '@', 2) <> ALL(${[...held]}::text[])
      ORDER BY l.due_at, l.id LIMIT ${LOOKED_AT}),
    fair AS (SELECT id, due_at, row_number() OVER (PARTITION BY domain ORDER BY due_at, id) AS nth FROM next),
    due AS (
      SELECT l.id FROM issue_letters l WHERE l.id IN (
          SELECT id FROM fair WHERE nth <= ${mostToDomain} ORDER BY due_at, id LIMIT ${most})
        AND ${isFree(seconds)}
      FOR UPDATE SKIP LOCKED),
    taken AS (
      UPDATE issue_letters SET claimed_at = clock_timestamp(), attempts = attempts + 1
      WHERE id IN (SELECT id FROM due) RETURNING id, issue_id, account_id, subscriber_id, attempts)
    SELECT l.id::text, coalesce(a.id, s.id)::text AS "recipientId", a.id IS NOT NULL AS "hasAccount",
      coalesce(a.email, s.email, '') AS email, coalesce(c.lang, s.lang, a.lang, '') AS lang,
      coalesce(c.categories, s.categories, '{}') AS categories, l.attempts,
      (NOT i.alert AND coalesce(c.list, s.list) IS NOT NULL
        AND (i.digest IS NULL OR i.digest = coalesce(c.list, s.list))) AS chosen,
      ${followedAs(Prisma.sql`CASE WHEN i.alert THEN 'each' ELSE i.digest END`, Prisma.sql`i.send_at`)} AS follows,
      CASE WHEN a.id IS NULL THEN 0 ELSE ${rankNow(now)} END AS rank,
      CASE WHEN a.id IS NOT NULL THEN ${mayBeWritten}
        ELSE s.id IS NOT NULL AND ${mayBeWrittenWithout} END AS allowed,
      ARRAY(SELECT b::text FROM unnest(i.briefing_ids) b WHERE ${hadBefore}) AS had
    FROM taken l JOIN issues i ON i.id = l.issue_id LEFT JOIN accounts a ON a.id = l.account_id
      LEFT JOIN list_choices c ON c.account_id = a.id LEFT JOIN subscribers s ON s.id = l.subscriber_id`;
}

/**
 * How far an account that may be written reads now, or a subscriber without one; null: they may not be written, or
 * there is neither.
 */
export async function readRecipient(
  db: WallTransaction,
  id: string,
  now: Date,
): Promise<{ readonly rank: number; readonly hasAccount: boolean } | null> {
  const [row] = await db.$queryRaw<{ rank: number; hasAccount: boolean }[]>`
    SELECT ${rankNow(now)} AS rank, true AS "hasAccount" FROM accounts a WHERE a.id = ${id}::uuid AND ${mayBeWritten}
    UNION ALL
    SELECT 0, false FROM subscribers s WHERE s.id = ${id}::uuid AND ${mayBeWrittenWithout}`;
  return row ?? null;
}
