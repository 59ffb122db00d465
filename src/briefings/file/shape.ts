import { z } from 'zod';
import { filedSlugs, type BriefingShape } from '../../site/shape/shape';
import {
  type CHOICE_FIELDS,
  eachChoice,
  LONGEST,
  TEXT_FIELDS,
  type Choice,
  type Choices,
  type TextName,
} from '../fields';
import { AXES, LEVELS, PICTURE_FORMATS, STATES } from '../vocabulary';
import { hasHidden, isPrintable, oneLine } from '../../lib/line';

/** Slugs and keys: lower-case letters and digits, single hyphens between. */
export const KEY = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

const UTC_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?Z$/;

/** One line of text, by the rule for lines (src/lib/line.ts). */
const line = (most: number) => {
  const allowed = `text of 1 to ${most} characters`;
  const printed = z
    .string({ error: allowed })
    .transform(oneLine)
    .refine((text) => text.length > 0 && text.length <= most, allowed);
  return printed.refine(
    isPrintable,
    'text without control characters and without characters that turn the writing around',
  );
};

const key = (what: string) => {
  const allowed = `${what}: lower-case letters, digits and single hyphens, at most 80`;
  return z.string({ error: allowed }).refine((text) => KEY.test(text) && text.length <= 80, allowed);
};

const oneOf = (words: readonly string[]) => `one of ${words.join(', ')}`;
const word = <const Words extends readonly string[]>(words: Words) => z.enum(words, { error: oneOf(words) });

const TIME_ALLOWED = 'a UTC time such as 2024-02-27T09:00:00Z';
const time = z
  .string({ error: TIME_ALLOWED })
  .refine(
    (text) =>
      UTC_TIME.test(text) &&
      !Number.isNaN(Date.parse(text)) &&
      new Date(text).toISOString().startsWith(text.slice(0, 16)),
    TIME_ALLOWED,
  )
  .transform((text) => new Date(text));

const SECOND_ALLOWED = 'a UTC time to the second such as 2024-02-27T09:00:00Z';
const second = z
  .string({ error: SECOND_ALLOWED })
  .refine((text) => time.safeParse(text).success && !text.includes('.'), SECOND_ALLOWED)
  .transform((text) => new Date(text));

const SCORE_ALLOWED = 'a decimal from 0.00 to 1.00 with at most two places';
/** What may stand in each field that only a briefing nobody has published may leave out. */
export const allowedIn = (shape: BriefingShape): Readonly<Record<Choice, string>> =>
  eachChoice((field) => {
    const values = valuesOf(shape, field);
    return values ? oneOf(values) : SCORE_ALLOWED;
  });

/** What a choice may be; null for a number. */
const valuesOf = (shape: BriefingShape, field: (typeof CHOICE_FIELDS)[number]): readonly string[] | null =>
  field.words && filedSlugs(shape[field.words]);
const score = z
  .string({ error: SCORE_ALLOWED })
  .refine((text) => /^(?:0(?:\.\d{1,2})?|1(?:\.0{1,2})?)$/.test(text), SCORE_ALLOWED)
  .transform((text) => Math.round(Number(text) * 100));

const ADDRESS_ALLOWED = 'an http or https address';
const address = z.string({ error: ADDRESS_ALLOWED }).refine(isWebAddress, ADDRESS_ALLOWED);

const rows = <Row extends z.ZodType>(row: Row) => z.array(row, { error: 'a list of rows, each begun by a hyphen' });
const texts = z.array(line(LONGEST.listItem), { error: 'a list of texts, each begun by a hyphen' });
const fields = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys' ? `one of ${Object.keys(shape).join(', ')}` : 'a block of fields',
  });
const optional = (words: readonly string[], most: number) =>
  fields(Object.fromEntries(words.map((name) => [name, line(most).optional()]))) as z.ZodType<
    Readonly<Record<string, string | undefined>>
  >;
const lists = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, texts.optional()]));

/** A list that stands beside the title. No field above has its name: those are delivered, and no other is made so. */
const topLists = (shape: BriefingShape) => lists(filedSlugs(shape.lists.filter(({ topLevel }) => topLevel)));
const otherLists = (shape: BriefingShape) => filedSlugs(shape.lists.filter(({ topLevel }) => !topLevel));

const textFields = (shape: BriefingShape) => ({
  ...(Object.fromEntries(TEXT_FIELDS.map(({ name, longest }) => [name, line(longest).optional()])) as {
    [Name in TextName]: z.ZodOptional<ReturnType<typeof line>>;
  }),
  explanations: optional(AXES, LONGEST.explanation).optional(),
  facts: optional(filedSlugs(shape.facts), LONGEST.fact).optional(),
  ...topLists(shape),
  ...(otherLists(shape).length > 0 ? { lists: fields(lists(otherLists(shape))).optional() } : {}),
  sources: z
    .record(
      key('a source key'),
      fields({
        title: line(LONGEST.sourceTitle).optional(),
        description: line(LONGEST.sourceDescription).optional(),
      }),
      { error: 'a block with one field per source key' },
    )
    .optional(),
});

/** Each of what has to be chosen; what is published is held to it by `checkOriginal`. */
const choiceFields = (shape: BriefingShape) =>
  eachChoice((field) => {
    const values = valuesOf(shape, field);
    return values ? word(values).optional() : score.optional();
  }) as unknown as { [Name in Choice]: z.ZodOptional<z.ZodType<Choices[Name]>> };

const sharedFields = (shape: BriefingShape) => {
  const { type, ...choices } = choiceFields(shape);
  return fields({
    slug: key('a slug'),
    formerly: z.array(key('a slug'), { error: 'a list of slugs, each begun by a hyphen' }).optional(),
    state: word(STATES),
    published: time.optional(),
    early: fields({ tier: key('the slug of a tier'), until: second }).optional(),
    updated: time.optional(),
    type,
    category: key('the slug of a category'),
    ...choices,
    cover: word(PICTURE_FORMATS.map((format) => `cover.${format}` as const)).optional(),
    sources: rows(fields({ key: key('a source key'), url: address, risk: word(LEVELS) })).refine(
      (list) => list.length > 0,
      'one source or more',
    ),
    organizations: rows(
      fields({ key: key('an organization key'), name: line(LONGEST.organizationName), url: address.optional() }),
    ).optional(),
    authors: rows(fields({ key: key('the slug of an author'), name: line(LONGEST.authorName) })).optional(),
    stricter: z.record(z.string(), key('the slug of a tier'), { error: 'a block of `kind/key: tier`' }).optional(),
    until: z.record(z.string(), second, { error: 'a block of `kind/key: time`' }).optional(),
  });
};

/** What the front matter of a file may say: of the original, which carries the `briefing:` block, and of others. */
const makeShapes = (shape: BriefingShape) => ({
  original: fields({ briefing: sharedFields(shape), ...textFields(shape) }),
  translation: fields(textFields(shape)),
});
type MatterShapes = ReturnType<typeof makeShapes>;
const made = new WeakMap<BriefingShape, MatterShapes>();

/** The shapes of front matter for briefings of this shape. Retired words are in them: an old file still says so. */
export function matterShapes(shape: BriefingShape): MatterShapes {
  const known = made.get(shape) ?? makeShapes(shape);
  made.set(shape, known);
  return known;
}

export type OriginalMatter = z.infer<MatterShapes['original']>;
export type TranslationMatter = z.infer<MatterShapes['translation']>;

const byLanguage = (most: number) =>
  z.record(z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'a language code'), line(most), {
    error: 'a block with one field per language code',
  });

/** Characters of what a category says of itself. */
export const CATEGORY_LONGEST = { name: 80, description: 300 } as const;

/** `categories.yaml`: names and descriptions by language, by slug. */
export const categoriesShape = z.record(
  key('a category slug'),
  fields({ name: byLanguage(CATEGORY_LONGEST.name), description: byLanguage(CATEGORY_LONGEST.description).optional() }),
  {
    error: 'a block with one field per category slug',
  },
);

/** An absolute http(s) address that survives being parsed, without credentials in it. */
export function isWebAddress(text: string): boolean {
  if (!URL.canParse(text) || /\s/.test(text) || hasHidden(text)) return false;
  const url = new URL(text);
  return (url.protocol === 'http:' || url.protocol === 'https:') && url.username === '' && url.password === '';
}
