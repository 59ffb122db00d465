import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { issueLink } from '../credentials/link-tokens';
import { lockAsOwner } from '../credentials/revoke-credentials';

/**
 * Writes the letter that confirms a new address, to that address. One that has an account gets another letter, and
 * whoever asked sees no difference (ASVS 6.3.8).
 */
export async function askEmailChange(
  db: WallTransaction,
  owner: { readonly id: string; readonly loginId: string },
  email: string,
  now: Date,
): Promise<void> {
  await lockAsOwner(db, owner);
  const accountId = owner.id;
  const { lang } = await db.account.findUniqueOrThrow({ where: { id: accountId }, select: { lang: true } });
  const token = await issueLink(db, { accountId, purpose: 'change_email', email }, now);
  const holder = await db.account.findUnique({ where: { email }, select: { id: true, lang: true } });
  if (holder) await writeAccountLetter(db, 'already-joined', { accountId: holder.id, email, lang: holder.lang });
  else await writeAccountLetter(db, 'email-change', { accountId, email, lang }, token);
}
