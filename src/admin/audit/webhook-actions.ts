/** What is done with webhooks that go out, by the names the log and the section's notices have. */
export const WEBHOOK_AUDIT_ACTIONS = [
  'webhook-made',
  'webhook-rotated',
  'webhook-paused',
  'webhook-resumed',
  'webhook-deleted',
  'webhook-sent-again',
] as const;
