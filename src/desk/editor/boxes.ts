import { randomBytes } from 'node:crypto';
import { NOBODY } from '../../access/matrix';
import { tierTextsIn } from '../../membership/tiers';
import { writeLocal } from '../../lib/local-time';
import type { Language } from '../../lib/language';
import { TEMPORARY_KEY, type BriefingContent } from '../../briefings/content';
import { textField, type TextName } from '../../briefings/fields';
import { idOf } from '../format';
import { readMoment } from '../moment';
import type { Box, Choice, Sides, TierName } from '../page-types';
import type { EditorContext } from './context';

export type Options = readonly (readonly [string, string])[];

/** What the fields of a page are made from. */
export interface Making {
  readonly language: Language;
  readonly editorContext: EditorContext;
  readonly content: BriefingContent;
  /** The original first. */
  readonly langs: readonly string[];
  /** What each field says, by its name. */
  readonly values: ReadonlyMap<string, string>;
  /** What is wrong with it. */
  readonly errors: ReadonlyMap<string, string>;
  readonly now: Date;
}

/** One field. */
export function box(
  { values, errors, langs }: Making,
  name: string,
  label: string,
  kind: Box['kind'],
  lang: string | null = null,
): Box {
  const inOther = (other: string) => values.has(`${name.slice(0, name.lastIndexOf('.'))}.${other}`);
  return {
    name,
    id: idOf(name),
    label,
    lang,
    kind,
    value: values.get(name) ?? '',
    missing: lang !== null && !values.has(name) && langs.some(inOther),
    error: errors.get(name) ?? null,
    list: name.endsWith('.name') ? 'known-organizations' : null,
  };
}

/** One field in every language. */
export const sides = (
  making: Making,
  field: string,
  legend: string,
  kind: Box['kind'],
  hint: string | null = null,
): Sides => ({
  legend,
  hint,
  boxes: making.langs.map((lang) => box(making, `${field}.${lang}`, making.language.languageName(lang), kind, lang)),
});

/** A text of one line, in every language. */
export function lineSides(making: Making, name: TextName): Sides {
  const { say } = making.language;
  const { longest } = textField(name);
  const kind = longest > 300 ? 'text' : 'line';
  return sides(making, name, say(`desk.field.${name}`), kind, say(`desk.hint.${name}`, { n: longest }));
}

/** A choice of one among several. */
export const choice = (
  { values, errors }: Making,
  name: string,
  label: string,
  options: Options,
  chosen = values.get(name) ?? '',
): Choice => ({
  name,
  id: idOf(name),
  label,
  error: errors.get(name) ?? null,
  options: options.map(([value, text]) => ({ value, label: text, selected: value === chosen })),
});

/** A choice that nobody makes for the editor. What has been chosen is not unchosen again. */
export const firstChoice = (making: Making, name: string, label: string, options: Options): Choice =>
  choice(
    making,
    name,
    label,
    making.values.has(name) ? options : [['', making.language.say('desk.choose')], ...options],
  );

/** A field for a moment. What cannot be shown in one is shown as it was typed. */
export function momentBox(making: Making, name: string, label: string): Box {
  const { zone } = making.language;
  const typed = box(making, name, label, 'moment');
  const moment = readMoment(typed.value, zone);
  const value = moment ? writeLocal(moment, zone) : typed.value;
  return { ...typed, value, kind: value === '' || (moment && value.includes('T')) ? 'moment' : 'line' };
}

/** A tier as it is called; one that nobody knows by its slug. */
export function tierName(
  { editorContext, language }: Pick<Making, 'editorContext' | 'language'>,
  slug: string,
): TierName {
  const tier = editorContext.tiers.find((one) => one.slug === slug);
  return { slug, name: tier ? tierTextsIn(tier, language).name : slug };
}

/** Who reads what this tier opens; nobody where none does. */
export const readersOf = ({ say }: Language, { slug, name }: TierName): string =>
  slug === NOBODY.slug ? say('desk.readers.nobody') : say('desk.readers', { tier: name });

/** A key for a row that is not there yet. */
export const freshKey = (): string => TEMPORARY_KEY + randomBytes(5).toString('hex');
