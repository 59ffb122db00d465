import { Failure } from '../../lib/failure';
import type { WallTransaction } from '../../stores/postgres/wall';
import { endLinks } from './link-tokens';

/**
 * Ends every way into an account but one login: its other logins, its API tokens, the address of its feed, and the
 * links that would open it (ASVS 7.4.3). Belongs into the transaction that changes what the account is proved with.
 */
export async function revokeOtherCredentials(
  db: WallTransaction,
  accountId: string,
  exceptLogin: string | null,
  now: Date,
): Promise<void> {
  await endLogins(db, accountId, exceptLogin, now);
  await db.apiToken.updateMany({ where: { accountId, revokedAt: null }, data: { revokedAt: now } });
  await db.privateFeed.deleteMany({ where: { accountId } });
  await endLinks(db, accountId, ['reset_password', 'change_email'], now);
}

/** Ends the logins of an account, all but one where one is to be kept. */
export async function endLogins(
  db: WallTransaction,
  accountId: string,
  exceptLogin: string | null,
  now: Date,
): Promise<void> {
  await db.login.updateMany({
    where: { accountId, endedAt: null, ...(exceptLogin === null ? {} : { id: { not: exceptLogin } }) },
    data: { endedAt: now },
  });
}

/** Makes transactions that change the ways into an account come one after the other. */
export async function lockAccount(db: WallTransaction, id: string): Promise<void> {
  await db.$queryRaw`SELECT 1 FROM accounts WHERE id = ${id}::uuid FOR UPDATE`;
}

/**
 * Locks an account as `lockAccount` does, for one of its logins. False when the account was suspended or that login was
 * ended since the request was let in.
 */
export async function lockForLogin(
  db: WallTransaction,
  { id, loginId }: { readonly id: string; readonly loginId: string },
): Promise<boolean> {
  await lockAccount(db, id);
  return (
    (await db.login.count({ where: { id: loginId, accountId: id, endedAt: null, account: { state: 'active' } } })) === 1
  );
}

/**
 * Locks an account for a change that one of its logins asks for: a request under way must not leave a way in behind
 * that outlives its login.
 * @throws Failure 409 when that login was ended since the request was let in.
 */
export async function lockAsOwner(
  db: WallTransaction,
  login: { readonly id: string; readonly loginId: string },
): Promise<void> {
  if (!(await lockForLogin(db, login))) throw new Failure(409, 'the login was ended meanwhile');
}
