import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { revokeOtherCredentials, lockAsOwner } from '../credentials/revoke-credentials';
import type { StoredPasskey } from './ceremonies';

/** Passkeys an account may have at a time. */
export const MOST_PASSKEYS = 20;

/** Whose passkeys, and the login that stays. */
export interface PasskeyOwner {
  readonly id: string;
  readonly loginId: string;
}

/**
 * Keeps a new passkey under a name. Every other way in ends, and the owner is told (ASVS 7.4.3, 6.3.7). False when it
 * is kept already, or the account has as many as it may: then nothing happens.
 */
export async function addPasskey(
  db: WallTransaction,
  keeper: PasskeyOwner,
  passkey: Omit<StoredPasskey, 'accountId'> & { readonly name: string },
  now: Date,
): Promise<boolean> {
  await lockAsOwner(db, keeper);
  if ((await db.passkey.count({ where: { accountId: keeper.id } })) >= MOST_PASSKEYS) return false;
  const { count } = await db.passkey.createMany({
    data: [{ ...passkey, accountId: keeper.id, transports: [], createdAt: now }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await endOtherAccess(db, keeper, now);
  return true;
}

/** Removes a passkey. `last`: it is the only way into the account, and stays. */
export async function removePasskey(
  db: WallTransaction,
  keeper: PasskeyOwner,
  id: string,
  now: Date,
): Promise<'removed' | 'last' | 'unknown'> {
  await lockAsOwner(db, keeper);
  const { passwordHash, passkeys } = await db.account.findUniqueOrThrow({
    where: { id: keeper.id },
    select: { passwordHash: true, passkeys: { select: { id: true } } },
  });
  if (!passkeys.some((passkey) => passkey.id === id)) return 'unknown';
  if (passwordHash === null && passkeys.length === 1) return 'last';
  await db.passkey.delete({ where: { id }, select: { id: true } });
  await endOtherAccess(db, keeper, now);
  return 'removed';
}

/** Takes the password away from an account that has a passkey. False when it has none: then nothing happens. */
export async function dropPassword(db: WallTransaction, keeper: PasskeyOwner, now: Date): Promise<boolean> {
  await lockAsOwner(db, keeper);
  if ((await db.passkey.count({ where: { accountId: keeper.id } })) === 0) return false;
  await db.account.update({ where: { id: keeper.id }, data: { passwordHash: null }, select: { id: true } });
  await endOtherAccess(db, keeper, now);
  return true;
}

/**
 * Notes that a passkey was shown. False when it was shown elsewhere meanwhile, as a copied one would be (WebAuthn,
 * 6.1.1).
 */
export async function recordUse(
  db: WallTransaction,
  { id, counter }: Pick<StoredPasskey, 'id' | 'counter'>,
  next: bigint,
  now: Date,
): Promise<boolean> {
  const { count } = await db.passkey.updateMany({ where: { id, counter }, data: { counter: next, lastUsedAt: now } });
  return count === 1;
}

async function endOtherAccess(db: WallTransaction, { id, loginId }: PasskeyOwner, now: Date): Promise<void> {
  await revokeOtherCredentials(db, id, loginId, now);
  const { email, lang } = await db.account.findUniqueOrThrow({ where: { id }, select: { email: true, lang: true } });
  await writeAccountLetter(db, 'passkeys-changed', { accountId: id, email, lang });
}
