import type { Direction } from '../../lib/language';
import type { KnownLanguage } from '../../site/languages/catalogue';
import type { SettingValue } from '../../site/settings/schemas';
import { SETTINGS } from '../../site/settings/schemas';

/** What can be done about the languages. */
export const LANGUAGE_CHANGES = ['add', 'first', 'on', 'off', 'remove', 'restore'] as const;
export type LanguageChange = (typeof LANGUAGE_CHANGES)[number];

export interface ChangeAsked {
  readonly change: LanguageChange;
  readonly code: string;
  readonly dir: Direction;
  /** The change that is undone, when it was, and what there was before it. */
  readonly undone?: { readonly id: string; readonly at: Date; readonly before: readonly KnownLanguage[] };
}

/** The languages after a change, or the key of the sentence that says why it cannot be. */
export function applyChange(
  known: readonly KnownLanguage[],
  { change, code, dir, undone }: ChangeAsked,
): { readonly list: SettingValue<'languages'>['list'] } | { readonly wrong: string } {
  const list = known.map((one) => ({ code: one.code, dir: one.dir, on: one.on }));
  if (change === 'restore') return restored(list, undone?.before ?? known);
  const it = known.find((one) => one.code === code);
  const others = list.filter((one) => one.code !== code);
  if (change === 'add') {
    if (it) return { wrong: 'admin.languages.wrong.there' };
    return isLanguage(code) ? { list: [...list, { code, dir, on: true }] } : { wrong: 'admin.languages.wrong.code' };
  }
  if (!it) return { wrong: 'admin.languages.wrong.code' };
  const isFirst = known.find(({ on }) => on)?.code === code;
  if (change === 'first') {
    if (isFirst) return { wrong: 'admin.languages.wrong.is-first' };
    return { list: [{ code, dir: it.dir, on: true }, ...others] };
  }
  if (change === 'remove') {
    return it.on || it.delivered ? { wrong: 'admin.languages.wrong.used' } : { list: others };
  }
  if (it.on === (change === 'on')) return { wrong: 'admin.tiers.nothing' };
  if (change === 'off' && isFirst) return { wrong: 'admin.languages.wrong.first-off' };
  return { list: list.map((one) => (one.code === code ? { ...one, on: change === 'on' } : one)) };
}

type List = SettingValue<'languages'>['list'];

/**
 * The languages as they were. One that was added since is kept, and off: its addresses lead on, and what is written in
 * it stays.
 */
function restored(now: List, past: readonly KnownLanguage[]): { readonly list: List } | { readonly wrong: string } {
  const added = now.filter(({ code }) => !past.some((one) => one.code === code));
  const list = [
    ...past.map(({ code, dir, on }) => ({ code, dir, on })),
    ...added.map((one) => ({ ...one, on: false })),
  ];
  const same = list.every((one, place) => {
    const there = now[place];
    return there?.code === one.code && there.dir === one.dir && there.on === one.on;
  });
  return same ? { wrong: 'admin.tiers.nothing' } : { list };
}

/** A code that names a language, and in the one way it is written: a slip of the finger is none. */
export function isLanguage(code: string): boolean {
  const known = SETTINGS.languages.schema.safeParse({ list: [{ code, dir: 'ltr', on: true }] }).success;
  if (!known) return false;
  const [base = ''] = code.split('-');
  return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(base) !== undefined;
}

/** The code of the language that has the addresses without a prefix. */
export const firstOf = (list: readonly { readonly code: string; readonly on: boolean }[]): string =>
  list.find(({ on }) => on)?.code ?? '';
