import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { timesOf, type Times } from './language-times';
import { UTC_STYLE, type TimeStyle } from './local-time';
import { markPhrase } from './marked';

/** One string of a language: a sentence, or one sentence per plural category of `Intl.PluralRules`. */
export type Phrase = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** Says a phrase by key; `{name}` in it is replaced by `values.name`, and `values.n` chooses the plural form. */
export type Translate = (key: string, values?: Readonly<Record<string, string | number>>) => string;

export type Direction = 'ltr' | 'rtl';

/** One language the interface speaks: no code names one. */
export interface Language extends Times {
  /** BCP 47 code: `en`, `es`, `pt-BR`. */
  readonly code: string;
  /** The language's name in itself, for the switch. */
  readonly name: string;
  /** What stands before every path in this language: empty for the first language, `/es` for another. */
  readonly prefix: string;
  readonly dir: Direction;
  /** The code of the publication's first language, in which texts are looked for that this one lacks. */
  readonly firstCode: string;
  /** The publication's name in this language, now; `{site}` in a phrase. */
  readonly siteName: string;
  /** A phrase this language lacks is said in the first one, marked as such (`src/lib/marked.ts`). */
  readonly say: Translate;
  /** Is there such a phrase? For phrases about rows of data, such as a tier added later. */
  has(key: string): boolean;
  /** `0.94` as `94%` or `94 %`, as the language writes it. */
  percent(share: number): string;
  number(value: number): string;
  /** Hundredths as a decimal with two places: 94 as `0.94` or `0,94`. */
  score(hundredths: number): string;
  /** A language's name in this language: `Spanish`, `español`. */
  languageName(code: string): string;
}

/** Every language that is on, the publication's first one first. */
export interface Languages {
  readonly all: readonly Language[];
  readonly first: Language;
  /** The language of that code, or undefined. */
  find(code: string): Language | undefined;
}

/** The language that is delivered whole, which whatever is missing elsewhere is said in. */
export const DEFAULT_CODE = 'en';

/**
 * Of texts of one thing in several languages those to be shown: in the language asked for, else in the publication's
 * first one, else in the first there is by the alphabet. Undefined: there are none.
 */
export function textsIn<Texts extends { readonly lang: string }>(
  texts: readonly Texts[],
  code: string,
  firstCode = DEFAULT_CODE,
): Texts | undefined {
  const placeOf = ({ lang }: Texts) => (lang === code ? 0 : lang === firstCode ? 1 : 2);
  return [...texts].sort((a, b) => placeOf(a) - placeOf(b) || (a.lang < b.lang ? -1 : 1))[0];
}

/** What the publication is called in the language of a code, now. */
export type SiteName = (code: string) => string;

/** The name of the software, and of a publication until it has a name of its own. */
export const SOFTWARE_NAME = 'Dossier';

/** A language as it is kept: its phrases, some of which may be missing. */
export interface LanguageSource {
  readonly code: string;
  readonly dir: Direction;
  readonly phrases: Readonly<Record<string, Phrase>>;
}

/**
 * The languages that are delivered: every `<code>.json` in `dir`, the default one first.
 * @throws when the default language is missing or a file is not a flat object of phrases.
 */
export function readLanguages(dir: string): LanguageSource[] {
  const codes = readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort((a, b) => Number(b === DEFAULT_CODE) - Number(a === DEFAULT_CODE) || a.localeCompare(b));
  if (codes[0] !== DEFAULT_CODE)
    throw new Error(`${dir} has no ${DEFAULT_CODE}.json, the language everything falls back to`);
  return codes.map((code) => {
    const phrases = readPhrases(dir, code);
    return { code, dir: phrases['language.dir'] === 'rtl' ? 'rtl' : 'ltr', phrases };
  });
}

/** The languages that are delivered, as they speak while nothing else is set. @throws as `readLanguages` does. */
export const loadLanguages = (dir: string): Languages => {
  const sources = readLanguages(dir);
  return makeLanguages(sources, sources[0]!, UTC_STYLE);
};

/**
 * Languages from their phrases. The first one has no prefix; what a language lacks is said in the first one, and what
 * that one lacks as it is delivered.
 * @param sources those that are on, the first one first; at least one.
 * @param siteName asked anew for each phrase.
 */
export function makeLanguages(
  sources: readonly LanguageSource[],
  delivered: LanguageSource,
  style: TimeStyle,
  siteName: SiteName = () => SOFTWARE_NAME,
): Languages {
  const first = sources[0]!;
  const all = sources.map((source) => language([...new Set([source, first, delivered])], first.code, style, siteName));
  const byCode = new Map(all.map((one) => [one.code, one]));
  return { all, first: all[0]!, find: (code) => byCode.get(code) };
}

/** Says phrases of one source. */
interface Voice extends LanguageSource {
  say(phrase: Phrase, values: Readonly<Record<string, string | number>>): string;
}

function voiceOf(source: LanguageSource, siteName: SiteName): Voice {
  const plural = new Intl.PluralRules(source.code);
  const number = new Intl.NumberFormat(source.code);
  return {
    ...source,
    say: (phrase, values) => {
      const form =
        typeof phrase === 'string' ? phrase : (phrase[plural.select(Number(values['n'] ?? 0))] ?? phrase.other ?? '');
      return form.replace(/\{(\w+)\}/g, (whole, name: string) => {
        const value = values[name] ?? (name === 'site' ? siteName(source.code) : undefined);
        return value === undefined ? whole : typeof value === 'number' ? number.format(value) : value;
      });
    },
  };
}

/** @param sources its own phrases, and behind them those it falls back to. */
function language(
  sources: readonly LanguageSource[],
  firstCode: string,
  style: TimeStyle,
  siteName: SiteName,
): Language {
  const { code, dir, phrases } = sources[0]!;
  const voices = sources.map((source) => voiceOf(source, siteName));
  const percent = new Intl.NumberFormat(code, { style: 'percent' });
  const number = new Intl.NumberFormat(code);
  const score = new Intl.NumberFormat(code, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const names = new Intl.DisplayNames(code, { type: 'language' });
  const say: Translate = (key, values = {}) => {
    const voice = voices.find((one) => Object.hasOwn(one.phrases, key));
    if (!voice) throw new Error(`no phrase "${key}" in any language`);
    const phrase = voice.say(voice.phrases[key]!, values);
    return voice.code === code ? phrase : markPhrase(phrase, voice);
  };
  const ownName = phrases['language.name'];
  return {
    code,
    name: typeof ownName === 'string' ? ownName : (names.of(code) ?? code),
    prefix: code === firstCode ? '' : `/${code.toLowerCase()}`,
    dir,
    firstCode,
    get siteName() {
      return siteName(code);
    },
    say,
    has: (key) => sources.some((one) => Object.hasOwn(one.phrases, key)),
    percent: (share) => percent.format(share),
    ...timesOf(code, style),
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
