import { GIFT_DAYS, GIFT_PERIOD_DAYS, GIFTS_AT_MOST } from '../access/gifts';
import { lockAsOwner } from '../accounts/credentials/revoke-credentials';
import type { WallTransaction } from '../stores/postgres/wall';

const DAY = 86_400_000;

/** How many more gift links an account may make now. */
export async function giftsLeft(db: WallTransaction, accountId: string, now: Date): Promise<number> {
  const since = new Date(now.getTime() - GIFT_PERIOD_DAYS * DAY);
  const made = await db.giftLink.count({ where: { accountId, createdAt: { gt: since } } });
  return Math.max(0, GIFTS_AT_MOST - made);
}

/**
 * Keeps the hash of a new gift link. Several at once are counted one after the other.
 * @returns when it ends; null where the giver has made as many as they may.
 * @throws Failure 409 when the login that asks for it was ended meanwhile.
 */
export async function makeGift(
  db: WallTransaction,
  owner: { readonly id: string; readonly loginId: string },
  gift: { readonly briefingId: string; readonly hash: string; readonly named: boolean },
  now: Date,
): Promise<Date | null> {
  await lockAsOwner(db, owner);
  if ((await giftsLeft(db, owner.id, now)) === 0) return null;
  const expiresAt = new Date(now.getTime() + GIFT_DAYS * DAY);
  await db.giftLink.create({
    data: { accountId: owner.id, ...gift, createdAt: now, expiresAt },
    select: { id: true },
  });
  return expiresAt;
}

/** Ends a gift link of an account. False where it has none that is open. */
export async function revokeGift(db: WallTransaction, accountId: string, id: string, now: Date): Promise<boolean> {
  const open = { id, accountId, revokedAt: null, expiresAt: { gt: now } };
  return (await db.giftLink.updateMany({ where: open, data: { revokedAt: now } })).count === 1;
}

/** Counts that a gift link was opened. */
export async function noteOpened(db: WallTransaction, id: string, now: Date): Promise<void> {
  await db.giftLink.updateMany({ where: { id }, data: { opens: { increment: 1 }, openedAt: now } });
}
