/** What is done to a member's payments, by the last part of its address. */
export const BILLING_ACTIONS = ['sync', 'cancel-end', 'cancel-now', 'keep', 'refund', 'letter'] as const;
export type BillingActionName = (typeof BILLING_ACTIONS)[number];

/** What the audit log calls it. */
export const billingAuditAction = (name: BillingActionName) => `billing-${name}` as const;

/** Everything the log can tell of the billing section. */
export const BILLING_AUDIT_ACTIONS = [
  ...BILLING_ACTIONS.map(billingAuditAction),
  'billing-unsure',
  'alarm-settled',
  'alarm-reopened',
  'reconcile-asked',
  'event-viewed',
  'event-replayed',
  'events-replayed',
  'customer-repaired',
  'inbox-exported',
  'alarms-exported',
] as const;

/** Everything the section can say has just been done. */
export const BILLING_NOTICES = [
  ...BILLING_ACTIONS.map(billingAuditAction),
  'billing-unread',
  'alarm-settled',
  'alarm-reopened',
  'reconcile-asked',
  'event-replayed',
  'events-replayed',
  'customer-repaired',
] as const;
