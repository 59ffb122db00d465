import { Client } from 'pg';
import type { Viewer } from '../../access/viewer';
import { WallKey } from './wall-key';

/**
 * One transaction of a connection of its own, for what takes longer than a page may: it asks as several viewers one
 * after the other, each signed for this transaction alone (docs/decisions/0003), and sees one snapshot throughout.
 */
export interface LongTransaction {
  /** From now on statements ask as this viewer. */
  as(viewer: Viewer): Promise<void>;
  /** The rows of a statement, each as the values of its columns. */
  rows<Row extends unknown[]>(text: string, values?: readonly unknown[]): Promise<Row[]>;
  /** The rows of a statement, so many at a time; never more of them in memory. */
  batches<Row extends unknown[]>(text: string, size: number): AsyncGenerator<Row[]>;
  commit(): Promise<void>;
}

export interface LongTransactionOptions {
  readonly writes: boolean;
  /** Only one transaction of this name at a time, in all processes together. */
  readonly alone: string;
  /** Milliseconds between two statements after which Postgres ends it: what it is for has got stuck. */
  readonly idle: number;
}

/** Another transaction of the name is under way. */
export class BusyError extends Error {
  override name = 'Busy';
}

const BEGUN = 'SELECT (extract(epoch FROM pg_catalog.now()) * 1000000)::bigint::text';

/**
 * Does `work` in such a transaction. What it has not committed by its end is undone, and its connection is closed.
 * @throws BusyError when another one of the name is under way.
 */
export async function inLongTransaction<T>(
  databaseUrl: string,
  { writes, alone, idle }: LongTransactionOptions,
  work: (db: LongTransaction) => Promise<T>,
): Promise<T> {
  const client = new Client({
    connectionString: databaseUrl,
    application_name: 'dossier archive',
    connectionTimeoutMillis: 10_000,
    idle_in_transaction_session_timeout: idle,
    keepAlive: true,
  });
  // A connection that is lost between two statements fails the next one.
  client.on('error', () => undefined);
  const rows = async <Row extends unknown[]>(text: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await client.query<Row>({ text, values: [...values], rowMode: 'array' })).rows;
  try {
    await client.connect();
    const key = WallKey.random();
    await rows('SELECT wall.enroll($1, $2, $3)', [key.inner, key.outer, 'pages']);
    const [locked] = await rows<[boolean]>('SELECT pg_try_advisory_lock(hashtext($1))', [`dossier: ${alone}`]);
    if (!locked![0]) throw new BusyError(alone);
    // What is read as text is the same whatever the server's settings are.
    await client.query("SET TIME ZONE 'UTC'");
    await client.query(writes ? 'BEGIN' : 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const [[begun] = ['']] = await rows<[string]>(BEGUN);
    return await work({
      rows,
      as: async (viewer) => {
        await rows("SELECT pg_catalog.set_config('dossier.context', $1, true)", [key.sign(viewer, begun)]);
      },
      batches: async function* <Row extends unknown[]>(text: string, size: number) {
        await client.query(`DECLARE batches NO SCROLL CURSOR FOR ${text}`);
        for (;;) {
          const batch = await rows<Row>(`FETCH ${size} FROM batches`);
          if (batch.length > 0) yield batch;
          if (batch.length < size) break;
        }
        await client.query('CLOSE batches');
      },
      commit: async () => void (await client.query('COMMIT')),
    });
  } finally {
    await client.end().catch(() => undefined);
  }
}
