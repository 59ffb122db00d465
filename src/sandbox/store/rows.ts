import { accountsViewer } from '../../access/viewer';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';

/** A part of the sandbox as JSON; null once it is gone. Parts of one kind are kept in the order they first came in. */
export interface Piece {
  readonly kind: string;
  readonly id: string;
  readonly text: string | null;
}

/** A part that has a place in the table. */
export interface Row {
  readonly kind: string;
  readonly place: number;
  readonly text: string | null;
}

/** What was stored: lists by kind, and what is no list under its own name. */
export interface Stored {
  readonly memory: Readonly<Record<string, unknown>>;
  readonly places: Places;
}

/** The place of what is no list. */
export const ALONE = -1;

/** Rows in one statement, which has little time, and bytes of text in it at most (one row may be longer). */
const AT_ONCE = 250;
const BYTES_AT_ONCE = 1_000_000;

/** Where each part stands in the table: a place is given once and never to another part. */
export class Places {
  private readonly known = new Map<string, Map<string, number>>();
  private readonly next = new Map<string, number>();

  /** The place of a part, a new one behind all others when it has none. */
  of(kind: string, id: string): number {
    const places = this.placesOf(kind);
    const found = places.get(id);
    if (found !== undefined) return found;
    const place = this.next.get(kind) ?? 0;
    this.note(kind, id, place);
    return place;
  }

  /** The place of a part; undefined when it has none. */
  find(kind: string, id: string): number | undefined {
    return this.placesOf(kind).get(id);
  }

  /** A part is gone. */
  drop(kind: string, id: string): void {
    this.placesOf(kind).delete(id);
  }

  /** A part was found at this place. */
  note(kind: string, id: string, place: number): void {
    this.placesOf(kind).set(id, place);
    this.next.set(kind, Math.max(this.next.get(kind) ?? 0, place + 1));
  }

  private placesOf(kind: string): Map<string, number> {
    const found = this.known.get(kind);
    if (found) return found;
    const made = new Map<string, number>();
    this.known.set(kind, made);
    return made;
  }
}

/** What was stored, or null when nothing ever was. */
export async function readStored(wall: Wall): Promise<Stored | null> {
  const rows = await wall.read(accountsViewer, (db) =>
    db.sandboxObject.findMany({ orderBy: [{ kind: 'asc' }, { place: 'asc' }] }),
  );
  if (rows.length === 0) return null;
  const alone: Record<string, unknown> = {};
  const lists: Record<string, unknown[]> = {};
  const places = new Places();
  for (const { kind, place, object } of rows) {
    if (place === ALONE) {
      alone[kind] = object;
      continue;
    }
    (lists[kind] ??= []).push(object);
    places.note(kind, idOfPart(object), place);
  }
  return { memory: { ...alone, ...lists }, places };
}

/** What a part of a list is known by: its id, its number, the key of a pair, or itself. */
function idOfPart(part: unknown): string {
  if (Array.isArray(part)) return String(part[0]);
  if (typeof part !== 'object' || part === null) return String(part);
  const { id, number } = part as { readonly id?: unknown; readonly number?: unknown };
  return String(id ?? number);
}

/** Writes rows and takes out those without a text. All of it is one transaction, or none of it is done. */
export async function writeRows(wall: Wall, rows: readonly Row[]): Promise<void> {
  const stored = rows.filter((row): row is Row & { readonly text: string } => row.text !== null);
  const gone = rows.filter(({ text }) => text === null);
  await wall.write(accountsViewer, async (db) => {
    for (const some of inStatements(stored)) await put(db, some);
    for (let from = 0; from < gone.length; from += AT_ONCE) await take(db, gone.slice(from, from + AT_ONCE));
  });
}

function* inStatements<R extends { readonly text: string }>(rows: readonly R[]): Generator<R[]> {
  let some: R[] = [];
  let bytes = 0;
  for (const row of rows) {
    if (some.length > 0 && (some.length >= AT_ONCE || bytes + row.text.length > BYTES_AT_ONCE)) {
      yield some;
      some = [];
      bytes = 0;
    }
    some.push(row);
    bytes += row.text.length;
  }
  if (some.length > 0) yield some;
}

async function put(db: WallTransaction, rows: readonly { kind: string; place: number; text: string }[]): Promise<void> {
  const kinds = rows.map(({ kind }) => kind);
  const places = rows.map(({ place }) => place);
  const texts = rows.map(({ text }) => text);
  await db.$executeRaw`
    INSERT INTO sandbox_state (kind, place, object)
    SELECT kind, place, object::json
    FROM unnest(${kinds}::text[], ${places}::int[], ${texts}::text[]) AS new (kind, place, object)
    ON CONFLICT (kind, place) DO UPDATE SET object = EXCLUDED.object`;
}

async function take(db: WallTransaction, rows: readonly Row[]): Promise<void> {
  const kinds = rows.map(({ kind }) => kind);
  const places = rows.map(({ place }) => place);
  await db.$executeRaw`
    DELETE FROM sandbox_state USING unnest(${kinds}::text[], ${places}::int[]) AS old (kind, place)
    WHERE sandbox_state.kind = old.kind AND sandbox_state.place = old.place`;
}
