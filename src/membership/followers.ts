import { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';
import { rankNow } from './access-sql';

/** A search that somebody follows: as its address asks it, and the language its words were typed in. */
export interface FollowedSearch {
  readonly query: string;
  readonly lang: string;
}

/** An account that follows something, with how far it reads now. */
export interface Follower {
  readonly accountId: string;
  readonly rank: number;
  readonly follows: readonly FollowedSearch[];
}

/**
 * May mail be sent to the account `a` that nobody asked for one by one? Its address is confirmed and has not refused
 * for good.
 */
export const mayBeWritten = Prisma.sql`a.state = 'active' AND a.verified_at IS NOT NULL AND a.mail_refused_at IS NULL
  AND NOT EXISTS (SELECT FROM mail_blocks b WHERE b.email = a.email AND b.lifted_at IS NULL)`;

/** Of what was published before they follow it, nobody hears. Moments of publishing are whole seconds. */
const inTime = (moment: Prisma.Sql) => Prisma.sql`f.chosen_at < ${moment} + interval '1 second'`;

/** What the account `a` follows and hears of by this list, in an issue that is about this moment; as JSON. */
export const followedAs = (list: Prisma.Sql, moment: Prisma.Sql): Prisma.Sql => Prisma.sql`coalesce((
  SELECT json_agg(json_build_object('query', f.query, 'lang', f.lang)) FROM follows f
  WHERE f.account_id = a.id AND f.list = ${list} AND ${inTime(moment)}), '[]')`;

/** The next accounts, by their ids, that hear of what they follow by this list and may be written. */
export async function nextFollowers(
  db: WallTransaction,
  { list, moment, after, most, now }: FollowersAsked,
): Promise<Follower[]> {
  const asked = Prisma.sql`${list}::text`;
  const at = Prisma.sql`${moment}::timestamptz`;
  return db.$queryRaw<Follower[]>`
    SELECT a.id::text AS "accountId", ${rankNow(now)} AS rank, ${followedAs(asked, at)} AS follows
    FROM accounts a WHERE a.id IN (
      SELECT f.account_id FROM follows f JOIN accounts a ON a.id = f.account_id
      WHERE f.list = ${asked} AND ${inTime(at)} AND f.account_id > ${after}::uuid AND ${mayBeWritten}
      GROUP BY f.account_id ORDER BY f.account_id LIMIT ${most})
    ORDER BY a.id`;
}

export interface FollowersAsked {
  readonly list: string;
  /** What the issue is about was published at this moment, or before. */
  readonly moment: Date;
  /** The last one that is known already. */
  readonly after: string;
  readonly most: number;
  readonly now: Date;
}

/** Does anybody hear of what they follow by this list, of something of this moment? */
export async function hasFollowers(db: WallTransaction, list: string, moment: Date): Promise<boolean> {
  const rows = await db.$queryRaw<unknown[]>`
    SELECT 1 FROM follows f WHERE f.list = ${list} AND ${inTime(Prisma.sql`${moment}::timestamptz`)} LIMIT 1`;
  return rows.length > 0;
}

/** Writes a letter of an issue for each of these accounts; for whoever has one already, none. */
export async function writeToFollowers(
  db: WallTransaction,
  issueId: string,
  accountIds: readonly string[],
): Promise<void> {
  await db.$executeRaw`INSERT INTO issue_letters (issue_id, account_id)
    SELECT ${issueId}::uuid, a.id FROM accounts a WHERE a.id = ANY(${[...accountIds]}::uuid[]) ON CONFLICT DO NOTHING`;
}
