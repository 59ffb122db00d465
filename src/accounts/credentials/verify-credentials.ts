import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { hashOfToken } from './link-tokens';
import { provePassword } from './prove-password';

/** An account that has shown its password. */
export interface VerifiedAccount {
  readonly id: string;
  readonly email: string;
  readonly lang: string;
  /** Must it show a second factor before it is logged in? */
  readonly secondFactor: boolean;
  /** Stands for the password that was right (`markOf`): once it is another one, what was proved is worth nothing. */
  readonly mark: string;
}

/** Stands for a password that was proved, and tells nothing about it. */
export const markOf = (passwordHash: string): string => hashOfToken(passwordHash);

/** One row for every address that is asked for, full or empty: to read one takes as long as the other. */
interface CredentialsRow {
  readonly id: string | null;
  readonly lang: string | null;
  readonly passwordHash: string | null;
  readonly active: boolean | null;
  readonly hasTotp: boolean;
  readonly isStaff: boolean | null;
  readonly hasPasskey: boolean;
}

/**
 * The active account of these, or null. An address without an account, a wrong password, an account without one and a
 * suspended one are answered alike, after the same work (ASVS 6.3.8).
 */
export async function verifyCredentials(wall: Wall, email: string, password: string): Promise<VerifiedAccount | null> {
  const [found] = await wall.read(
    accountsViewer,
    (db) => db.$queryRaw<[CredentialsRow]>`
    SELECT account.id::text, account.lang, account.password_hash AS "passwordHash", account.state = 'active' AS active,
      account.totp_confirmed_at IS NOT NULL AS "hasTotp", account.role <> 'reader' AS "isStaff",
      EXISTS (SELECT FROM passkeys WHERE account_id = account.id) AS "hasPasskey"
    FROM (VALUES (${email})) AS asked (email) LEFT JOIN accounts AS account ON account.email = asked.email`,
  );
  const proved = await provePassword(wall, found, password);
  if (proved === null || !found.active || found.id === null || found.lang === null) return null;
  // Whom a passkey makes staff must show it: a password alone opens no desk.
  const secondFactor = found.hasTotp || (found.isStaff === true && found.hasPasskey);
  return { id: found.id, email, lang: found.lang, secondFactor, mark: markOf(proved) };
}
