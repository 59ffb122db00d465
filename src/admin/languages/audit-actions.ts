/** What is done about languages and their phrases, as the audit log names it. */
export const PHRASE_AUDIT_ACTIONS = ['phrase-changed', 'phrase-reset'] as const;
