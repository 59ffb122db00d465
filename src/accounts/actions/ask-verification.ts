import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { findMailBlock } from '../mail-blocks';
import { issueLink } from '../credentials/link-tokens';

/** Writes the letter that confirms an account's address once more, unless it is confirmed and takes letters, those
 * to many too. */
export async function askVerification(db: WallTransaction, accountId: string, now: Date): Promise<void> {
  const { email, lang, verifiedAt, mailRefusedAt } = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { email: true, lang: true, verifiedAt: true, mailRefusedAt: true },
  });
  if (verifiedAt && !mailRefusedAt && !(await findMailBlock(db, email))) return;
  const token = await issueLink(db, { accountId, purpose: 'verify_email', email: null }, now);
  await writeAccountLetter(db, 'verify-email', { accountId, email, lang }, token);
}
