import type { WallTransaction } from '../../stores/postgres/wall';
import { LISTS } from '../lists';

/** How its owner hears of what they follow: at once, in a digest, or not at all. */
export const FOLLOW_LISTS = [...LISTS, 'none'] as const;
export type FollowList = (typeof FOLLOW_LISTS)[number];

/** What one account follows at most. */
export const MOST_FOLLOWED = 100;

export interface FollowRow {
  readonly id: string;
  readonly query: string;
  readonly list: FollowList;
}

const select = { id: true, query: true, list: true } as const;

/** What an account follows, the last first. The transaction must be the registrar's, as all of these. */
export async function findFollows(db: WallTransaction, accountId: string): Promise<FollowRow[]> {
  const orderBy = [{ createdAt: 'desc' as const }, { id: 'asc' as const }];
  return (await db.follow.findMany({ where: { accountId }, select, orderBy })) as FollowRow[];
}

/** How an account follows this search; null: it does not. */
export async function findFollow(db: WallTransaction, accountId: string, query: string): Promise<FollowRow | null> {
  return (await db.follow.findUnique({
    where: { accountId_query: { accountId, query } },
    select,
  })) as FollowRow | null;
}

export interface NewFollow {
  readonly accountId: string;
  readonly query: string;
  readonly lang: string;
  readonly list: FollowList;
}

/**
 * Follows a search, or says anew how one hears of it.
 * @returns false: the account follows as much as can be.
 */
export async function follow(db: WallTransaction, { accountId, query, lang, list }: NewFollow, now: Date) {
  // Two at once are counted one after the other.
  await db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`;
  const known = await findFollow(db, accountId, query);
  if (known) {
    await chooseList(db, accountId, known.id, list, now);
    return true;
  }
  if ((await db.follow.count({ where: { accountId } })) >= MOST_FOLLOWED) return false;
  const row = { accountId, query, lang, list, chosenAt: now, createdAt: now };
  await db.follow.create({ data: row, select: { id: true } });
  return true;
}

/** How the account hears of it from now on; what is the same stays, with its moment. */
export async function chooseList(db: WallTransaction, accountId: string, id: string, list: FollowList, now: Date) {
  await db.follow.updateMany({ where: { id, accountId, list: { not: list } }, data: { list, chosenAt: now } });
}
