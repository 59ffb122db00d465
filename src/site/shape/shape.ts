import { textsIn, type Language } from '../../lib/language';

/** How many texts of a kind a briefing has, and what they hang on. */
export const KIND_SHAPES = ['one-text', 'list', 'per-source', 'per-organization'] as const;
export type KindShape = (typeof KIND_SHAPES)[number];

/** What gates promise by name (`gate.heading.<group>`): kinds of one group stand under one heading. */
export const GATE_GROUPS = ['context', 'proof', 'other'] as const;
export type GateGroup = (typeof GATE_GROUPS)[number];

/** Where a list stands on a page: in the story, or beside it among the facts. */
export const LIST_PLACES = ['story', 'aside'] as const;
export type ListPlace = (typeof LIST_PLACES)[number];

/** What a word is called in one language. */
export interface WordText {
  readonly lang: string;
  readonly name: string;
  /**
   * The longer form, where there is one: the heading above passages of a kind, `Low impact` for an impact, the sentence
   * with `{percent}` of a confidence band.
   */
  readonly long: string | null;
}

/** One value that a field of a briefing may have, or one such field: its slug never changes, its names do. */
export interface Word {
  readonly slug: string;
  readonly texts: readonly WordText[];
  /** Offered no more; what says it still does. */
  readonly retired: boolean;
  /** Its place in files: the order in which words were made, whatever order pages show them in. */
  readonly made: number;
}

/** A sort of gated text. */
export interface PassageKind extends Word {
  readonly shape: KindShape;
  /** May a text go without a key in files, and has the kind's slug as its key then? */
  readonly keyless: boolean;
  readonly gateGroup: GateGroup;
  /** What its texts are called in the desk's form: `kind-<slug>`, but for the kinds that are delivered. */
  readonly field: string;
}

/**
 * Names a kind among other fields of a form and other parts of a page: none of them begins with `kind-`, and none is
 * called like a kind that is delivered.
 */
export const kindName = ({ slug, field }: PassageKind): string => (field === `kind-${slug}` ? field : slug);

/** A list of a briefing. */
export interface ListWord extends Word {
  readonly place: ListPlace;
  /** The name of its section on the page. */
  readonly anchor: string;
  /** Does it stand beside the title in files and answers, and not in the block `lists`? */
  readonly topLevel: boolean;
}

/** What a briefing is made of, as the publisher says it: each table in the order in which pages show it. */
export interface BriefingShape {
  readonly kinds: readonly PassageKind[];
  readonly types: readonly Word[];
  readonly domains: readonly Word[];
  readonly facts: readonly Word[];
  readonly lists: readonly ListWord[];
  readonly impact: readonly Word[];
  readonly relevance: readonly Word[];
  readonly horizon: readonly Word[];
  readonly bands: readonly Word[];
}

/** The tables of a shape. */
export type ShapeGroup = keyof BriefingShape;

/** The shape as it stands now, for whatever keeps no copy of it. */
export interface CurrentShape {
  readonly current: BriefingShape;
}

/** The word of that slug; undefined where there is none. */
export const wordOf = <One extends Word>(words: readonly One[], slug: string): One | undefined =>
  words.find((one) => one.slug === slug);

/** The language a word is asked for in, and the one it is said in where that one lacks it. */
type Reading = Pick<Language, 'code' | 'firstCode'>;

/** What a word is called in a language. */
export const nameIn = (word: Word, { code, firstCode }: Reading): string =>
  textsIn(word.texts, code, firstCode)?.name ?? word.slug;

/** Its longer form in a language, or its name. */
export const longNameIn = (word: Word, language: Reading): string =>
  textsIn(word.texts, language.code, language.firstCode)?.long ?? nameIn(word, language);

/** What the word of that slug is called; the slug itself where nobody knows it. */
export function nameOf(words: readonly Word[], slug: string, language: Reading): string {
  const word = wordOf(words, slug);
  return word ? nameIn(word, language) : slug;
}

/** The longer form of the word of that slug; the slug itself where nobody knows it. */
export function longNameOf(words: readonly Word[], slug: string, language: Reading): string {
  const word = wordOf(words, slug);
  return word ? longNameIn(word, language) : slug;
}

/** Those that are offered now, and besides them the one that is chosen already. */
export const offered = <One extends Word>(words: readonly One[], chosen: string | null = null): One[] =>
  words.filter(({ retired, slug }) => !retired || slug === chosen);

/** The slugs in the order of files. */
export const filedSlugs = (words: readonly Word[]): string[] =>
  [...words].sort((a, b) => a.made - b.made).map(({ slug }) => slug);

/** The slug of a word as answers to programs spell it: `signal-type` as `signalType`. */
export const camelCase = (slug: string): string =>
  slug.replace(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase());
