/** Taking the whole publication out, and bringing it in, by the names the log has. */
export const ARCHIVE_AUDIT_ACTIONS = ['archive-exported', 'archive-imported'] as const;
