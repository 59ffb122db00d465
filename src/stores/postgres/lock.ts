import { Pool } from 'pg';
import type { Logger } from '../../lib/log';

/** Locks by name, shared by all processes on one database. */
export interface Locks {
  /**
   * Waits for the lock, and holds it while `work` runs. It is tied to a connection of its own: when the process dies,
   * Postgres gives it back. `since` is the database's time at which it was held.
   * @throws when it was not to be had in time.
   */
  hold<T>(name: string, work: (since: Date) => Promise<T>): Promise<T>;
  /** The same without waiting; null when somebody else holds it. */
  tryHold<T>(name: string, work: (since: Date) => Promise<T>): Promise<T | null>;
  close(): Promise<void>;
}

/** Sets these locks apart from those of the migrations and of whatever else uses advisory locks. */
const CLASS = 7_707;

/** Milliseconds to wait for a lock, and for a connection. */
const PATIENCE = 20_000;
const CONNECT = 3_000;

/** Held at once by one process. */
const MOST = 8;

export function openLocks(databaseUrl: string, log: Pick<Logger, 'warn'>): Locks {
  let ended: Promise<void> | null = null;
  const pool = new Pool({
    connectionString: databaseUrl,
    max: MOST,
    idleTimeoutMillis: 10_000,
    connectionTimeoutMillis: CONNECT,
    lock_timeout: PATIENCE,
    keepAlive: true,
    application_name: 'dossier locks',
  });
  pool.on('error', (error) => log.warn({ err: error }, 'an idle connection for locks failed'));

  const withLock = async <T>(name: string, wait: boolean, work: (since: Date) => Promise<T>): Promise<T | null> => {
    const client = await pool.connect();
    let broken: Error | undefined;
    const breaks = (error: Error) => {
      broken = error;
    };
    client.on('error', breaks);
    try {
      const {
        rows: [row],
      } = await client.query<{ held: boolean; since: Date }>(
        wait
          ? 'SELECT true AS held, clock_timestamp() AS since FROM pg_advisory_lock($1, hashtext($2))'
          : 'SELECT pg_try_advisory_lock($1, hashtext($2)) AS held, clock_timestamp() AS since',
        [CLASS, name],
      );
      if (!row?.held) return null;
      return await work(row.since);
    } finally {
      const freed = await client.query('SELECT pg_advisory_unlock_all()').then(
        () => true,
        () => false,
      );
      client.removeListener('error', breaks);
      client.release(broken ?? !freed);
    }
  };

  return {
    hold: async (name, work) => (await withLock(name, true, async (since) => ({ it: await work(since) })))!.it,
    tryHold: (name, work) => withLock(name, false, work),
    close: () => (ended ??= pool.end()),
  };
}
