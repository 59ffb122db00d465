import type { Embargo } from '../access/briefings';
import { CHOICE_FIELDS, eachText, type Choice, type Choices, type TextProperty } from './fields';
import type { Axis, Level, PictureFormat, State } from './vocabulary';

/** Begins the keys of rows that have not been given a lasting one. */
export const TEMPORARY_KEY = 'wip-';

/**
 * One briefing, whole: what a folder of files says and what the database holds, in one shape. A choice is null where
 * nobody has made it yet: never in what is published.
 */
export interface BriefingContent extends MaybeChosen {
  readonly slug: string;
  readonly formerly: readonly string[];
  readonly state: State;
  readonly published: Date | null;
  /** Published for a tier first; for the others from a moment on. */
  readonly early: Embargo | null;
  readonly updated: Date | null;
  readonly category: string;
  readonly sources: readonly SourceContent[];
  readonly organizations: readonly OrganizationContent[];
  /** Who wrote it, in the order of its byline. */
  readonly authors: readonly AuthorContent[];
  /** Own tiers of passages stricter than their kind, by `kind/key`. */
  readonly stricter: Readonly<Record<string, string>>;
  /** The first moments (UTC, to the second) at which these own tiers no longer count, by `kind/key`. */
  readonly until: Readonly<Record<string, Date>>;
  readonly cover: Picture | null;
  /** Pictures that its texts may name, by their file names. As far as somebody reads: those in the texts at hand. */
  readonly figures: Readonly<Record<string, Picture>>;
  /** The language whose file carries all of the above. */
  readonly original: string;
  readonly editions: Readonly<Record<string, EditionContent>>;
}

/** A picture by what it is; its bytes lie in the folder, in the table `pictures`, or in the bucket. */
export interface Picture {
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly id: string;
  readonly format: PictureFormat;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

export interface SourceContent {
  readonly key: string;
  readonly url: string;
  readonly risk: Level;
}

export interface OrganizationContent {
  readonly key: string;
  readonly name: string;
  readonly url: string | null;
}

/** An author by their slug. Everything else of them stands in their own rows. */
export interface AuthorContent {
  readonly key: string;
  readonly name: string;
}

/** The texts of one language. What is missing is null, absent or empty. */
export interface EditionContent extends Readonly<Record<TextProperty, string | null>> {
  readonly explanations: Readonly<Partial<Record<Axis, string>>>;
  /** By the slugs of facts. */
  readonly facts: Readonly<Record<string, string>>;
  /** By the slugs of lists. */
  readonly lists: Readonly<Record<string, readonly string[]>>;
  readonly sources: Readonly<Record<string, { readonly title: string | null; readonly description: string | null }>>;
  /** Public Markdown, without blank lines at either end. */
  readonly body: string;
  readonly passages: readonly PassageContent[];
}

export interface PassageContent {
  /** Slug of its kind. */
  readonly kind: string;
  readonly key: string;
  readonly text: string;
}

/** An edition that says nothing yet. */
export const EMPTY_EDITION: EditionContent = {
  ...eachText(() => null),
  ...{ explanations: {}, facts: {}, lists: {}, sources: {}, body: '', passages: [] },
};

type MaybeChosen = { readonly [Name in Choice]: Choices[Name] | null };

/** A briefing in which everything has been chosen. */
export type ChosenContent = BriefingContent & Choices;

/** What nobody has chosen yet. */
export const unchosenIn = (content: Pick<BriefingContent, Choice>): Choice[] =>
  CHOICE_FIELDS.map(({ name }) => name).filter((name) => content[name] === null);

/**
 * The content as one in which everything has been chosen, as whatever is published must be.
 * @throws when something has not: it is printed nowhere.
 */
export function chosen(content: BriefingContent): ChosenContent {
  const missing = unchosenIn(content);
  if (missing.length > 0) throw new Error(`nobody has chosen ${missing.join(', ')} of ${content.slug}`);
  return content as ChosenContent;
}
