import { invitationState, type InvitationState, type InviterFacts, type StaffRole } from '../../access/invitations';
import type { AccountRole } from '../../access/account-access';
import type { WallTransaction } from '../../stores/postgres/wall';
import { hashOfToken, newToken } from '../credentials/link-tokens';
import { writeInvitationLetter } from './letters';

/** Milliseconds the link of an invitation lives: a week, in which somebody is back from a journey. */
export const INVITATION_LIFE = 7 * 24 * 3_600_000;

/** What is read of whoever invited. */
export const INVITER_COLUMNS = {
  select: {
    name: true,
    role: true,
    state: true,
    totpConfirmedAt: true,
    passkeys: { select: { id: true }, take: 1 },
  },
} as const;

/** The facts of whoever invited, as `INVITER_COLUMNS` reads them. */
export const inviterFacts = (
  row: {
    readonly role: AccountRole;
    readonly state: 'active' | 'suspended';
    readonly totpConfirmedAt: Date | null;
    readonly passkeys: readonly unknown[];
  } | null,
): InviterFacts | null =>
  row && {
    role: row.role,
    state: row.state,
    hasSecondFactor: row.totpConfirmedAt !== null || row.passkeys.length > 0,
  };

/** An invitation as its link finds it. */
export interface Invitation {
  readonly id: string;
  readonly email: string;
  readonly role: StaffRole;
  readonly lang: string;
  readonly state: InvitationState;
}

/** The invitation of a token that can be accepted now; null for any other, and for what never was one. */
export async function findInvitation(db: WallTransaction, token: string, now: Date): Promise<Invitation | null> {
  const row = await db.invitation.findUnique({
    where: { hash: hashOfToken(token) },
    include: { inviter: INVITER_COLUMNS },
  });
  if (!row || row.role === 'reader') return null;
  const state = invitationState({ ...row, inviter: inviterFacts(row.inviter) }, now);
  return state === 'waiting' ? { id: row.id, email: row.email, role: row.role, lang: row.lang, state } : null;
}

/** What an admin asks for. */
export interface InvitationDraft {
  /** The id it is to have. */
  readonly id: string;
  /** In its one form. */
  readonly email: string;
  readonly role: StaffRole;
  readonly lang: string;
  readonly inviterId: string;
}

/**
 * Makes an invitation with its letter, in the registrar's transaction. One to the same address that is over, but was
 * neither accepted nor taken back, is taken back: an address has one open invitation, as Postgres holds too.
 */
export async function invite(db: WallTransaction, draft: InvitationDraft, now: Date): Promise<void> {
  const { email } = draft;
  await db.invitation.updateMany({
    where: { email, acceptedAt: null, revokedAt: null },
    data: { revokedAt: now },
  });
  const token = newToken();
  const times = { createdAt: now, sentAt: now, expiresAt: new Date(now.getTime() + INVITATION_LIFE) };
  await db.invitation.create({
    data: { ...draft, ...times, hash: hashOfToken(token) },
    select: { id: true },
  });
  await writeInvitationLetter(db, draft, token);
}

/**
 * Sends an invitation again, in the name of whoever does: with another link, which replaces the one before, and another
 * end.
 */
export async function resendInvitation(
  db: WallTransaction,
  { id, email, role, lang }: Pick<Invitation, 'id' | 'email' | 'role' | 'lang'>,
  inviterId: string,
  now: Date,
): Promise<void> {
  const token = newToken();
  await db.invitation.update({
    where: { id },
    data: {
      ...{ hash: hashOfToken(token), inviterId, sentAt: now },
      expiresAt: new Date(now.getTime() + INVITATION_LIFE),
    },
    select: { id: true },
  });
  await writeInvitationLetter(db, { email, role, lang }, token);
}
