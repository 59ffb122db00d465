import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';

/**
 * Deletes an account and everything that hangs on it. One last letter says so, and names no account.
 * @throws what `isLastAdmin` knows when nobody would be left who can give roles.
 */
export async function deleteAccount(db: WallTransaction, id: string): Promise<void> {
  const { email, lang } = await db.account.delete({ where: { id }, select: { email: true, lang: true } });
  await writeAccountLetter(db, 'account-deleted', { accountId: null, email, lang });
}
