import type { LocalizedText } from '../../briefings/reading/page-types';
import type { DeskFrame, Link } from '../page-types';

/** What the templates of these sections print. */

/** The samples: how many there are, which of them were changed, and what may be done. */
export interface SamplesPage {
  readonly frame: DeskFrame;
  readonly text: string;
  readonly changed: readonly { readonly title: LocalizedText; readonly href: string }[];
  readonly actions: readonly Link[];
}

export interface ImportPage {
  readonly frame: DeskFrame;
  readonly samples: Link;
  readonly action: string;
  readonly faults: readonly string[];
  readonly result: (Link & { readonly text: string }) | null;
}
