/** What the log calls what is done with subscribers who have no account. */
export const SUBSCRIBER_AUDIT_ACTIONS = [
  'subscriber-removed',
  'subscriber-block-lifted',
  'subscribers-exported',
] as const;
