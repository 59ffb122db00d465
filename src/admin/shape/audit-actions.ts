/** What is done about the shape of a briefing, as the audit log names it. */
export const SHAPE_AUDIT_ACTIONS = [
  'word-made',
  'word-renamed',
  'word-moved',
  'word-retired',
  'word-offered',
  'word-deleted',
] as const;
