import type { Behind } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { spendLink } from '../link-tokens';
import { endOtherWaysIn } from '../ways-in';

/**
 * Puts a new password in the place of the one that was proved. Every other way into the account ends, and its owner
 * is told (ASVS 7.4.3, 6.3.7). False when it was changed meanwhile: then nothing happens.
 */
export async function changePassword(
  db: Behind,
  account: { readonly id: string; readonly loginId: string; readonly from: string | null; readonly to: string },
  now: Date,
): Promise<boolean> {
  const { count } = await db.account.updateMany({
    where: { id: account.id, passwordHash: account.from, state: 'active' },
    data: { passwordHash: account.to },
  });
  if (count === 0) return false;
  await endOtherWaysIn(db, account.id, account.loginId, now);
  await tell(db, account.id);
  return true;
}

/**
 * Spends a link that was asked for and sets a new password. Nobody is logged in by it, so a second factor is still
 * asked for (ASVS 6.4.3); every login ends. The link came by mail, so the address is proved too. The account's id, or
 * null when the link is worth nothing any more.
 */
export async function resetPassword(db: Behind, token: string, to: string, now: Date): Promise<string | null> {
  const link = await spendLink(db, token, ['reset_password'], now);
  if (!link) return null;
  const { count } = await db.account.updateMany({
    where: { id: link.accountId, state: 'active' },
    data: { passwordHash: to },
  });
  if (count === 0) return null;
  await takeOver(db, link.accountId, now);
  await endOtherWaysIn(db, link.accountId, null, now);
  await tell(db, link.accountId);
  return link.accountId;
}

/**
 * Proves the address of an account that never was. Somebody else may have joined with it, and left a way of their own to
 * come in by: whatever was set up before the address was proved is not its owner's. Staff were appointed by somebody who
 * knew them, and keep theirs.
 */
async function takeOver(db: Behind, id: string, now: Date): Promise<void> {
  const { count } = await db.account.updateMany({
    where: { id, verifiedAt: null, role: 'reader' },
    data: { verifiedAt: now, totpSecret: null, totpConfirmedAt: null, totpLastStep: null },
  });
  if (count === 0)
    return void (await db.account.updateMany({ where: { id, verifiedAt: null }, data: { verifiedAt: now } }));
  await db.passkey.deleteMany({ where: { accountId: id } });
  await db.recoveryCode.deleteMany({ where: { accountId: id } });
}

async function tell(db: Behind, id: string): Promise<void> {
  const { email, lang } = await db.account.findUniqueOrThrow({ where: { id }, select: { email: true, lang: true } });
  await writeAccountLetter(db, 'password-changed', { accountId: id, email, lang });
}
