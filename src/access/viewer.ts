/** What somebody may do beyond reading: `preview` is the desk reading as a tier would, drafts included. */
export type Role = 'reader' | 'support' | 'editor' | 'admin' | 'preview';

/** Whoever asks. The rank is the highest among the grants active now; a visitor has none. */
export interface Viewer {
  readonly role: Role;
  readonly rank: number;
}

/** Above every tier there can be (`tiers_rank_range` allows 0 to 1000). */
export const HIGHEST_RANK = 1000;

/** Somebody without a session. */
export const visitor: Viewer = { role: 'reader', rank: 0 };

/** The desk at work: the importer, and later an editor. Reads and writes everything. */
export const desk: Viewer = { role: 'editor', rank: HIGHEST_RANK };
