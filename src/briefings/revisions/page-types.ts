import type { Run } from '../word-diff';
import type { Link, LocalizedText, TierMark } from '../reading/page-types';

/** What the templates of these pages print. */

export interface Moment {
  /** ISO 8601, UTC. */
  readonly iso: string;
  readonly text: string;
}

export interface RevisionsPage {
  readonly title: LocalizedText;
  readonly back: string;
  /** Newest first. */
  readonly rows: readonly {
    readonly name: string;
    readonly href: string;
    readonly published: Moment;
    /** Until when readers had it; null: they have it now. */
    readonly ended: Moment | null;
    /** Why it cannot be opened; null: it can. */
    readonly closed: LocalizedText | null;
    /** What changed since the one before it that is open; null: there is none. */
    readonly changes: string | null;
  }[];
}

export interface ChangesPage {
  readonly title: LocalizedText;
  readonly back: string;
  readonly from: Link & { readonly published: Moment };
  readonly to: Link & { readonly published: Moment };
  /** Field by field, in what the viewer may read. */
  readonly changes: readonly {
    readonly label: string;
    /** Of what is not open to everybody. */
    readonly tier: TierMark | null;
    readonly runs: readonly Run[];
  }[];
  /** Is there anything in either that the viewer may not read? */
  readonly gated: boolean;
}
