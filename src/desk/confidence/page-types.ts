import type { DeskFrame } from '../page-types';

/** What the templates of these sections print. */

/** The confidence rule, and what another one would change. */
export interface ConfidencePage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly wrong: string | null;
  /** May whoever looks at it change it? */
  readonly may: boolean;
  readonly bands: readonly {
    readonly name: string;
    readonly heading: string;
    readonly text: string;
    readonly sources: string;
    readonly lowRisk: string;
    readonly notAllHigh: boolean;
    readonly error: string | null;
  }[];
  readonly ask: {
    readonly version: string;
    readonly hidden: readonly { readonly name: string; readonly value: string }[];
    readonly changes: readonly { readonly heading: string; readonly before: string; readonly after: string }[];
    readonly text: string;
  } | null;
}
