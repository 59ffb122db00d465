import type { RestoreContent } from '../../briefings/writing/restore-points';
import type { BriefingContent } from '../../briefings/content';
import type { Language } from '../../lib/language';
import type { BriefingShape } from '../../site/shape/shape';
import { fieldsOf, rowLabel } from './fields';
import { rowOf, rowsIn, type Fields } from './merge';
import type { Command } from './parse-rows';
import { groupsOf, keysOf, slotsIn, type Group } from './slots';

/** Rows of a group that are shown as removed at most. */
const MOST_SHOWN = 8;

/** Characters of a text by which a removed row is recognised. */
const EXCERPT = 60;

/** A row that was removed, as what said it last said it. */
interface RemovedRow {
  readonly group: Group;
  readonly key: string;
  /** The content that had it, with all its fields by their names in the form. */
  readonly from: BriefingContent;
  readonly fields: Fields;
}

/** The rows that were removed a short while ago and have not come back, the last removed first. */
export function removedRows(
  shape: BriefingShape,
  removals: readonly RestoreContent[],
  now: BriefingContent,
): RemovedRow[] {
  const groups = groupsOf(shape);
  const found = new Map<string, RemovedRow>();
  for (const { content, unfinished } of removals) {
    const fields = new Map([...fieldsOf(shape, content), ...Object.entries(unfinished)]);
    for (const group of groups) {
      const there = keysOf(shape, now, group);
      for (const key of keysOf(shape, content, group)) {
        const name = `${group} ${key}`;
        if (!there.includes(key) && !found.has(name)) found.set(name, { group, key, from: content, fields });
      }
    }
  }
  return groups.flatMap((group) => [...found.values()].filter((row) => row.group === group).slice(0, MOST_SHOWN));
}

/** What a removed row is called: its name, title or address, or how its text begins. */
export function sayRemoved(shape: BriefingShape, language: Language, { group, key, from, fields }: RemovedRow): string {
  const langs = [from.original, ...Object.keys(from.editions)];
  const of = (part: string) => fields.get(`${group}.${key}.${part}`);
  const inLanguages = (part: string) => langs.map((lang) => of(`${part}.${lang}`)).find(Boolean);
  const passageText = slotsIn(shape, group)
    .map(({ part }) => inLanguages(part))
    .find(Boolean);
  const words = of('name') ?? inLanguages('title') ?? of('url') ?? passageText ?? key;
  const row = rowLabel(shape, language, group, keysOf(shape, from, group).indexOf(key) + 1);
  const line = words.replace(/\s+/g, ' ');
  return `${row}: ${[...line].length > EXCERPT ? `${[...line].slice(0, EXCERPT).join('').trimEnd()}…` : line}`;
}

/**
 * A form with a removed row in it again, behind the row that it stood behind. Null when no such row was removed, or it
 * is in the form.
 */
export function withRowBack(
  form: URLSearchParams,
  { group, key }: Pick<Command, 'group' | 'key'>,
  rows: readonly RemovedRow[],
): URLSearchParams | null {
  const row = rows.find((one) => one.group === group && one.key === key);
  const there = rowsIn(form.keys(), group);
  if (!row || there.includes(key)) return null;
  const before = rowsIn(row.fields.keys(), group);
  const behind = before.slice(0, before.indexOf(key)).findLast((one) => there.includes(one));
  const entries = [...form];
  const isOf = (one: string | undefined) => (entry: readonly [string, string]) => rowOf(entry[0]) === `${group} ${one}`;
  const first = entries.findIndex(isOf(there[0]));
  const at = behind === undefined ? (first < 0 ? entries.length : first) : entries.findLastIndex(isOf(behind)) + 1;
  const back = [...row.fields].filter(([name]) => rowOf(name) === `${group} ${key}`);
  return new URLSearchParams(entries.toSpliced(at, 0, ...back.map(([name, value]): [string, string] => [name, value])));
}
