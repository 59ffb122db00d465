import type { Languages } from '../../lib/language';
import { cleanText, isPrintable, oneLine } from '../../lib/line';
import type { TierRow } from '../../membership/tiers';
import type { Facts } from '../../stores/postgres/audit';
import type { Fields } from '../action/submission';

/** The texts of a tier in one language. */
export interface TierText {
  readonly name: string;
  readonly blurb: string;
  readonly benefits: readonly string[];
  /** What is said where one joins it; null: said in general words, with its name. */
  readonly joinLabel: string | null;
  readonly joinHeading: string | null;
  readonly joinText: string | null;
}

/** By language; a language the tier has no texts in is not there. */
export type TierTexts = Readonly<Record<string, TierText>>;

/** Characters of a name. */
export const LONGEST_NAME = 60;

/** Characters of a text, and benefits there may be. */
const LONGEST = {
  name: LONGEST_NAME,
  blurb: 240,
  benefit: 120,
  'join-label': 80,
  'join-heading': 120,
  'join-text': 300,
} as const;
const MOST = 8;

/** What stands between the benefits of a tier in the log. */
export const BETWEEN_BENEFITS = ' · ';

export const FIELDS = ['name', 'blurb', 'benefits', 'join-label', 'join-heading', 'join-text'] as const;
export type Field = (typeof FIELDS)[number];

/** Fields that may be empty, with the text each is. */
const OPTIONAL = { 'join-label': 'joinLabel', 'join-heading': 'joinHeading', 'join-text': 'joinText' } as const;
const isOptional = (field: Field): field is keyof typeof OPTIONAL => field in OPTIONAL;
export const fieldOf = (field: Field, lang: string) => `${field}-${lang}`;

/** The texts a tier has, in the languages of the house. */
export function tierTextsOf({ texts }: Pick<TierRow, 'texts'>, { all }: Languages): TierTexts {
  return Object.fromEntries(
    all.flatMap(({ code }) =>
      texts
        .filter(({ lang }) => lang === code)
        .map(({ name, blurb, benefits, joinLabel, joinHeading, joinText }) => [
          code,
          { name, blurb, benefits, joinLabel, joinHeading, joinText },
        ]),
    ),
  );
}

/**
 * What was typed, where a form of before these fields was sent: those stay as they are, but in a language that is taken
 * out.
 */
export function withOptional(given: Fields, words: TierTexts, { all }: Languages): Fields {
  const stays = (code: string) => FIELDS.some((field) => (given[fieldOf(field, code)] ?? '').trim() !== '');
  const unchanged = all.flatMap(({ code }) =>
    FIELDS.filter(isOptional).map((field) => [
      fieldOf(field, code),
      (stays(code) && words[code]?.[keyOf(field)]) || '',
    ]),
  );
  return { ...(Object.fromEntries(unchanged) as Fields), ...given };
}

const keyOf = (field: Exclude<Field, 'benefits'>) => (isOptional(field) ? OPTIONAL[field] : field);

/** As a form shows them: benefits one a line. */
export const typedOf = (words: TierTexts, { all }: Languages): Fields =>
  Object.fromEntries(
    all.flatMap(({ code }) =>
      FIELDS.map((field) => [
        fieldOf(field, code),
        field === 'benefits' ? (words[code]?.benefits ?? []).join('\n') : (words[code]?.[keyOf(field)] ?? ''),
      ]),
    ),
  );

/**
 * What was typed, or for each wrong field the key of the sentence that says so. The first language must be whole;
 * another is whole or empty, and then readers get the first. `taken` are the names of the other tiers, by language.
 */
export function validateTexts(
  typed: Fields,
  { all, first }: Languages,
  taken: Readonly<Record<string, readonly string[]>>,
): { readonly words: TierTexts } | { readonly wrong: Readonly<Record<string, string>> } {
  const errors: Record<string, string> = {};
  const words: Record<string, TierText> = {};
  for (const { code } of all) {
    const given = (field: Field) => typed[fieldOf(field, code)] ?? '';
    const [name, blurb] = [oneLine(given('name')), oneLine(given('blurb'))];
    const benefits = cleanText(given('benefits'))
      .split('\n')
      .map(oneLine)
      .filter((line) => line !== '');
    const [label, heading, text] = (['join-label', 'join-heading', 'join-text'] as const).map(
      (field) => oneLine(given(field)) || null,
    ) as [string | null, string | null, string | null];
    const isEmpty = [name, blurb, label ?? '', heading ?? '', text ?? ''].every((one) => one === '');
    if (code !== first.code && isEmpty && benefits.length === 0) continue;
    const faults: Record<Field, string | null> = {
      name:
        name === ''
          ? 'missing'
          : (faultOf(name, LONGEST.name) ?? ((taken[code] ?? []).includes(name) ? 'taken' : null)),
      blurb: blurb === '' ? 'missing' : faultOf(blurb, LONGEST.blurb),
      benefits:
        benefits.length === 0
          ? 'missing'
          : benefits.length > MOST
            ? 'many'
            : (benefits.map((line) => faultOf(line, LONGEST.benefit)).find((fault) => fault !== null) ?? null),
      'join-label': label && faultOf(label, LONGEST['join-label']),
      'join-heading': heading && faultOf(heading, LONGEST['join-heading']),
      'join-text': text && faultOf(text, LONGEST['join-text']),
    };
    for (const field of FIELDS)
      if (faults[field] !== null) errors[fieldOf(field, code)] = `admin.tiers.wrong.${field}.${faults[field]}`;
    words[code] = { name, blurb, benefits, joinLabel: label, joinHeading: heading, joinText: text };
  }
  return Object.keys(errors).length > 0 ? { wrong: errors } : { words };
}

function faultOf(text: string, longest: number): 'long' | 'signs' | null {
  return [...text].length > longest ? 'long' : isPrintable(text) ? null : 'signs';
}

/** For the audit log and for whoever decides: each text that one has another of, as `name.en`. */
export function differences(
  before: TierTexts,
  after: TierTexts,
  { all }: Languages,
): { readonly before: Facts; readonly after: Facts } {
  const say = (words: TierText | undefined, field: Field) =>
    words === undefined ? null : field === 'benefits' ? words.benefits.join(BETWEEN_BENEFITS) : words[keyOf(field)];
  const names = all
    .flatMap(({ code }) =>
      FIELDS.map((field) => ({
        name: `tier-${field}.${code}`,
        was: say(before[code], field),
        is: say(after[code], field),
      })),
    )
    .filter(({ was, is }) => was !== is);
  return {
    before: Object.fromEntries(names.map(({ name, was }) => [name, was])),
    after: Object.fromEntries(names.map(({ name, is }) => [name, is])),
  };
}
