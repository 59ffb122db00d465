import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

/** One string of a language: a sentence, or one sentence per plural category of `Intl.PluralRules`. */
type Phrase = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** Says a phrase by key; `{name}` in it is replaced by `values.name`, and `values.n` chooses the plural form. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** One language the interface speaks. Adding one is adding a file of strings: no code names a language. */
export interface Language {
  /** BCP 47 code, the file's name: `en`, `es`, `pt-BR`. */
  readonly code: string;
  /** The language's name in itself, for the switch. */
  readonly name: string;
  /** What stands before every path in this language: empty for the first language, `/es` for another. */
  readonly prefix: string;
  readonly dir: 'ltr' | 'rtl';
  readonly say: Translate;
  /** Is there such a phrase? For phrases about rows of data, such as a tier added later. */
  has(key: string): boolean;
  /** `0.94` as `94%` or `94 %`, as the language writes it. */
  percent(share: number): string;
  /** A day in UTC, written out. */
  day(time: Date): string;
  number(value: number): string;
  /** Hundredths as a decimal with two places: 94 as `0.94` or `0,94`. */
  score(hundredths: number): string;
  /** A language's name in this language: `Spanish`, `español`. */
  languageName(code: string): string;
}

/** Every language, the default one first. */
export interface Languages {
  readonly all: readonly Language[];
  readonly first: Language;
  /** The language of that code, or undefined. */
  find(code: string): Language | undefined;
}

/** The language everything falls back to. */
export const DEFAULT_CODE = 'en';

/**
 * Of texts of one thing in several languages those to be shown: in the language asked for, else in the default one,
 * else in the first there is by the alphabet. Undefined: there are none.
 */
export function textsIn<Texts extends { readonly lang: string }>(
  texts: readonly Texts[],
  code: string,
): Texts | undefined {
  const placeOf = ({ lang }: Texts) => (lang === code ? 0 : lang === DEFAULT_CODE ? 1 : 2);
  return [...texts].sort((a, b) => placeOf(a) - placeOf(b) || (a.lang < b.lang ? -1 : 1))[0];
}

/**
 * Reads every `<code>.json` in `dir`. A phrase missing in a language is said in the default one.
 * @throws when the default language is missing or a file is not a flat object of phrases.
 */
export function loadLanguages(dir: string): Languages {
  const codes = readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort((a, b) => Number(b === DEFAULT_CODE) - Number(a === DEFAULT_CODE) || a.localeCompare(b));
  if (codes[0] !== DEFAULT_CODE)
    throw new Error(`${dir} has no ${DEFAULT_CODE}.json, the language everything falls back to`);
  const fallback = readPhrases(dir, DEFAULT_CODE);
  const all = codes.map((code) => language(code, { ...fallback, ...readPhrases(dir, code) }));
  const byCode = new Map(all.map((one) => [one.code, one]));
  return { all, first: all[0]!, find: (code) => byCode.get(code) };
}

function language(code: string, phrases: Record<string, Phrase>): Language {
  const plural = new Intl.PluralRules(code);
  const percent = new Intl.NumberFormat(code, { style: 'percent' });
  const number = new Intl.NumberFormat(code);
  const score = new Intl.NumberFormat(code, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const names = new Intl.DisplayNames(code, { type: 'language' });
  const day = new Intl.DateTimeFormat(code, { dateStyle: 'medium', timeZone: 'UTC' });
  const say: Translate = (key, values = {}) => {
    const phrase = phrases[key];
    if (phrase === undefined) throw new Error(`no phrase "${key}" in any language`);
    const form =
      typeof phrase === 'string' ? phrase : (phrase[plural.select(Number(values['n'] ?? 0))] ?? phrase.other ?? '');
    return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : typeof value === 'number' ? number.format(value) : value;
    });
  };
  return {
    code,
    name: say('language.name'),
    prefix: code === DEFAULT_CODE ? '' : `/${code}`,
    dir: phrases['language.dir'] === 'rtl' ? 'rtl' : 'ltr',
    say,
    has: (key) => key in phrases,
    percent: (share) => percent.format(share),
    day: (time) => day.format(time),
    number: (value) => number.format(value),
    score: (hundredths) => score.format(hundredths / 100),
    languageName: (other) => names.of(other) ?? other,
  };
}

function readPhrases(dir: string, code: string): Record<string, Phrase> {
  const file = path.join(dir, `${code}.json`);
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`${file} is not an object of phrases`);
  return parsed as Record<string, Phrase>;
}
