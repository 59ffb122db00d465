import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { writeAccountLetter } from '../letters';
import { endLinks, consumeLink } from '../link-tokens';
import { revokeOtherCredentials } from '../revoke-credentials';

/** What a confirmation did, to whose account. */
export interface Confirmed {
  readonly accountId: string;
  readonly what: 'verified' | 'changed';
}

/**
 * Spends the link of a letter: the address it went to is the account's, and proved. Where that is a new address, the
 * old one is told, every way in but the login that confirms ends, and the job `address-changed` tells whoever else
 * writes to it. Null when the link is worth nothing any more, or
 * the address has come to another account meanwhile.
 */
export async function confirmAddress(
  db: WallTransaction,
  token: string,
  by: { readonly id: string; readonly loginId: string | null } | null,
  now: Date,
): Promise<Confirmed | null> {
  const link = await consumeLink(db, token, ['verify_email', 'change_email'], now);
  if (!link) return null;
  const { accountId } = link;
  const account = await db.account.findUniqueOrThrow({
    where: { id: accountId },
    select: { email: true, lang: true, state: true, verifiedAt: true },
  });
  if (account.state !== 'active') return null;
  if (link.email === null) {
    await db.account.updateMany({ where: { id: accountId, verifiedAt: null }, data: { verifiedAt: now } });
    return { accountId, what: 'verified' };
  }
  // Two accounts that confirm one address at once do so one after the other.
  await db.$queryRaw`SELECT 1 FROM pg_advisory_xact_lock(hashtext(${link.email}))`;
  if (await db.account.findUnique({ where: { email: link.email }, select: { id: true } })) return null;
  await db.account.update({
    where: { id: accountId },
    data: { email: link.email, verifiedAt: now },
    select: { id: true },
  });
  await revokeOtherCredentials(db, accountId, by?.id === accountId ? by.loginId : null, now);
  await endLinks(db, accountId, ['verify_email'], now);
  await addJob(db, 'address-changed', { account: accountId }, { key: `address ${accountId}` });
  await writeAccountLetter(db, 'email-changed', { accountId, email: account.email, lang: account.lang });
  return { accountId, what: 'changed' };
}
