import { ACCOUNT_ROLES, type AccountRole } from './account-access';

/** A role that somebody can be invited to: whoever has one works here. */
export type StaffRole = Exclude<AccountRole, 'reader'>;
export const STAFF_ROLES: readonly StaffRole[] = ACCOUNT_ROLES.filter((role) => role !== 'reader');

/** What the rule must know of whoever invited; null where the account is gone. */
export interface InviterFacts {
  readonly role: AccountRole;
  readonly state: 'active' | 'suspended';
  readonly hasSecondFactor: boolean;
}

/** What the rule must know of an invitation. All times are UTC moments. */
export interface InvitationFacts {
  /** The first moment its link is worth nothing. */
  readonly expiresAt: Date;
  readonly acceptedAt: Date | null;
  readonly revokedAt: Date | null;
  readonly inviter: InviterFacts | null;
}

/** `void`: whoever invited may not give a role any more. */
export const INVITATION_STATES = ['waiting', 'accepted', 'expired', 'revoked', 'void'] as const;
export type InvitationState = (typeof INVITATION_STATES)[number];

/**
 * Where an invitation stands at a moment. It gives no more than whoever made it may give at that moment: an admin whose
 * role is in force, and nobody else.
 */
export function invitationState(
  { expiresAt, acceptedAt, revokedAt, inviter }: InvitationFacts,
  now: Date,
): InvitationState {
  if (acceptedAt !== null) return 'accepted';
  if (revokedAt !== null) return 'revoked';
  if (inviter === null || inviter.role !== 'admin' || inviter.state !== 'active' || !inviter.hasSecondFactor)
    return 'void';
  return expiresAt <= now ? 'expired' : 'waiting';
}
