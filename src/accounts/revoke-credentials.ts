import type { WallTransaction } from '../stores/postgres/wall';
import { endLinks } from './link-tokens';

/**
 * Ends every way into an account but one login: its other logins, its API tokens, and the links that would open it
 * (ASVS 7.4.3). Belongs into the transaction that changes what the account is proved with.
 */
export async function revokeOtherCredentials(
  db: WallTransaction,
  accountId: string,
  kept: string | null,
  now: Date,
): Promise<void> {
  await endLogins(db, accountId, kept, now);
  await db.apiToken.updateMany({ where: { accountId, revokedAt: null }, data: { revokedAt: now } });
  await endLinks(db, accountId, ['reset_password', 'change_email'], now);
}

/** Ends the logins of an account, all but one where one is to be kept. */
export async function endLogins(db: WallTransaction, accountId: string, kept: string | null, now: Date): Promise<void> {
  await db.login.updateMany({
    where: { accountId, endedAt: null, ...(kept === null ? {} : { id: { not: kept } }) },
    data: { endedAt: now },
  });
}
