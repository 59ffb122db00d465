import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { isStillVerified } from '../login/complete-login';
import { writeAccountLetter } from '../letters';
import { liftMailBlock } from '../mail-blocks';
import { endLinks, findLink, consumeLink, type LinkPurpose } from '../credentials/link-tokens';
import { setPasswordByLetter } from '../credentials/take-over';
import { revokeOtherCredentials, lockAccount, lockForLogin } from '../credentials/revoke-credentials';

/** What the links are for that confirm an address: the first one, or a new one. */
export const CONFIRMING: readonly LinkPurpose[] = ['verify_email', 'change_email'];

/** What a confirmation did. */
export type Confirmation = 'verified' | 'changed';

/** Who confirms: a login of the account, or whoever has just shown its password (`markOf`). */
export type ConfirmedBy = { readonly id: string } & ({ readonly loginId: string } | { readonly mark: string });

/**
 * Spends the link of a letter for somebody who has shown that the account is theirs: the address it went to is the
 * account's, and proved. Where that is a new address, the old one is told, every way in but the login that confirms
 * ends, and the job `address-changed` tells whoever else writes to it. Null when the link is worth nothing any more or
 * is another account's, and when the address has come to another account meanwhile.
 */
export async function confirmAddress(
  db: WallTransaction,
  token: string,
  by: ConfirmedBy,
  now: Date,
): Promise<Confirmation | null> {
  const { id } = by;
  if (!(await stillHolds(db, by))) return null;
  const link = await findLink(db, token, CONFIRMING, now);
  // Found first: the link of another account is not to be spent.
  if (link?.accountId !== id || !(await consumeLink(db, token, CONFIRMING, now))) return null;
  const account = await db.account.findUniqueOrThrow({ where: { id }, select: { email: true, lang: true } });
  if (link.email === null) {
    await db.account.updateMany({ where: { id, verifiedAt: null }, data: { verifiedAt: now } });
    await liftMailBlock(db, account.email, now);
    return 'verified';
  }
  // Two accounts that confirm one address at once do so one after the other.
  await db.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext(${link.email}))`;
  if (await db.account.findUnique({ where: { email: link.email }, select: { id: true } })) return null;
  await db.account.update({
    where: { id },
    data: { email: link.email, verifiedAt: now, mailRefusedAt: null, mailRefusal: null },
    select: { id: true },
  });
  await revokeOtherCredentials(db, id, 'loginId' in by ? by.loginId : null, now);
  await endLinks(db, id, ['verify_email'], now);
  await addJob(db, 'address-changed', { account: id }, { key: `address ${id}` });
  await writeAccountLetter(db, 'email-changed', { accountId: id, email: account.email, lang: account.lang });
  return 'changed';
}

/**
 * Spends the link of an account's first address for somebody who has its mailbox and cannot show its password: they set
 * one, and whoever joined before them is out (docs/decisions/0007). The account's id, or null when the link is worth
 * nothing any more.
 */
export async function claimAddress(db: WallTransaction, token: string, to: string, now: Date): Promise<string | null> {
  const link = await consumeLink(db, token, ['verify_email'], now);
  if (!link || !(await setPasswordByLetter(db, link.accountId, to, now))) return null;
  const { email } = await db.account.findUniqueOrThrow({ where: { id: link.accountId }, select: { email: true } });
  await liftMailBlock(db, email, now);
  return link.accountId;
}

/** Locks the account, and says whether what was shown of it before this transaction still holds. */
async function stillHolds(db: WallTransaction, by: ConfirmedBy): Promise<boolean> {
  if ('loginId' in by) return lockForLogin(db, by);
  await lockAccount(db, by.id);
  return isStillVerified(db, by.id, by);
}
