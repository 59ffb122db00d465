import { createHash } from 'node:crypto';
import type { Group } from './slots';

/**
 * What the fields of a briefing say, by their names in the form; rows of a list in their order. What says nothing is
 * not in it.
 */
export type Fields = ReadonlyMap<string, string>;

/**
 * What a page showed when its form was opened: the digest of each field that said something. A form sends it along, so
 * that the server knows which fields its editor has changed, however long ago that was and whatever has been saved
 * since.
 */
export type Base = ReadonlyMap<string, string>;

/** A field of a row: of a source, an organization, or a text of a kind, whatever kinds there are. */
const ROW = /^(?!(?:explanations|facts|lists)\.)([a-z][a-z0-9-]*)\.([a-z0-9-]{1,80})\./;
const ENTRY = /^([a-z][a-zA-Z0-9.-]{0,200}):([\w-]{1,12}(?:,[\w-]{1,12})*)$/;

/** Characters of a digest: 48 bits. Two different texts of one field share one by no accident that anybody meets. */
const DIGEST_LENGTH = 8;

const digest = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, DIGEST_LENGTH);

const isList = (name: string): boolean => name.startsWith('lists.');

/** The digest of what a field says; of a list one for each of its lines. */
const digestOf = (name: string, value: string): string =>
  isList(name) ? value.split('\n').map(digest).join(',') : digest(value);

/** The group and key of the row that a field belongs to, as `trend lock-in`; null where it belongs to none. */
export function rowOf(name: string): string | null {
  const found = ROW.exec(name);
  return found && `${found[1]} ${found[2]}`;
}

/** What a page that shows these fields begins from. */
export function baseOf(fields: Fields): Base {
  return new Map(
    [...fields].flatMap(([name, value]) => (value === '' ? [] : [[name, digestOf(name, value)] as const])),
  );
}

/** A base as a form has sent it; null when the form carries none. */
export function readBase(sent: string | null): Base | null {
  if (sent === null) return null;
  return new Map(
    sent.split(' ').flatMap((entry) => {
      const found = ENTRY.exec(entry);
      return found ? [[found[1]!, found[2]!] as const] : [];
    }),
  );
}

/** The keys of the rows of a group that a base, or fields, have; in their order. */
export function rowsIn(names: Iterable<string>, group: Group): string[] {
  const rows = new Set([...names].flatMap((name) => rowOf(name) ?? []));
  return [...rows].flatMap((row) => (row.startsWith(`${group} `) ? [row.slice(group.length + 1)] : []));
}

/** A field that both have changed since the form was opened, each to something else; what is removed says nothing. */
export interface Conflict {
  readonly name: string;
  readonly theirs: string;
  readonly mine: string;
}

export interface Merged {
  /** What is to be saved: everything that only one has changed, as changed; in a conflict what is there now. */
  readonly fields: Fields;
  readonly conflicts: readonly Conflict[];
  /** The rows of each group in their order. */
  readonly order: Readonly<Record<Group, readonly string[]>>;
}

export interface Merging {
  readonly base: Base;
  readonly theirs: Fields;
  readonly mine: Fields;
  /** Fields in which what is there now is to stay, whatever the form says. */
  readonly yielded: ReadonlySet<string>;
  /** Is what is there now an earlier save of the very page that is being saved? Then it is no conflict. */
  readonly isOwn: (name: string) => boolean;
}

/**
 * Merges a form into what has been saved since it was opened, field by field and row by row: what only one has changed
 * is as they have it. A row that one removed goes unless the other has changed it meanwhile; one that somebody added
 * stays.
 */
export function merge(merging: Merging): Merged {
  const { base, theirs, mine } = merging;
  const fields = new Map<string, string>();
  const conflicts: Conflict[] = [];
  const take = (found: Decided): boolean => {
    for (const [name, value] of found.fields) fields.set(name, value);
    conflicts.push(...found.conflicts);
    return found.fields.size > 0;
  };
  const names = [...new Set([...theirs.keys(), ...mine.keys()])];
  for (const name of names) if (rowOf(name) === null) take(decideField(merging, name));
  const inRow = new Map<string | null, string[]>();
  for (const name of names) inRow.set(rowOf(name), [...(inRow.get(rowOf(name)) ?? []), name]);
  const groups = new Set([...base.keys(), ...names].flatMap((name) => rowOf(name)?.split(' ')[0] ?? []));
  const order = Object.fromEntries(
    [...groups].map((group) => {
      const sides = [base, theirs, mine].map((one) => rowsIn(one.keys(), group)) as [string[], string[], string[]];
      const has = (key: string) => sides.map((one) => one.includes(key));
      const stays = (key: string) => take(decideRow(merging, inRow.get(`${group} ${key}`) ?? [], has(key)));
      return [group, mergeOrder(...sides).filter(stays)];
    }),
  );
  return { fields, conflicts, order };
}

interface Decided {
  readonly fields: ReadonlyMap<string, string>;
  readonly conflicts: readonly Conflict[];
}

/** Does this value say what the page showed when it was opened? */
const isAsBefore = (base: Base, name: string, value: string): boolean =>
  value === '' ? !base.has(name) : base.get(name) === digestOf(name, value);

function decideField({ base, theirs, mine, yielded, isOwn }: Merging, name: string): Decided {
  const [there, here] = [theirs.get(name) ?? '', mine.get(name) ?? ''];
  const keep = (value: string): Decided => ({ fields: new Map([[name, value]]), conflicts: [] });
  if (there === here || isAsBefore(base, name, here) || yielded.has(name)) return keep(there);
  if (isAsBefore(base, name, there) || isOwn(name)) return keep(here);
  const lines = isList(name) ? mergeLines(base.get(name)?.split(',') ?? [], there, here) : null;
  return lines === null ? { ...keep(there), conflicts: [{ name, theirs: there, mine: here }] } : keep(lines);
}

/** `names`: the fields of the row. No field is kept of a row that goes. */
function decideRow(
  merging: Merging,
  names: readonly string[],
  [inBase, inTheirs, inMine]: readonly boolean[],
): Decided {
  const { base, theirs, mine, yielded, isOwn } = merging;
  if (inTheirs && inMine) {
    const all = names.map((name) => decideField(merging, name));
    return { fields: new Map(all.flatMap((one) => [...one.fields])), conflicts: all.flatMap((one) => one.conflicts) };
  }
  const side = inTheirs ? theirs : mine;
  const there: Decided = { fields: new Map(names.map((name) => [name, side.get(name) ?? ''])), conflicts: [] };
  const gone: Decided = { fields: new Map(), conflicts: [] };
  const changed = names.filter((name) => !isAsBefore(base, name, side.get(name) ?? ''));
  // It was added on one side or removed on the other. What this tab has saved itself is no conflict.
  if (inTheirs && changed.every(isOwn)) return gone;
  if (!inBase) return there;
  if (changed.length === 0) return gone;
  if (names.some((name) => yielded.has(name))) return inTheirs ? there : gone;
  if (inMine && names.every(isOwn)) return there;
  return {
    ...there,
    conflicts: changed.map((name) => ({ name, theirs: theirs.get(name) ?? '', mine: mine.get(name) ?? '' })),
  };
}

/**
 * The order of items that two have changed: that of whoever has moved any (mine, where both have), with what the other
 * added put behind what it stands behind there. Items that are gone from one side only are in it.
 */
function mergeOrder(base: readonly string[], theirs: readonly string[], mine: readonly string[]): string[] {
  const common = (side: readonly string[]) =>
    side.filter((key) => base.includes(key) && theirs.includes(key) && mine.includes(key));
  const moved = common(mine).join(' ') !== common(base).join(' ');
  const [leading, other] = moved ? [mine, theirs] : [theirs, mine];
  const order = [...leading];
  other.forEach((key, index) => {
    if (order.includes(key)) return;
    const before = other.slice(0, index).findLast((one) => order.includes(one));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, key);
  });
  return order;
}

/**
 * A list that two have changed, line by line; null where both have changed the same line, or the lines cannot be told
 * apart.
 */
function mergeLines(base: readonly string[], theirs: string, mine: string): string | null {
  const [there, here] = [theirs, mine].map((text) => (text === '' ? [] : text.split('\n'))) as [string[], string[]];
  const byDigest = new Map([...there, ...here].map((line) => [digest(line), line]));
  const [ofTheirs, ofMine] = [there.map(digest), here.map(digest)];
  if ([base, ofTheirs, ofMine].some((side) => new Set(side).size < side.length)) return null;
  const added = (side: readonly string[]) => side.some((line) => !base.includes(line));
  const bothGone = base.some((line) => !ofTheirs.includes(line) && !ofMine.includes(line));
  if (bothGone && added(ofTheirs) && added(ofMine)) return null;
  const stays = (line: string) => !base.includes(line) || (ofTheirs.includes(line) && ofMine.includes(line));
  return mergeOrder(base, ofTheirs, ofMine)
    .filter(stays)
    .map((line) => byDigest.get(line)!)
    .join('\n');
}

/** The base of a form whose editor has seen these conflicts, and has it their way: none of them is one any more. */
export function baseAfter(base: Base, theirs: Fields, conflicts: readonly Conflict[]): Base {
  const seen = new Map(base);
  for (const { name } of conflicts) {
    const row = rowOf(name);
    const removed = row !== null && ![...theirs.keys()].some((one) => rowOf(one) === row);
    for (const one of removed ? [...seen.keys()].filter((key) => rowOf(key) === row) : [name]) {
      const value = theirs.get(one) ?? '';
      if (value === '') seen.delete(one);
      else seen.set(one, digestOf(one, value));
    }
  }
  return seen;
}

/** A base as a field of the form carries it. */
export const writeBase = (base: Base): string => [...base].map(([name, of]) => `${name}:${of}`).join(' ');
