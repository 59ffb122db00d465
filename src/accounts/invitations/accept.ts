import { randomUUID } from 'node:crypto';
import type { StaffRole } from '../../access/invitations';
import { writeAudit, type AuditDraft } from '../../stores/postgres/audit';
import type { WallTransaction } from '../../stores/postgres/wall';
import { hashOfToken } from '../credentials/link-tokens';
import { lockAccount, revokeOtherCredentials } from '../credentials/revoke-credentials';
import { setPasswordByLetter } from '../credentials/take-over';
import { findInvitation } from './rows';

/** The account of the invited address, as the way to accept depends on it. */
export interface InvitedAccount {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly verified: boolean;
  readonly suspended: boolean;
  readonly works: boolean;
  readonly hasPassword: boolean;
  /** Has it a second factor already? Then the role is in force at once, and every login shows it first. */
  readonly hasFactor: boolean;
}

/** The account of an address; null where there is none. */
export async function findInvited(db: WallTransaction, email: string): Promise<InvitedAccount | null> {
  const row = await db.account.findUnique({
    where: { email },
    select: {
      ...{ id: true, email: true, name: true, verifiedAt: true, state: true, role: true, passwordHash: true },
      ...{ totpConfirmedAt: true, passkeys: { select: { id: true }, take: 1 } },
    },
  });
  return (
    row && {
      ...{ id: row.id, email: row.email, name: row.name },
      verified: row.verifiedAt !== null,
      suspended: row.state === 'suspended',
      works: row.role !== 'reader',
      hasPassword: row.passwordHash !== null,
      hasFactor: row.totpConfirmedAt !== null || row.passkeys.length > 0,
    }
  );
}

/** By what somebody shows that the address is theirs, besides having the letter. */
export type AcceptedBy =
  /** There is no account: it is made. */
  | { readonly as: 'new'; readonly name: string; readonly passwordHash: string }
  /** There is one whose address was never confirmed, so it may be somebody else's: whoever has the mailbox takes it. */
  | { readonly as: 'claim'; readonly id: string; readonly passwordHash: string }
  /** Its password was typed, or it is logged in. */
  | { readonly as: 'owner'; readonly id: string };

/** An invitation that was accepted. */
export interface Accepted {
  readonly id: string;
  readonly role: StaffRole;
}

/**
 * Accepts an invitation, once, in the registrar's transaction with its audit entry: the account has the role from then
 * on, and it is in force once there is a second factor. Every login ends, as when a role is given by hand. Null:
 * the link is worth nothing any more, or the account has changed meanwhile so that it must be asked again.
 */
export async function acceptInvitation(
  db: WallTransaction,
  token: string,
  by: AcceptedBy,
  from: NonNullable<AuditDraft['from']>,
  now: Date,
): Promise<Accepted | null> {
  // Two who accept come one after the other, and so does whoever takes it back or takes the inviter's role.
  await db.$queryRaw`SELECT 1 FROM invitations WHERE hash = ${hashOfToken(token)} FOR UPDATE`;
  await db.$queryRaw`SELECT 1 FROM accounts WHERE id =
    (SELECT inviter_id FROM invitations WHERE hash = ${hashOfToken(token)}) FOR SHARE`;
  const invitation = await findInvitation(db, token, now);
  if (!invitation) return null;
  const id = await takeAccount(db, invitation, by, now);
  if (id === null) return null;
  const { role, email } = invitation;
  await db.account.update({ where: { id }, data: { role }, select: { id: true } });
  await db.invitation.update({
    where: { id: invitation.id },
    data: { acceptedAt: now, acceptedById: id },
    select: { id: true },
  });
  await writeAudit(db, {
    ...{ at: now, from, action: 'invitation-accepted', actor: { id, name: email } },
    target: { kind: 'account', id, name: email },
    before: { role: by.as === 'new' ? null : 'reader' },
    after: { role },
  });
  return { id, role };
}

/** The id of the account that accepts, made or made its owner's; null where it is another than was asked about. */
async function takeAccount(
  db: WallTransaction,
  { email, lang }: { readonly email: string; readonly lang: string },
  by: AcceptedBy,
  now: Date,
): Promise<string | null> {
  if (by.as === 'new') {
    const id = randomUUID();
    const { name, passwordHash } = by;
    const account = { id, email, name, lang, passwordHash, verifiedAt: now, createdAt: now };
    const { count } = await db.account.createMany({ data: [account], skipDuplicates: true });
    return count === 1 ? id : null;
  }
  await lockAccount(db, by.id);
  const found = await findInvited(db, email);
  if (found?.id !== by.id || found.suspended || found.works || found.verified !== (by.as === 'owner')) return null;
  if (by.as === 'claim') return (await setPasswordByLetter(db, by.id, by.passwordHash, now)) ? by.id : null;
  await revokeOtherCredentials(db, by.id, null, now);
  return by.id;
}
