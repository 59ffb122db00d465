import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { checkPassword, hashPassword } from './passwords';

/** An account and the hash of its password, as they were just read; no id where no account was found. */
export interface PasswordOwner {
  readonly id: string | null;
  readonly passwordHash: string | null;
}

/**
 * Proves a password: the hash that stands for it now, or null where it is wrong. A hash of an older form is replaced on
 * the way, unless another request was faster; then what stands now is asked once more, so that of two logins at once
 * neither is refused.
 * @throws Failure 503 when too many passwords are waiting to be checked.
 */
export async function provePassword(wall: Wall, owner: PasswordOwner, password: string): Promise<string | null> {
  const { id, passwordHash } = owner;
  const outcome = await checkPassword(password, passwordHash);
  if (outcome === 'wrong' || id === null) return null;
  if (outcome === 'right') return passwordHash;
  const renewed = await hashPassword(password);
  const { count } = await wall.write(accountsViewer, (db) =>
    db.account.updateMany({
      where: { id, passwordHash },
      data: { passwordHash: renewed },
    }),
  );
  if (count === 1) return renewed;
  const account = await wall.read(accountsViewer, (db) =>
    db.account.findUnique({ where: { id }, select: { passwordHash: true } }),
  );
  const present = account?.passwordHash ?? null;
  return (await checkPassword(password, present)) === 'wrong' ? null : present;
}
