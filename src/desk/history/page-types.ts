import type { LocalizedText } from '../../briefings/reading/page-types';
import type { Run } from '../../briefings/word-diff';
import type { DeskFrame, Moment, StateMark, TierName } from '../page-types';

/** What the templates of these sections print. */

export interface RevisionsPage {
  readonly frame: DeskFrame;
  readonly mostPoints: number;
  /** What the working copy said before; the youngest first. */
  readonly points: readonly { readonly label: string; readonly href: string; readonly moment: Moment }[];
  readonly rows: readonly {
    readonly number: string;
    readonly href: string;
    readonly moment: Moment;
    readonly by: string;
    readonly origin: string;
    readonly state: StateMark | null;
    readonly current: boolean;
    /** What readers have or had of it; null: they never had it. */
    readonly readers: string | null;
  }[];
}

export interface RevisionPage {
  readonly frame: DeskFrame;
  readonly moment: Moment;
  readonly by: string;
  readonly changes: readonly {
    readonly label: string;
    readonly tier: TierName | null;
    readonly runs: readonly Run[];
  }[];
  /** Why it was not restored. */
  readonly wrong: string | null;
  /** What is said where nothing differs. */
  readonly same: string;
  readonly restore: string | null;
  readonly restoreLabel: string;
  readonly restoreText: string;
  /** What readers may do with it, where they had it and have another now; else null. */
  readonly readers: {
    readonly text: string;
    /** Why it is closed; null: it is open. */
    readonly reason: LocalizedText | null;
    /** To its address; null: it is closed. */
    readonly see: { readonly label: string; readonly href: string } | null;
    readonly act: { readonly label: string; readonly href: string };
  } | null;
}

/** A revision that is to be closed to readers, or opened again. */
export interface ClosePage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly text: string;
  /** Null: none is asked for. */
  readonly reason: {
    readonly value: string;
    readonly lang: string;
    readonly longest: number;
    readonly error: string | null;
  } | null;
  readonly earlier: { readonly label: string; readonly checked: boolean } | null;
  readonly do: string;
  readonly back: string;
}
