import type { Matrix } from '../../access/matrix';
import type { BriefingShape } from '../../site/shape/shape';
import type { OrganizationOption } from './parse-rows';

/** What a form is read against. */
export interface FormContext {
  readonly shape: BriefingShape;
  readonly langs: readonly string[];
  /** The publication's time zone, in which moments are typed. */
  readonly zone: string;
  readonly categories: readonly string[];
  /** Which category has each slug that one had before: a form may have been opened then. */
  readonly formerCategories: ReadonlyMap<string, string>;
  readonly organizations: readonly OrganizationOption[];
  /** Which organization has each slug that one had before. */
  readonly formerOrganizations: ReadonlyMap<string, string>;
  /** The names of those who may have written it, by their slugs. */
  readonly authors: ReadonlyMap<string, string>;
  /** Which author has each slug that one had before. */
  readonly formerAuthors: ReadonlyMap<string, string>;
  readonly matrix: Matrix;
}
