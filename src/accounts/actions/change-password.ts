import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { consumeLink } from '../credentials/link-tokens';
import { setPasswordByLetter } from '../credentials/take-over';
import { revokeOtherCredentials } from '../credentials/revoke-credentials';

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
  const { email, lang } = await db.account.findUniqueOrThrow({
    where: { id: account.id },
    select: { email: true, lang: true },
  });
  await writeAccountLetter(db, 'password-changed', { accountId: account.id, email, lang });
  return true;
}

/**
 * Spends a link that was asked for and sets a new password. Nobody is logged in by it, so a second factor is still
 * asked for (ASVS 6.4.3); every login ends. The link came by mail, so the address is proved too. The account's id, or
 * null when the link is worth nothing any more.
 */
export async function resetPassword(db: WallTransaction, token: string, to: string, now: Date): Promise<string | null> {
  const link = await consumeLink(db, token, ['reset_password'], now);
  return link && (await setPasswordByLetter(db, link.accountId, to, now)) ? link.accountId : null;
}
