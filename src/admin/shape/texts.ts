import type { Languages } from '../../lib/language';
import { isPrintable, isSameLine, oneLine } from '../../lib/line';
import type { ShapeGroup, Word, WordText } from '../../site/shape/shape';
import type { Facts } from '../../stores/postgres/audit';
import type { Fields } from '../action/submission';
import { hasLong } from './parts';

/** Characters of a name, and of a longer form. */
const LONGEST = { name: 60, long: 120 } as const;

/** What stands in the sentence of a band of confidence for the score. */
export const PERCENT = '{percent}';

export const TEXT_FIELDS = ['name', 'long'] as const;
export type TextField = (typeof TEXT_FIELDS)[number];
export const textFieldOf = (field: TextField, lang: string): string => `${field}-${lang}`;

/** For each wrong field the end of the key that says why. */
export type WordErrors = Readonly<Record<string, string>>;

/** The texts of a word as a form shows them. */
export const typedTexts = ({ texts }: Pick<Word, 'texts'>, { all }: Languages): Fields =>
  Object.fromEntries(
    all.flatMap(({ code }) => {
      const text = texts.find(({ lang }) => lang === code);
      return TEXT_FIELDS.map((field) => [textFieldOf(field, code), text?.[field] ?? '']);
    }),
  );

/**
 * What was typed, and what is wrong with it. The first language must have a name, another may be empty as a whole, and
 * then readers get the first. No two words of a group have one name in a language.
 */
export function validateTexts(
  typed: Fields,
  { all, first }: Languages,
  group: ShapeGroup,
  others: readonly Word[],
): { readonly texts: readonly WordText[]; readonly wrong: WordErrors } {
  const errors: Record<string, string> = {};
  const texts: WordText[] = [];
  for (const { code } of all) {
    const name = oneLine(typed[textFieldOf('name', code)] ?? '');
    const long = hasLong(group) ? oneLine(typed[textFieldOf('long', code)] ?? '') : '';
    if (name === '' && long === '' && code !== first.code) continue;
    const taken = others.flatMap((one) => one.texts).filter(({ lang }) => lang === code);
    const ofName =
      name === ''
        ? 'missing'
        : (lineFault(name, 'name') ?? (taken.some((one) => isSameLine(one.name, name)) ? 'taken' : null));
    const ofLong =
      long === ''
        ? null
        : (lineFault(long, 'long') ?? (group === 'bands' && !long.includes(PERCENT) ? 'percent' : null));
    if (ofName !== null) errors[textFieldOf('name', code)] = `name.${ofName}`;
    if (ofLong !== null) errors[textFieldOf('long', code)] = `long.${ofLong}`;
    texts.push({ lang: code, name, long: long === '' ? null : long });
  }
  return { texts, wrong: errors };
}

const lineFault = (text: string, field: TextField): 'long' | 'signs' | null =>
  [...text].length > LONGEST[field] ? 'long' : isPrintable(text) ? null : 'signs';

/** For the audit log: each text that one has another of, as `word-name.en`. */
export function textDifferences(
  before: readonly WordText[],
  after: readonly WordText[],
  { all }: Languages,
): { readonly before: Facts; readonly after: Facts } {
  const say = (texts: readonly WordText[], field: TextField, code: string) =>
    texts.find(({ lang }) => lang === code)?.[field] ?? null;
  const changed = all
    .flatMap(({ code }) =>
      TEXT_FIELDS.map((field) => ({
        name: `word-${field}.${code}`,
        was: say(before, field, code),
        is: say(after, field, code),
      })),
    )
    .filter(({ was, is }) => was !== is);
  return {
    before: Object.fromEntries(changed.map(({ name, was }) => [name, was])),
    after: Object.fromEntries(changed.map(({ name, is }) => [name, is])),
  };
}
