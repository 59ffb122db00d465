import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { dayIn, UTC_STYLE, type TimeStyle } from './local-time';

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
  /** The publication's time zone, by its IANA name: every time below is told in it. */
  readonly zone: string;
  /** What that zone is called at a moment: `UTC`, `EST`, `GMT+1`. */
  zoneName(time: Date): string;
  /** The day a moment falls on, written out. */
  day(time: Date): string;
  /** The time of the clock, from 00:00 to 23:59. */
  clock(time: Date): string;
  /** The same to the second. */
  clockToSecond(time: Date): string;
  /** Day and time as work needs them, with the zone: `29 Nov 2026, 14:05 UTC`. */
  moment(time: Date): string;
  /** Day and time as readers are told of them, with the zone; seconds only where there are any. */
  longMoment(time: Date): string;
  /** Other parts of moments, in the publication's zone. */
  dateFormat(options: Intl.DateTimeFormatOptions): (time: Date) => string;
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
export function loadLanguages(dir: string, style: TimeStyle = UTC_STYLE): Languages {
  const codes = readdirSync(dir)
    .filter((file) => file.endsWith('.json'))
    .map((file) => path.basename(file, '.json'))
    .sort((a, b) => Number(b === DEFAULT_CODE) - Number(a === DEFAULT_CODE) || a.localeCompare(b));
  if (codes[0] !== DEFAULT_CODE)
    throw new Error(`${dir} has no ${DEFAULT_CODE}.json, the language everything falls back to`);
  const fallback = readPhrases(dir, DEFAULT_CODE);
  const all = codes.map((code) => language(code, { ...fallback, ...readPhrases(dir, code) }, style));
  const byCode = new Map(all.map((one) => [one.code, one]));
  return { all, first: all[0]!, find: (code) => byCode.get(code) };
}

function language(code: string, phrases: Record<string, Phrase>, style: TimeStyle): Language {
  const plural = new Intl.PluralRules(code);
  const percent = new Intl.NumberFormat(code, { style: 'percent' });
  const number = new Intl.NumberFormat(code);
  const score = new Intl.NumberFormat(code, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  const names = new Intl.DisplayNames(code, { type: 'language' });
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
    ...timesOf(code, style),
    number: (value) => number.format(value),
    score: (hundredths) => score.format(hundredths / 100),
    languageName: (other) => names.of(other) ?? other,
  };
}

type Times = Pick<
  Language,
  'zone' | 'zoneName' | 'day' | 'clock' | 'clockToSecond' | 'moment' | 'longMoment' | 'dateFormat'
>;

/** How moments are told in a language and a style. What `language` leaves to each place, any other style decides. */
function timesOf(code: string, { zone, dates }: TimeStyle): Times {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(code, { ...options, timeZone: zone });
    return (time: Date) => formatter.format(time);
  };
  const zones = new Intl.DateTimeFormat(code, { timeZone: zone, timeZoneName: 'short' });
  const zoneName = (time: Date) =>
    zone === 'UTC' ? zone : zones.formatToParts(time).find(({ type }) => type === 'timeZoneName')!.value;
  const clockIn = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const [clock, clockToSecond] = [format(clockIn), format({ ...clockIn, second: '2-digit' })];
  const together = (usual: 'medium' | 'long', options: Intl.DateTimeFormatOptions) => {
    if (dates !== 'iso') return format({ dateStyle: dateStyleOf(dates, usual), ...options });
    const timeOfDay = format(options);
    return (time: Date) => `${dayIn(time, zone)} ${timeOfDay(time)}`;
  };
  const moment = together('medium', { timeStyle: 'short' });
  const long = together('long', { timeStyle: 'short', hourCycle: 'h23' });
  const longToSecond = together('long', { timeStyle: 'medium', hourCycle: 'h23' });
  return {
    zone,
    zoneName,
    day: dates === 'iso' ? (time) => dayIn(time, zone) : format({ dateStyle: dateStyleOf(dates, 'medium') }),
    clock,
    clockToSecond,
    moment: (time) => `${moment(time)} ${zoneName(time)}`,
    longMoment: (time) => `${(time.getTime() % 60_000 === 0 ? long : longToSecond)(time)} ${zoneName(time)}`,
    dateFormat: format,
  };
}

const dateStyleOf = (dates: Exclude<TimeStyle['dates'], 'iso'>, usual: 'medium' | 'long') =>
  dates === 'language' ? usual : dates === 'numeric' ? 'short' : 'long';

function readPhrases(dir: string, code: string): Record<string, Phrase> {
  const file = path.join(dir, `${code}.json`);
  const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new Error(`${file} is not an object of phrases`);
  return parsed as Record<string, Phrase>;
}
