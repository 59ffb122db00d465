import { SETTINGS, type SettingValue } from '../../site/settings/schemas';
import type { Fields } from '../action/submission';
import { fieldsOf, inputsOf, type RoomName, type SettingField } from './fields';

/** In which languages, and for which tiers, a form has inputs. */
export interface FormParts {
  readonly languages: readonly string[];
  readonly tiers: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

interface Way {
  readonly href: string;
  readonly label: Readonly<Record<string, string>>;
}

const linesIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A way as a line: `/pricing | Prices | Precios`, without the names that are missing at the end. */
const wayLine = ({ href, label }: Way, languages: readonly string[]): string =>
  [href, ...languages.map((code) => label[code] ?? '')].join(' | ').replace(/(?: \| *)+$/, '');

function readWay(text: string, languages: readonly string[]): Way {
  const [href = '', ...names] = text.split('|').map((one) => one.trim());
  const label: Record<string, string> = {};
  languages.forEach((code, at) => {
    const name = names[at] ?? '';
    if (name !== '') label[code] = name;
  });
  return { href, label };
}

/** A value of a field as it is typed. */
function typed({ kind }: SettingField, value: unknown, { languages }: FormParts): string {
  if (kind === 'check') return value === true ? '1' : '';
  if (kind === 'lines') return (value as readonly string[]).join('\n');
  if (kind === 'ways') return (value as readonly Way[]).map((one) => wayLine(one, languages)).join('\n');
  return typeof value === 'string' ? value : '';
}

/** A setting as the fields of its form. */
export function toForm<Name extends RoomName>(name: Name, value: SettingValue<Name>, parts: FormParts): Fields {
  const values = value as Values;
  const fields: Record<string, string> = {};
  for (const field of fieldsOf(name)) {
    for (const { input, part } of inputsOf(field, parts)) {
      const own = values[field.name];
      fields[input] = typed(field, part === null ? own : (own as Readonly<Record<string, string>>)[part], parts);
    }
  }
  return fields;
}

/** What was typed into one input. A box that is not ticked is not sent. */
function readInput({ kind }: SettingField, text: string, { languages }: FormParts): unknown {
  if (kind === 'check') return text === '1';
  if (kind === 'lines') return linesIn(text);
  return kind === 'ways' ? linesIn(text).map((one) => readWay(one, languages)) : text;
}

/** A value that can be saved, or the inputs that are wrong, with the line where one has lines. */
export type ReadForm<Name extends RoomName> =
  | { readonly value: SettingValue<Name> }
  | { readonly wrong: Readonly<Record<string, { readonly line: number | null; readonly most: number | null }>> };

/**
 * Reads a form. Texts in languages that the form has no input for stay as they are.
 * @param before the setting as it is.
 */
export function readForm<Name extends RoomName>(
  name: Name,
  fields: Fields,
  before: SettingValue<Name>,
  parts: FormParts,
): ReadForm<Name> {
  const raw: Record<string, unknown> = { ...(before as Values) };
  for (const field of fieldsOf(name)) {
    for (const { input, part } of inputsOf(field, parts)) {
      const read = readInput(field, fields[input] ?? '', parts);
      raw[field.name] = part === null ? read : { ...(raw[field.name] as object), [part]: read };
    }
  }
  const result = SETTINGS[name].schema.safeParse(raw);
  if (result.success) return { value: result.data as SettingValue<Name> };
  const wrong: Record<string, { line: number | null; most: number | null }> = {};
  for (const issue of result.error.issues) {
    const [field, part] = issue.path;
    const listed = typeof part === 'number';
    const input = part === undefined || listed ? String(field) : `${String(field)}.${String(part)}`;
    const most = issue.code === 'too_big' && issue.path.length < 3 ? Number(issue.maximum) : null;
    wrong[input] ??= { line: listed ? part + 1 : null, most };
  }
  return { wrong };
}
