import { SETTINGS, type SettingValue } from '../../site/settings/schemas';
import type { Fields } from '../action/submission';
import { fieldsOf, inputsOf, type EditableSetting, type SettingField } from './fields';

/** In which languages, and for which tiers, a form has inputs. */
export interface FormParts {
  readonly languages: readonly string[];
  readonly tiers: readonly string[];
}

type Values = Readonly<Record<string, unknown>>;

interface Way {
  readonly href: string;
  readonly label: Readonly<Record<string, string>>;
  readonly heading?: Readonly<Record<string, string>>;
}

const linesIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** A way as a line: `/pricing | Prices | Precios`, without the names that are missing at the end. */
const wayLine = ({ href, label }: Way, languages: readonly string[]): string =>
  [href, ...languages.map((code) => label[code] ?? '')].join(' | ').replace(/(?: \| *)+$/, '');

/** Names in the order of the languages; a language without one has no entry. */
function namesIn(names: readonly string[], languages: readonly string[]): Readonly<Record<string, string>> {
  const all = languages.map((code, at) => [code, (names[at] ?? '').trim()] as const);
  return Object.fromEntries(all.filter(([, name]) => name !== ''));
}

function readWay(text: string, languages: readonly string[]): Way {
  const [href = '', ...names] = text.split('|').map((one) => one.trim());
  return { href, label: namesIn(names, languages) };
}

/** A column's heading as a line: `# Company | Empresa`. */
const headingLine = (heading: Way['heading'] = {}, languages: readonly string[]): readonly string[] =>
  Object.keys(heading).length === 0
    ? []
    : [`# ${languages.map((code) => heading[code] ?? '').join(' | ')}`.replace(/(?: \| *)+$/, '')];

/** Ways in columns, each with its line; a heading without a way below it leads nowhere, which is wrong there. */
function readColumns(
  text: string,
  languages: readonly string[],
): readonly { readonly way: Way; readonly line: number }[] {
  const read: { way: Way; line: number }[] = [];
  let open: { heading: NonNullable<Way['heading']>; line: number } | null = null;
  const close = () => {
    if (open) read.push({ way: { href: '', label: {}, heading: open.heading }, line: open.line });
    open = null;
  };
  for (const [at, one] of linesIn(text).entries()) {
    if (one.startsWith('#')) {
      close();
      open = { heading: namesIn(one.slice(1).split('|'), languages), line: at + 1 };
      continue;
    }
    const heading = (open as { heading: NonNullable<Way['heading']> } | null)?.heading ?? {};
    read.push({ way: { ...readWay(one, languages), heading }, line: at + 1 });
    open = null;
  }
  close();
  return read;
}

/** A value of a field as it is typed. */
function typed({ kind }: SettingField, value: unknown, { languages }: FormParts): string {
  if (kind === 'check') return value === true ? '1' : '';
  if (kind === 'lines') return (value as readonly string[]).join('\n');
  if (kind === 'ways') return (value as readonly Way[]).map((one) => wayLine(one, languages)).join('\n');
  if (kind === 'columns')
    return (value as readonly Way[])
      .flatMap((one) => [...headingLine(one.heading, languages), wayLine(one, languages)])
      .join('\n');
  return typeof value === 'string' ? value : '';
}

/** A setting as the fields of its form. */
export function toForm<Name extends EditableSetting>(name: Name, value: SettingValue<Name>, parts: FormParts): Fields {
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
  if (kind === 'columns') return readColumns(text, languages).map(({ way }) => way);
  return kind === 'ways' ? linesIn(text).map((one) => readWay(one, languages)) : text;
}

/** A value that can be saved, or the inputs that are wrong, with the line where one has lines. */
export type ReadForm<Name extends EditableSetting> =
  | { readonly value: SettingValue<Name> }
  | { readonly wrong: Readonly<Record<string, { readonly line: number | null; readonly most: number | null }>> };

/**
 * Reads a form. Texts in languages that the form has no input for stay as they are.
 * @param before the setting as it is.
 */
export function readForm<Name extends EditableSetting>(
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
  const errors: Record<string, { line: number | null; most: number | null }> = {};
  for (const issue of result.error.issues) {
    const [field, part] = issue.path;
    const listed = typeof part === 'number';
    const input = part === undefined || listed ? String(field) : `${String(field)}.${String(part)}`;
    const most = issue.code === 'too_big' && issue.path.length < 3 ? Number(issue.maximum) : null;
    errors[input] ??= { line: listed ? lineOf(name, input, part, fields, parts) : null, most };
  }
  return { wrong: errors };
}

/** The line of an entry of a list, as it was typed. */
function lineOf(name: EditableSetting, input: string, at: number, fields: Fields, { languages }: FormParts): number {
  const columns = fieldsOf(name).find((field) => field.name === input)?.kind === 'columns';
  return columns ? (readColumns(fields[input] ?? '', languages)[at]?.line ?? at + 1) : at + 1;
}
