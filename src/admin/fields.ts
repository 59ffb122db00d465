import type { Language } from '../lib/language';
import type { AdminField, Option } from './page-types';

/** What is said with a field; without a label it is the phrase of its name. */
interface FieldTexts {
  readonly hint?: string | null;
  readonly error?: string | null;
  readonly label?: string;
}

/** A field that is typed into. Its label is the phrase `admin.field.` and its name. */
export function inputField(
  { say }: Language,
  name: string,
  type: 'text' | 'search' | 'date' | 'long',
  value: string,
  { hint = null, error = null, label }: FieldTexts = {},
): AdminField {
  return { name, type, value, hint, error, label: label ?? say(`admin.field.${name}`), options: [] };
}

/** A field with a choice of options, the first of them `any` where one is given. */
export function selectField(
  { say }: Language,
  name: string,
  value: string,
  options: readonly { readonly value: string; readonly label: string }[],
  { any = null, hint = null, error = null, label }: FieldTexts & { readonly any?: string | null } = {},
): AdminField {
  const all: Option[] = [...(any === null ? [] : [{ value: '', label: any }]), ...options].map((one) => ({
    ...one,
    selected: one.value === value,
  }));
  return { name, type: 'select', value, hint, error, label: label ?? say(`admin.field.${name}`), options: all };
}

/** An address with what is asked for, leaving out what is not. */
export function withQuery(path: string, query: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(query).filter((one): one is [string, string] => one[1] !== undefined && one[1] !== '');
  return given.length === 0 ? path : `${path}?${new URLSearchParams(given).toString()}`;
}
