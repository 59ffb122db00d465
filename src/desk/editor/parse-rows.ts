import { temporaryOrganization, type EditableBriefing } from '../../briefings/writing/working-copies';
import { TEMPORARY_KEY, type BriefingContent } from '../../briefings/content';
import { isWebAddress, KEY } from '../../briefings/file/shape';
import { LEVELS } from '../../briefings/vocabulary';
import { isSameLine } from '../../lib/line';
import type { BriefingShape } from '../../site/shape/shape';
import type { Typed } from './typed';
import { groupsOf, keysOf, ORGANIZATIONS, SOURCES, type Group } from './slots';

/** An organization the house knows, and whether its address is another briefing's too. */
export interface OrganizationOption {
  readonly slug: string;
  readonly name: string;
  readonly url: string | null;
  readonly shared: boolean;
}

const COMMANDS = ['add', 'remove', 'up', 'down', 'put-back'] as const;

/** What a button of the form asks to be done with a row. */
export interface Command {
  readonly what: (typeof COMMANDS)[number];
  readonly group: Group;
  readonly key: string;
}

/** The button that sent a form, when it was one of a row's. */
export function readCommand(shape: BriefingShape, value: string | null): Command | null {
  const [what, group, key = ''] = (value ?? '').split(' ');
  const known = groupsOf(shape).find((one) => one === group);
  const command = COMMANDS.find((one) => one === what);
  return known !== undefined && command ? { what: command, group: known, key } : null;
}

/** The rows that a form says something in. */
export interface TypedRows {
  readonly rows: readonly { readonly group: Group; readonly row: string; readonly key: string }[];
  readonly sources: BriefingContent['sources'];
  readonly organizations: BriefingContent['organizations'];
}

/** What rows are read against. */
export interface RowContext {
  readonly shape: BriefingShape;
  readonly was: EditableBriefing;
  readonly organizations: readonly OrganizationOption[];
  readonly formerOrganizations: ReadonlyMap<string, string>;
  readonly command: Command | null;
  /** Has the page shown a row of this key, though it may be gone by now? */
  readonly shown: (group: Group, key: string) => boolean;
}

/** The rows of a form, each with the key it gets: its own where it is lasting; of an organization its name decides. */
export function readRows(typed: Typed, context: RowContext): TypedRows {
  const { shape, was, command, shown } = context;
  const filled = (group: Group) => rowsOf(typed.form, group, command).filter((row) => says(typed.form, group, row));
  const lasting = (group: Group) => (row: string) =>
    keysOf(shape, was.content, group).includes(row) ||
    (KEY.test(row) && shown(group, row)) ||
    row.startsWith(TEMPORARY_KEY)
      ? row
      : `${TEMPORARY_KEY}${row}`.slice(0, 80);
  const sources = readSources(typed, filled(SOURCES), lasting(SOURCES));
  const organizations = readOrganizations(typed, filled(ORGANIZATIONS), context);
  const others = groupsOf(shape).filter((group) => group !== SOURCES && group !== ORGANIZATIONS);
  return {
    sources: sources.map(({ made }) => made),
    organizations: organizations.map(({ made }) => made),
    rows: [
      ...sources.map(({ row, made: { key } }) => ({ group: SOURCES, row, key })),
      ...organizations.map(({ row, made: { key } }) => ({ group: ORGANIZATIONS, row, key })),
      ...others.flatMap((group) => filled(group).map((row) => ({ group, row, key: lasting(group)(row) }))),
    ],
  };
}

/** Does a row say anything besides what it is chosen to be? */
function says(form: URLSearchParams, group: Group, row: string): boolean {
  const isChoice = (name: string) => /\.(?:risk|tier|until)$/.test(name);
  return [...form].some(
    ([name, value]) => name.startsWith(`${group}.${row}.`) && !isChoice(name) && value.trim() !== '',
  );
}

interface Made<Row> {
  readonly row: string;
  readonly made: Row;
}

function readSources(
  { line, raw, unfinished }: Typed,
  rows: readonly string[],
  keyOf: (row: string) => string,
): Made<BriefingContent['sources'][number]>[] {
  const made: Made<BriefingContent['sources'][number]>[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const typed = line(`${SOURCES}.${row}.url`) ?? '';
    const isTaken = () => made.some((one) => new URL(one.made.url).href === new URL(typed).href);
    const good = isWebAddress(typed) && !isTaken();
    if (!good) unfinished[`${SOURCES}.${key}.url`] = typed;
    const risk = LEVELS.find((one) => one === raw(`${SOURCES}.${row}.risk`));
    if (!risk) unfinished[`${SOURCES}.${key}.risk`] = '';
    const url = good ? typed : `https://unfinished.invalid/${key}`;
    made.push({ row, made: { key, url, risk: risk ?? 'medium' } });
  }
  return made;
}

function readOrganizations(
  { line, unfinished }: Typed,
  rows: readonly string[],
  { was, organizations, formerOrganizations }: RowContext,
): Made<BriefingContent['organizations'][number]>[] {
  const made: Made<BriefingContent['organizations'][number]>[] = [];
  for (const row of rows) {
    const name = line(`${ORGANIZATIONS}.${row}.name`) ?? '';
    // A page that was opened before the organization was renamed still says what it was called.
    const known =
      organizations.find((one) => isSameLine(one.name, name)) ??
      organizations.find((one) => one.slug === formerOrganizations.get(row));
    const twice = known !== undefined && made.some((one) => one.made.key === known.slug);
    const key = known && !twice ? known.slug : temporaryOrganization(was.id, row);
    if (name === '' || twice || made.some((one) => isSameLine(one.made.name, name)))
      unfinished[`${ORGANIZATIONS}.${key}.name`] = name;
    const typed = line(`${ORGANIZATIONS}.${row}.url`) || null;
    const fixed = known?.shared && !twice ? known.url : null;
    if (typed !== null && (!isWebAddress(typed) || (fixed !== null && typed !== fixed)))
      unfinished[`${ORGANIZATIONS}.${key}.url`] = typed;
    const url = fixed ?? (typed !== null && isWebAddress(typed) ? typed : null);
    made.push({ row, made: { key, name: known && !twice ? known.name : name, url } });
  }
  return made;
}

/** The rows of a group in the order they were sent, after what a button asked for. */
function rowsOf(form: URLSearchParams, group: Group, command: Command | null): string[] {
  const rows = [
    ...new Set(
      [...form.keys()].flatMap((name) => {
        const [first, row, part] = name.split('.');
        return first === group && row !== undefined && part !== undefined && /^[a-z0-9-]{1,80}$/.test(row) ? [row] : [];
      }),
    ),
  ];
  if (command?.group !== group) return rows;
  const at = rows.indexOf(command.key);
  if (at < 0) return rows;
  if (command.what === 'remove') return rows.filter((row) => row !== command.key);
  const to = at + (command.what === 'up' ? -1 : command.what === 'down' ? 1 : 0);
  if (to < 0 || to >= rows.length) return rows;
  [rows[at], rows[to]] = [rows[to]!, rows[at]!];
  return rows;
}
