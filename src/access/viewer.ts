/**
 * In whose name a transaction is opened. `reader` reads what is published, up to a rank; `preview` is the desk reading
 * as a tier would, drafts included; `editor` writes; `admin` writes what an editor does, and the tiers and the matrix;
 * `registrar` keeps accounts and reads nothing else; `porter` carries the bytes of pictures, and sees no text for it.
 */
export type Role = 'reader' | 'preview' | 'editor' | 'admin' | 'registrar' | 'porter';

/** Whoever asks. The rank is the highest among the grants active now; a visitor has none. */
export interface Viewer {
  readonly role: Role;
  readonly rank: number;
  /**
   * The id of a briefing that is given to them: the rank counts there, and everywhere else they are a visitor. Postgres
   * holds to it (docs/decisions/0065-a-gift-opens-one-briefing.md).
   */
  readonly gift?: string;
}

/** Above every tier there can be (`tiers_rank_range` allows 0 to 1000). */
export const HIGHEST_RANK = 1000;

/** Somebody without a session. */
export const visitor: Viewer = { role: 'reader', rank: 0 };

/** Somebody who opens a briefing that a member has given away. */
export const giftViewer = (briefing: string, rank: number): Viewer => ({ role: 'reader', rank, gift: briefing });

/** Who they are outside of what is given to them. */
export const besidesGift = (viewer: Viewer): Viewer => (viewer.gift === undefined ? viewer : visitor);

/** The desk at work: the importer, and later an editor. Reads and writes everything that is published or to be. */
export const editorialViewer: Viewer = { role: 'editor', rank: HIGHEST_RANK };

/** An admin who changes what a tier says or costs, or what it opens: nobody else does, and Postgres holds to it. */
export const adminViewer: Viewer = { role: 'admin', rank: HIGHEST_RANK };

/** The keeper of accounts, logins, grants and letters. */
export const accountsViewer: Viewer = { role: 'registrar', rank: 0 };

/** Carries the bytes of pictures between Postgres and the bucket. */
export const picturesViewer: Viewer = { role: 'porter', rank: 0 };
