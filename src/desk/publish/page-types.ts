import type { LocalizedText } from '../../briefings/reading/page-types';
import type { DeskFrame, FindingView, Moment, Sides, StateMark } from '../page-types';

/** What the templates of these sections print. */

export interface PublishPage {
  readonly frame: DeskFrame;
  /** Names the text that the page shows. */
  readonly version: string;
  readonly state: StateMark;
  readonly stateText: string;
  readonly faults: readonly FindingView[];
  readonly missing: readonly FindingView[];
  readonly warnings: readonly FindingView[];
  readonly allGood: string | null;
  /** That embargoes are over, where there were any. */
  readonly passed: string | null;
  readonly action: string;
  /** What may be done now; each with what will happen. */
  readonly acts: readonly {
    readonly name: string;
    readonly label: string;
    readonly text: string;
    readonly when: {
      readonly label: string;
      readonly hint: string;
      readonly value: string;
      readonly error: string | null;
      /** Instead of the field: the moments that a time of the clock may mean. */
      readonly meant: readonly { readonly value: string; readonly label: string }[];
    } | null;
    /** What has to be said before it is done; `error` where it was not. */
    readonly ask: { readonly label: string; readonly id: string; readonly error: string | null } | null;
    readonly strong: boolean;
    readonly updated: boolean;
  }[];
  readonly blocked: string | null;
  /** Why nothing was done, and where to put it right. */
  readonly wrong: { readonly text: string; readonly href: string | null } | null;
  readonly corrections: {
    readonly action: string;
    readonly submissionId: string;
    readonly sides: Sides;
    readonly error: string | null;
    readonly rows: readonly { readonly day: Moment; readonly text: LocalizedText; readonly withdraw: string }[];
  } | null;
  readonly remove: string | null;
}

export interface DeletePage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly text: string;
  readonly back: string;
}
