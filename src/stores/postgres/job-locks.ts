import type { Pool } from 'pg';

/** How jobs of dead workers are found. Milliseconds. */
export interface LockTimes {
  /** Between two renewals of what a process works on. */
  readonly renewal: number;
  /** A lock that was not renewed for so long is a dead worker's. */
  readonly stale: number;
  /**
   * How long a process must have reached Postgres without a gap before it decides about others: they get the same time
   * to come back.
   */
  readonly contact: number;
}

/**
 * A job is open again four minutes after its worker died at the latest. The package alone would wait for four hours.
 */
export const LOCK_TIMES: LockTimes = { renewal: 20_000, stale: 180_000, contact: 60_000 };

/** Renews locks until it is closed. */
export interface LockKeeper {
  close(): Promise<void>;
}

const TABLES = ['_private_jobs', '_private_job_queues'];

/**
 * Renews the locks of the jobs that the pools of this process work on, and opens those that nobody renews: their worker
 * is dead, or frozen. After an outage of Postgres no lock is renewed, so nobody is called dead before everybody could
 * have come back. A process of an older version does not renew; a job it works on for longer than `stale` is done once
 * more, which every task bears.
 */
export function keepLocks(pool: Pool, ownPools: ReadonlySet<string>, times: LockTimes = LOCK_TIMES): LockKeeper {
  let inContactSince: number | null = null;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let beating: Promise<void> = Promise.resolve();

  const beat = async (): Promise<void> => {
    try {
      await renew(pool, [...ownPools]);
      const now = performance.now();
      inContactSince ??= now;
      if (now - inContactSince >= times.contact) await openStale(pool, times.stale);
    } catch {
      // The workers themselves say that Postgres is away.
      inContactSince = null;
    }
  };

  const next = (): void => {
    timer = setTimeout(() => {
      beating = beat().then(() => (closed ? undefined : next()));
    }, times.renewal);
    timer.unref();
  };

  next();
  return {
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await beating;
    },
  };
}

async function renew(pool: Pool, ownPools: readonly string[]): Promise<void> {
  for (const table of TABLES)
    await pool.query(`UPDATE graphile_worker.${table} SET locked_at = now() WHERE locked_by = ANY($1)`, [ownPools]);
}

async function openStale(pool: Pool, stale: number): Promise<void> {
  for (const table of TABLES)
    await pool.query(
      `UPDATE graphile_worker.${table} SET locked_at = NULL, locked_by = NULL
        WHERE locked_at < now() - make_interval(secs => $1)`,
      [stale / 1_000],
    );
}
