import type { Matrix } from '../../access/matrix';
import type { BriefingShape } from '../../site/shape/shape';

/** What a briefing must agree with before it can be taken in. */
export interface ImportContext {
  readonly categories: readonly string[];
  /** Which category has each slug that one had before. */
  readonly formerCategories: ReadonlyMap<string, string>;
  readonly matrix: Matrix;
  readonly shape: BriefingShape;
  /** Organizations already known, by slug. */
  readonly organizations: ReadonlyMap<string, { readonly name: string; readonly url: string | null }>;
  /** Which organization has each slug that one had before. */
  readonly formerOrganizations: ReadonlyMap<string, string>;
  /** The names of authors already known, by slug. */
  readonly authors: ReadonlyMap<string, string>;
  /** Which author has each slug that one had before. */
  readonly formerAuthors: ReadonlyMap<string, string>;
  /** Who holds a slug now or held it before: the slug of that briefing, by slug. */
  readonly slugs: ReadonlyMap<string, string>;
}
