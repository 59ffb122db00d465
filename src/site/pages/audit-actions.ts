/** What is done to a page of the publisher's own, by the names its entries in the audit log carry. */
export const PAGE_AUDIT_ACTIONS = [
  'page-begun',
  'page-published',
  'page-scheduled',
  'page-unscheduled',
  'page-archived',
  'page-unarchived',
  'page-moved',
  'page-restored',
  'page-discarded',
  'page-deleted',
] as const;
export type PageAuditAction = (typeof PAGE_AUDIT_ACTIONS)[number];
