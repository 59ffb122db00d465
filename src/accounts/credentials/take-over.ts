import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { endLinks } from './link-tokens';
import { revokeOtherCredentials, lockAccount } from './revoke-credentials';

/**
 * Ends everything an account could be entered or recognised with, in the transaction that gives it to the owner of its
 * address: sessions, passkeys, second factor, recovery codes, API tokens, remembered devices, and the links of letters.
 * Somebody else may have set all of it up. The password is the caller's to replace.
 */
export async function endEveryWayIn(db: WallTransaction, id: string, now: Date): Promise<void> {
  await db.account.update({
    where: { id },
    data: { totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
    select: { id: true },
  });
  await db.passkey.deleteMany({ where: { accountId: id } });
  await db.recoveryCode.deleteMany({ where: { accountId: id } });
  await db.knownDevice.deleteMany({ where: { accountId: id } });
  await revokeOtherCredentials(db, id, null, now);
  await endLinks(db, id, ['verify_email'], now);
}

/**
 * Sets the password that somebody chose who has the mailbox of the account's address, and tells that mailbox. Every
 * login ends. Where the address was never confirmed it is now, and whatever was set up before it was is not its
 * owner's: somebody else may have joined with it. Staff were appointed by somebody who knew them, and keep their second
 * factor. False when the account is suspended: then nothing happens.
 */
export async function setPasswordByLetter(
  db: WallTransaction,
  id: string,
  passwordHash: string,
  now: Date,
): Promise<boolean> {
  await lockAccount(db, id);
  const account = await db.account.findUnique({
    where: { id, state: 'active' },
    select: { email: true, lang: true, verifiedAt: true, role: true },
  });
  if (!account) return false;
  const { email, lang, verifiedAt, role } = account;
  await db.account.update({
    where: { id },
    data: { passwordHash, verifiedAt: verifiedAt ?? now },
    select: { id: true },
  });
  if (verifiedAt === null && role === 'reader') await endEveryWayIn(db, id, now);
  else await revokeOtherCredentials(db, id, null, now);
  if (verifiedAt === null) await endLinks(db, id, ['verify_email'], now);
  await writeAccountLetter(db, 'password-changed', { accountId: id, email, lang });
  return true;
}
