import { registrar } from '../access/viewer';
import type { Wall } from '../stores/wall';
import { isPassword } from './passwords';

/** An account that has shown its password. */
export interface ProvedAccount {
  readonly id: string;
  readonly email: string;
  readonly lang: string;
  /** Must it show a second factor before it is logged in? */
  readonly secondFactor: boolean;
}

/**
 * The active account of these, or null. An address without an account, a wrong password, an account without one and a
 * suspended one are answered alike, after the same work (ASVS 6.3.8).
 */
export async function proveAccount(wall: Wall, email: string, password: string): Promise<ProvedAccount | null> {
  const account = await wall.read(registrar, (db) => db.account.findUnique({ where: { email }, select: { id: true, email: true, lang: true, state: true, role: true, passwordHash: true, totpConfirmedAt: true, passkeys: { select: { id: true }, take: 1 } } }));
  const right = await isPassword(password, account?.passwordHash ?? null);
  if (!account || !right || account.state !== 'active') return null;
  // Whom a passkey makes staff must show it: a password alone opens no desk.
  const secondFactor = account.totpConfirmedAt !== null || (account.role !== 'reader' && account.passkeys.length > 0);
  return { id: account.id, email: account.email, lang: account.lang, secondFactor };
}
