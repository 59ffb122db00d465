/**
 * What is done to a briefing, by the names its entries in the audit log carry: written by the desk, told by the admin
 * sections.
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
  'revision-closed',
  'revision-reopened',
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

/** What is said of a briefing's place on the front page. */
export const FRONT_AUDIT_ACTIONS = ['front-led', 'front-shelved', 'front-hidden', 'front-released'] as const;
export type FrontAuditAction = (typeof FRONT_AUDIT_ACTIONS)[number];

/** What is done to an author. */
export const AUTHOR_AUDIT_ACTIONS = ['author-made', 'author-changed', 'author-deleted'] as const;
export type AuthorAuditAction = (typeof AUTHOR_AUDIT_ACTIONS)[number];

/** What is done to an organization. */
export const ORGANIZATION_AUDIT_ACTIONS = [
  'organization-made',
  'organization-changed',
  'organization-merged',
  'organization-deleted',
] as const;

/** What is done to the rules of the desk. */
export const RULE_AUDIT_ACTIONS = ['confidence-rule-changed'] as const;

/** What is done to the samples as a whole. */
export const SAMPLE_AUDIT_ACTIONS = ['samples-loaded', 'samples-removed'] as const;

/** What is done with what goes out to many. */
export const ISSUE_AUDIT_ACTIONS = ['issue-queued', 'issue-paused', 'issue-resumed', 'issue-stopped'] as const;
