/** The kinds of passages: everything gated is one of these. The names stand in files, addresses and the API alike. */
export const PASSAGE_KINDS = ['trend', 'organization', 'evidence', 'failure-path', 'source-note'] as const;

export type PassageKind = (typeof PASSAGE_KINDS)[number];
