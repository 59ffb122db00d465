import { lockAsOwner } from '../credentials/revoke-credentials';
import { writeAccountLetter } from '../letters';
import type { WallTransaction } from '../../stores/postgres/wall';

/**
 * Keeps the hash of the one address at which an account's feed is read from now on, and tells the owner; the one before
 * is dead.
 * @throws Failure 409 when the login that asks for it was ended meanwhile.
 */
export async function replaceFeed(
  db: WallTransaction,
  owner: { readonly id: string; readonly loginId: string },
  hash: string,
  now: Date,
): Promise<void> {
  await lockAsOwner(db, owner);
  const accountId = owner.id;
  await db.privateFeed.upsert({
    where: { accountId },
    create: { accountId, hash, createdAt: now },
    update: { hash, createdAt: now },
    select: { accountId: true },
  });
  const { email, lang } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { email: true, lang: true },
  });
  await writeAccountLetter(db, 'feed-made', { accountId, email, lang });
}
