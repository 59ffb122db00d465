/**
 * The fields of a briefing that are one text or one choice, each a row that says everything about it. Whatever carries
 * a briefing goes through these tables: file, form, check, rows, revision, history, page, API, search and leak oracle.
 * What has a shape of its own (body, sources, organizations, passages, the cover) is named by each of them.
 */

/** A text of one line in each language. */
interface TextField {
  /** In files and in the form, where the phrases are `desk.field.<name>` and `desk.hint.<name>`. */
  readonly name: string;
  /** In `EditionContent`, in the table `editions`, on the page and in answers. */
  readonly property: string;
  /** Characters it may have. */
  readonly longest: number;
  /** Where the editor's page has it: at the top, beside the axis it names, or with the cover. */
  readonly editor: 'head' | 'classification' | 'cover';
  /** Do page and answers have it beside the title? The others stand where they belong: null. */
  readonly reader: 'text' | null;
  /** Does a search look for its words together with the body's? */
  readonly search: 'body' | null;
}

/** In the order of files. */
export const TEXT_FIELDS = [
  { name: 'title', property: 'title', longest: 200, editor: 'head', reader: null, search: null },
  { name: 'summary', property: 'summary', longest: 600, editor: 'head', reader: 'text', search: null },
  { name: 'lead', property: 'lead', longest: 1200, editor: 'head', reader: 'text', search: 'body' },
  { name: 'topic', property: 'topic', longest: 200, editor: 'classification', reader: null, search: 'body' },
  { name: 'cover-alt', property: 'coverAlt', longest: 300, editor: 'cover', reader: null, search: null },
] as const satisfies readonly TextField[];

type AnyTextField = (typeof TEXT_FIELDS)[number];
export type TextName = AnyTextField['name'];
export type TextProperty = AnyTextField['property'];
/** Those that page and answers have beside the title. */
export type ReaderText = Extract<AnyTextField, { reader: 'text' }>['property'];
export const READER_TEXTS = TEXT_FIELDS.filter(({ reader }) => reader === 'text').map(
  ({ property }) => property as ReaderText,
);

/** A value for each of those. */
export const eachReaderText = <Value>(of: (property: ReaderText) => Value): Readonly<Record<ReaderText, Value>> =>
  Object.fromEntries(READER_TEXTS.map((property) => [property, of(property)])) as Record<ReaderText, Value>;

/** The field of that name. */
export const textField = <Name extends TextName>(name: Name): Extract<AnyTextField, { name: Name }> =>
  TEXT_FIELDS.find((one) => one.name === name) as Extract<AnyTextField, { name: Name }>;

/** A value for each of the texts. */
export const eachText = <Value>(of: (field: AnyTextField) => Value): Readonly<Record<TextProperty, Value>> =>
  Object.fromEntries(TEXT_FIELDS.map((field) => [field.property, of(field)])) as Record<TextProperty, Value>;

/** Characters of the other texts, wherever they are written. */
export const LONGEST = {
  explanation: 600,
  fact: 600,
  listItem: 300,
  sourceTitle: 300,
  sourceDescription: 600,
  organizationName: 200,
  authorName: 200,
} as const;

/** What has to be chosen in a briefing, and what nobody does for its editor. */
interface ChoiceField {
  /** In files, in the form, in `BriefingContent` and in the table `briefings`. */
  readonly name: string;
  /** The table of the publisher's words that it chooses one of; null for a number. */
  readonly words: 'types' | 'domains' | 'impact' | 'relevance' | 'horizon' | null;
  /** Is it a scale, its words in the order of the shape from the lowest up? The text is what the API says of it. */
  readonly scale?: string;
  /** Does the editor's page have it beside the axis it names? The other scales stand together. */
  readonly axis?: true;
  /**
   * What its column holds while nothing is chosen, since it must hold something: a value that Postgres always knows.
   * The column `unchosen` says that it means nothing.
   */
  readonly placeholder: string | number;
}

/** In the order of files. */
export const CHOICE_FIELDS = [
  { name: 'type', words: 'types', placeholder: 'signal' },
  { name: 'domain', words: 'domains', placeholder: 'technology' },
  { name: 'impact', words: 'impact', scale: 'Impact.', axis: true, placeholder: 'low' },
  // In hundredths.
  { name: 'confidence', words: null, placeholder: 0 },
  { name: 'relevance', words: 'relevance', scale: 'Operational relevance.', placeholder: 'low' },
  { name: 'horizon', words: 'horizon', scale: 'Time horizon.', placeholder: 'near' },
] as const satisfies readonly ChoiceField[];

type AnyChoiceField = (typeof CHOICE_FIELDS)[number];
export type Choice = AnyChoiceField['name'];
type ValueOf<Field extends AnyChoiceField> = Field extends { words: null } ? number : string;
/** What each choice may be. */
export type Choices = { readonly [Field in AnyChoiceField as Field['name']]: ValueOf<Field> };

type ScaleField = Extract<AnyChoiceField, { scale: string }>;
export type Scale = ScaleField['name'];
export const SCALE_FIELDS = CHOICE_FIELDS.filter((field): field is ScaleField => 'scale' in field);

/** A value for each of the choices. */
export const eachChoice = <Value>(of: (field: AnyChoiceField) => Value): Readonly<Record<Choice, Value>> =>
  Object.fromEntries(CHOICE_FIELDS.map((field) => [field.name, of(field)])) as Record<Choice, Value>;
