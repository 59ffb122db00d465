import { registrar } from '../access/viewer';
import type { Logger } from '../lib/log';
import type { Behind, Wall } from '../stores/postgres/wall';

/** What is to be remembered: lists are kept element by element, anything else as one. All of it is JSON. */
export type Memory = Readonly<Record<string, unknown>>;

/** Keeps what the sandbox remembers in step with the database. */
export interface Keeper {
  /** Something may have changed: it is written soon, together with whatever changes meanwhile. */
  changed(): void;
  /** Resolves when everything that has changed until now is written. @throws when the database does not take it. */
  flush(): Promise<void>;
  /** Writes what is left, and no more after that. */
  close(): Promise<void>;
}

/** The place of what is no list. */
const ALONE = -1;

/** Milliseconds until a database that did not take the rows is asked again. */
const AGAIN = 1_000;

/** How many rows go in one statement, which has little time. */
const AT_ONCE = 250;

/** What was remembered, or null when nothing ever was. */
export async function recall(wall: Wall): Promise<Memory | null> {
  const rows = await wall.read(registrar, (db) =>
    db.sandboxObject.findMany({ orderBy: [{ kind: 'asc' }, { place: 'asc' }] }),
  );
  if (rows.length === 0) return null;
  const memory: Record<string, unknown> = {};
  const lists: Record<string, unknown[]> = {};
  for (const { kind, place, object } of rows) {
    if (place === ALONE) memory[kind] = object;
    else (lists[kind] ??= []).push(object);
  }
  return { ...memory, ...lists };
}

/**
 * Remembers what `take` answers, after every change. Only rows that differ from the last ones are written, in one
 * transaction, so the database always holds the sandbox as it was at one moment.
 */
export function keep(wall: Wall, take: () => Memory, log: Pick<Logger, 'error'>): Keeper {
  let written: Map<string, Row> | null = null;
  let dirty = false;
  let planned = false;
  let closed = false;
  let again: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const write = async (): Promise<void> => {
    dirty = false;
    const rows = rowsOf(take());
    try {
      const before = written ?? (await known(wall));
      const fresh = [...rows].filter(([key, { text }]) => before.get(key)?.text !== text).map(([, row]) => row);
      const gone = [...before].filter(([key]) => !rows.has(key)).map(([, row]) => row);
      if (fresh.length + gone.length > 0) await wall.write(registrar, (db) => replace(db, fresh, gone));
      written = rows;
    } catch (error) {
      dirty = true;
      throw error;
    }
  };

  const flush = (): Promise<void> => {
    const next = writing.catch(() => undefined).then(() => (dirty ? write() : undefined));
    writing = next;
    return next;
  };

  const soon = (): void => {
    planned = false;
    flush().catch((error: unknown) => {
      log.error({ err: error }, 'the sandbox could not be remembered');
      if (planned || closed) return;
      planned = true;
      again = setTimeout(soon, AGAIN).unref();
    });
  };

  return {
    changed() {
      dirty = true;
      if (planned || closed) return;
      planned = true;
      setImmediate(soon);
    },
    flush() {
      dirty = true;
      return flush();
    },
    async close() {
      closed = true;
      clearTimeout(again);
      dirty = true;
      await flush();
    },
  };
}

interface Row {
  readonly kind: string;
  readonly place: number;
  readonly text: string;
}

function rowsOf(memory: Memory): Map<string, Row> {
  const rows = new Map<string, Row>();
  const put = (kind: string, place: number, value: unknown) =>
    rows.set(`${kind} ${place}`, { kind, place, text: JSON.stringify(value) });
  for (const [kind, value] of Object.entries(memory)) {
    if (Array.isArray(value) && value.length > 0) value.forEach((one: unknown, place) => put(kind, place, one));
    else if (value !== undefined) put(kind, ALONE, value);
  }
  return rows;
}

async function known(wall: Wall): Promise<Map<string, Row>> {
  return rowsOf((await recall(wall)) ?? {});
}

async function replace(db: Behind, fresh: readonly Row[], gone: readonly Row[]): Promise<void> {
  for (let from = 0; from < fresh.length; from += AT_ONCE) {
    const some = fresh.slice(from, from + AT_ONCE);
    await db.$executeRaw`
      INSERT INTO sandbox_state (kind, place, object)
      SELECT kind, place, object::json FROM unnest(${some.map(({ kind }) => kind)}::text[], ${some.map(({ place }) => place)}::int[], ${some.map(({ text }) => text)}::text[]) AS new (kind, place, object)
      ON CONFLICT (kind, place) DO UPDATE SET object = EXCLUDED.object`;
  }
  for (let from = 0; from < gone.length; from += AT_ONCE) {
    const some = gone.slice(from, from + AT_ONCE);
    await db.$executeRaw`
      DELETE FROM sandbox_state USING unnest(${some.map(({ kind }) => kind)}::text[], ${some.map(({ place }) => place)}::int[]) AS old (kind, place)
      WHERE sandbox_state.kind = old.kind AND sandbox_state.place = old.place`;
  }
}
