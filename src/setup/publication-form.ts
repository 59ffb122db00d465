import { isLanguage } from '../admin/languages/changes';
import { usualDirection } from '../lib/direction';
import { CURRENCIES } from '../lib/currencies';
import type { Language } from '../lib/language';
import { isPrintable, visibleLine } from '../lib/line';
import { isTimeZone, timeZones } from '../lib/local-time';
import type { LanguageCatalogue } from '../site/languages/catalogue';
import { textFor } from '../site/settings/text-by-language';
import type { Settings } from '../site/settings/schemas';
import type { SetupPage } from './page-types';
import { setupField } from './render';

/** The publication as it is typed. */
export interface PublicationTyped {
  readonly name: string;
  readonly tagline: string;
  readonly on: readonly string[];
  /** Codes of languages that are not known yet, parted by commas or spaces. */
  readonly more: string;
  readonly first: string;
  readonly zone: string;
  readonly currency: string;
}

type Errors = Partial<Record<keyof PublicationTyped, string>>;

/** What is set, as the form shows it. */
export function publicationFrom(settings: Settings, { known, first }: LanguageCatalogue): PublicationTyped {
  const { identity, time, money } = settings;
  return {
    name: textFor(identity.name, first.code, first.code) ?? '',
    tagline: textFor(identity.tagline, first.code, first.code) ?? '',
    on: known.filter(({ on }) => on).map(({ code }) => code),
    more: '',
    first: first.code,
    zone: time.zone,
    currency: money.currency,
  };
}

/** What was typed. A language is on where its box is ticked. */
export function readPublication(body: unknown, { known }: LanguageCatalogue): PublicationTyped {
  const given = (typeof body === 'object' && body !== null ? body : {}) as Readonly<Record<string, unknown>>;
  const text = (name: string) => {
    const value = given[name];
    return typeof value === 'string' ? value.trim() : '';
  };
  return {
    ...{ name: text('name'), tagline: text('tagline'), first: text('first') },
    ...{ zone: text('zone'), currency: text('currency'), more: text('more') },
    on: known.filter(({ code }) => text(`on-${code}`) !== '').map(({ code }) => code),
  };
}

/** Languages that are offered by name as the first one; any other is typed by its code. */
const OFFERED = (
  'ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id is it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv th ' +
  'tr uk ur vi zh'
).split(' ');

/** Languages that may be typed. */
const MOST_MORE = 20;

/** The codes that were typed, each once. */
const codesIn = (more: string): readonly string[] => [...new Set(more.split(/[\s,;]+/).filter((one) => one !== ''))];

/** What is wrong with it, field by field, as keys of sentences. */
export function publicationErrors(
  { name, tagline, on, more, first, zone, currency }: PublicationTyped,
  { known }: Pick<LanguageCatalogue, 'known'>,
): Errors {
  const long = (text: string, most: number) => [...text].length > most || !isPrintable(text);
  const codes = codesIn(more);
  const isKnown = known.some(({ code }) => code === first);
  const chosen = isKnown ? [...on, ...codes].includes(first) : isLanguage(first);
  return {
    ...(visibleLine(name) === '' || long(name, 60) ? { name: 'setup.wrong.name' } : {}),
    ...(long(tagline, 120) ? { tagline: 'setup.wrong.tagline' } : {}),
    ...(on.length === 0 && isKnown ? { on: 'setup.wrong.on' } : {}),
    ...(codes.length > MOST_MORE || !codes.every(isLanguage) ? { more: 'setup.wrong.more' } : {}),
    ...((on.length > 0 || !isKnown) && !chosen ? { first: 'setup.wrong.first' } : {}),
    ...(isTimeZone(zone) ? {} : { zone: 'admin.time.wrong' }),
    ...(currency === '' || CURRENCIES.has(currency) ? {} : { currency: 'setup.wrong.currency' }),
  };
}

/** The settings a publication is kept as. */
export function settingsOf(
  { name, tagline, on, more, first, zone, currency }: PublicationTyped,
  settings: Settings,
  { known }: Pick<LanguageCatalogue, 'known'>,
): Pick<Settings, 'identity' | 'languages' | 'time' | 'money'> {
  const { identity } = settings;
  const texts = (text: string, before: Readonly<Record<string, string>>) =>
    text === '' ? before : { ...before, [first]: text };
  const added = [...new Set([first, ...codesIn(more)])].filter((code) => !known.some((one) => one.code === code));
  const listed = known.map(({ code, dir }) => ({ code, dir, on: on.includes(code) || codesIn(more).includes(code) }));
  const all = [...listed, ...added.map((code) => ({ code, dir: usualDirection(code), on: true }))];
  const list = all.sort((a, b) => Number(b.code === first) - Number(a.code === first));
  return {
    identity: { ...identity, name: texts(name, identity.name), tagline: texts(tagline, identity.tagline) },
    languages: { list },
    time: { ...settings.time, zone },
    money: { ...settings.money, currency },
  };
}

/** The form of the publication, with what was typed into it. */
export function publicationForm(
  language: Language,
  { known }: LanguageCatalogue,
  typed: PublicationTyped,
  errors: Errors,
): NonNullable<SetupPage['form']> {
  const { say, prefix } = language;
  const error = (field: keyof PublicationTyped) => {
    const key = errors[field];
    return { error: key === undefined ? null : say(key) };
  };
  const nameOf = (code: string) => ({ value: code, label: language.languageName(code) });
  const names = known.map(({ code }) => nameOf(code));
  const others = [...OFFERED, typed.first]
    .filter((code, at, all) => isLanguage(code) && all.indexOf(code) === at && !known.some((one) => one.code === code))
    .map(nameOf)
    .sort((one, other) => one.label.localeCompare(other.label, language.code));
  const zones = timeZones().map((value) => ({ value, label: value.replaceAll('_', ' ') }));
  const money = new Intl.DisplayNames(language.code, { type: 'currency' });
  const currencies = [...CURRENCIES.keys()].map((value) => ({
    value,
    label: `${value.toUpperCase()} – ${money.of(value.toUpperCase()) ?? value}`,
  }));
  return {
    action: `${prefix}/setup/publication`,
    hidden: [],
    fields: [
      setupField(language, 'name', 'text', typed.name, { ...error('name'), autocomplete: 'organization' }),
      setupField(language, 'tagline', 'text', typed.tagline, error('tagline')),
      setupField(language, 'first', 'select', typed.first, { ...error('first'), options: [...names, ...others] }),
      setupField(language, 'more', 'text', typed.more, { ...error('more'), hint: say('setup.more.hint') }),
      setupField(language, 'zone', 'select', typed.zone, { ...error('zone'), options: zones }),
      setupField(language, 'currency', 'select', typed.currency, {
        ...error('currency'),
        options: [{ value: '', label: say('setup.currency.none') }, ...currencies],
      }),
    ],
    checks: {
      legend: say('setup.field.on'),
      ...error('on'),
      boxes: names.map(({ value, label }) => ({ name: `on-${value}`, label, checked: typed.on.includes(value) })),
    },
    buttons: [{ label: say('setup.next'), value: 'next', quiet: false }],
  };
}
