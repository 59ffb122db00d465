import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { consumeLink } from '../link-tokens';
import { revokeOtherCredentials } from '../revoke-credentials';

/**
 * Puts a new password in the place of the one that was proved. Every other way into the account ends, and its owner
 * is told (ASVS 7.4.3, 6.3.7). False when it was changed meanwhile: then nothing happens.
 */
export async function changePassword(
  db: WallTransaction,
  account: { readonly id: string; readonly loginId: string; readonly from: string | null; readonly to: string },
  now: Date,
): Promise<boolean> {
  const { count } = await db.account.updateMany({
    where: { id: account.id, passwordHash: account.from, state: 'active' },
    data: { passwordHash: account.to },
  });
  if (count === 0) return false;
  await revokeOtherCredentials(db, account.id, account.loginId, now);
  await notifyPasswordChanged(db, account.id);
  return true;
}

/**
 * Spends a link that was asked for and sets a new password. Nobody is logged in by it, so a second factor is still
 * asked for (ASVS 6.4.3); every login ends. The link came by mail, so the address is proved too. The account's id, or
 * null when the link is worth nothing any more.
 */
export async function resetPassword(db: WallTransaction, token: string, to: string, now: Date): Promise<string | null> {
  const link = await consumeLink(db, token, ['reset_password'], now);
  if (!link) return null;
  const { count } = await db.account.updateMany({
    where: { id: link.accountId, state: 'active' },
    data: { passwordHash: to },
  });
  if (count === 0) return null;
  await revokeOtherAccess(db, link.accountId, now);
  await revokeOtherCredentials(db, link.accountId, null, now);
  await notifyPasswordChanged(db, link.accountId);
  return link.accountId;
}

/**
 * Proves the address of an account that never was. Somebody else may have joined with it, and left a way of their own to
 * come in by: whatever was set up before the address was proved is not its owner's. Staff were appointed by somebody who
 * knew them, and keep theirs.
 */
async function revokeOtherAccess(db: WallTransaction, id: string, now: Date): Promise<void> {
  const { count } = await db.account.updateMany({
    where: { id, verifiedAt: null, role: 'reader' },
    data: { verifiedAt: now, totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
  });
  if (count === 0)
    return void (await db.account.updateMany({ where: { id, verifiedAt: null }, data: { verifiedAt: now } }));
  await db.passkey.deleteMany({ where: { accountId: id } });
  await db.recoveryCode.deleteMany({ where: { accountId: id } });
}

async function notifyPasswordChanged(db: WallTransaction, id: string): Promise<void> {
  const { email, lang } = await db.account.findUniqueOrThrow({ where: { id }, select: { email: true, lang: true } });
  await writeAccountLetter(db, 'password-changed', { accountId: id, email, lang });
}
