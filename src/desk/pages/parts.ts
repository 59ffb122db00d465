import type { DeskParts } from '../parts';

/** What the section of pages is made of. */
export interface PagesParts extends DeskParts {
  /** The first parts of the addresses that routes answer: no page takes one of these. */
  readonly reserved: () => ReadonlySet<string>;
}
