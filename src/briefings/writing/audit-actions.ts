/**
 * What is done to a briefing, by the names its entries in the audit log carry: written by the desk, told by the admin
 * rooms.
 */
export const BRIEFING_AUDIT_ACTIONS = [
  'briefing-begun',
  'briefing-imported',
  'briefing-exported',
  'briefing-restored',
  'briefing-discarded',
  'briefing-deleted',
  'briefing-published',
  'briefing-scheduled',
  'briefing-submitted',
  'briefing-kept',
  'briefing-returned',
  'briefing-unpublished',
  'briefing-archived',
  'correction-added',
  'correction-withdrawn',
] as const;
export type BriefingAuditAction = (typeof BRIEFING_AUDIT_ACTIONS)[number];

/** What is done to a category. */
export const CATEGORY_AUDIT_ACTIONS = [
  'category-made',
  'category-changed',
  'category-moved',
  'category-deleted',
] as const;
export type CategoryAuditAction = (typeof CATEGORY_AUDIT_ACTIONS)[number];

/** What is done to the rules of the desk. */
export const RULE_AUDIT_ACTIONS = ['confidence-rule-changed'] as const;

/** What is done to the samples as a whole. */
export const SAMPLE_AUDIT_ACTIONS = ['samples-loaded', 'samples-removed'] as const;
