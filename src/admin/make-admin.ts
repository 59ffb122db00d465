import { randomUUID } from 'node:crypto';
import { issueLink } from '../accounts/credentials/link-tokens';
import { endEveryWayIn } from '../accounts/credentials/take-over';
import { revokeOtherCredentials } from '../accounts/credentials/revoke-credentials';
import { writeAudit } from '../stores/postgres/audit';
import type { WallTransaction } from '../stores/postgres/wall';

/** Who acts where nobody is logged in. */
const COMMAND_LINE = { id: null, name: 'command line' };

/** What became of it; the token opens the page for a new password once, where the account has none. */
export interface AdminCreated {
  readonly outcome: 'made' | 'promoted' | 'already' | 'suspended';
  readonly token: string | null;
}

/**
 * Makes the account of an address an admin, and the account too where there is none. A way around every page, so it is
 * for the command line alone, and stands in the audit log. `email` in its one form.
 */
export async function makeAdmin(db: WallTransaction, email: string, now: Date): Promise<AdminCreated> {
  const found = await db.account.findUnique({
    where: { email },
    select: {
      id: true,
      role: true,
      state: true,
      verifiedAt: true,
      passwordHash: true,
      passkeys: { select: { id: true }, take: 1 },
    },
  });
  if (found?.state === 'suspended') return { outcome: 'suspended', token: null };
  const id = found?.id ?? randomUUID();
  if (!found)
    await db.account.create({
      data: { id, email, name: email.split('@')[0]!, lang: 'en', role: 'admin', verifiedAt: now, createdAt: now },
      select: { id: true },
    });
  const already = found?.role === 'admin';
  // Whoever joined with an address they never confirmed may be anybody: nothing they know opens the admin's account.
  const unconfirmed = found !== null && found.verifiedAt === null && !already;
  if (found && !already) {
    const anew = unconfirmed ? { verifiedAt: now, passwordHash: null } : {};
    await db.account.update({ where: { id }, data: { role: 'admin', ...anew }, select: { id: true } });
    if (unconfirmed) await endEveryWayIn(db, id, now);
    else await revokeOtherCredentials(db, id, null, now);
  }
  if (!already)
    await writeAudit(db, {
      at: now,
      actor: COMMAND_LINE,
      action: 'admin-made',
      target: { kind: 'account', id, name: email },
      before: { role: found?.role ?? null },
      after: { role: 'admin' },
    });
  const waysIn = found !== null && !unconfirmed && (found.passwordHash !== null || found.passkeys.length > 0);
  const token = waysIn ? null : await issueLink(db, { accountId: id, purpose: 'reset_password', email: null }, now);
  return { outcome: already ? 'already' : found ? 'promoted' : 'made', token };
}

/** Every admin, with whether the role can be in force. */
export async function listAdmins(
  db: WallTransaction,
): Promise<{ readonly email: string; readonly state: 'active' | 'suspended'; readonly secondFactor: boolean }[]> {
  const rows = await db.account.findMany({
    where: { role: 'admin' },
    select: { email: true, state: true, totpConfirmedAt: true, passkeys: { select: { id: true }, take: 1 } },
    orderBy: { email: 'asc' },
  });
  return rows.map(({ email, state, totpConfirmedAt, passkeys }) => ({
    email,
    state,
    secondFactor: totpConfirmedAt !== null || passkeys.length > 0,
  }));
}
