import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { issueLink } from '../link-tokens';

/** Writes the letter that confirms an account's address once more, unless it is confirmed. */
export async function askVerification(db: WallTransaction, accountId: string, now: Date): Promise<void> {
  const { email, lang, verifiedAt } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { email: true, lang: true, verifiedAt: true },
  });
  if (verifiedAt) return;
  const token = await issueLink(db, { accountId, purpose: 'verify_email', email: null }, now);
  await writeAccountLetter(db, 'verify-email', { accountId, email, lang }, token);
}
