/** What the log calls what is done with invitations; somebody who accepts one leaves the last of them. */
export const INVITATION_AUDIT_ACTIONS = [
  'invitation-sent',
  'invitation-resent',
  'invitation-revoked',
  'invitation-accepted',
] as const;
