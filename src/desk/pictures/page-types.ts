import type { DeskFrame, Link, Removed, Sides, TierName } from '../page-types';

/** What the templates of these sections print. */

export interface CoverPage {
  readonly frame: DeskFrame;
  readonly action: string;
  /** Where the cover is taken away; null where there is none. */
  readonly remove: string | null;
  /** The cover there was before; null where it was not changed a short while ago. */
  readonly removed: Removed | null;
  readonly editor: string;
  /** Names the cover and the words that the page shows. */
  readonly version: string;
  readonly cover: {
    readonly src: string;
    readonly width: number;
    readonly height: number;
    readonly text: string;
  } | null;
  readonly hint: string;
  readonly wrong: string | null;
  readonly pictureError: string | null;
  readonly alts: Sides;
}

export interface PicturesPage {
  readonly frame: DeskFrame;
  readonly action: string;
  readonly editor: string;
  readonly hint: string;
  readonly wrong: string | null;
  readonly removed: readonly Removed[];
  readonly rows: readonly {
    readonly name: string;
    /** Has it come just now? */
    readonly added: boolean;
    readonly anchor: string;
    readonly src: string;
    readonly width: number;
    readonly height: number;
    readonly size: string;
    /** The Markdown that shows it. */
    readonly line: string;
    readonly lineId: string;
    /** The texts that show it, each with who reads it. */
    readonly places: readonly (Link & { readonly tier: TierName; readonly readers: string })[];
    /** Null while a text shows it. */
    readonly remove: string | null;
  }[];
}
