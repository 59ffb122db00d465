import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { issueLink } from '../credentials/link-tokens';

/** Writes the letter that leads to a new password, where an account has this address; elsewhere does nothing. */
export async function askReset(db: WallTransaction, email: string, now: Date): Promise<void> {
  const account = await db.account.findUnique({ where: { email }, select: { id: true, lang: true, state: true } });
  if (account?.state !== 'active') return;
  const token = await issueLink(db, { accountId: account.id, purpose: 'reset_password', email: null }, now);
  await writeAccountLetter(db, 'reset-password', { accountId: account.id, email, lang: account.lang }, token);
}
