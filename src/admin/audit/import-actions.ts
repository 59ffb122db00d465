/** What is done with people who are brought in from elsewhere, by the names the log and the sections' notices have. */
export const IMPORT_AUDIT_ACTIONS = [
  'import-received',
  'import-run',
  'import-stopped',
  'import-resumed',
  'import-taken-back',
  'import-removed',
  'price-adopted',
] as const;
export type ImportAuditAction = (typeof IMPORT_AUDIT_ACTIONS)[number];
