import type { Logger } from '../lib/log';

/** Sums on their way to the database: names, and how often each has been counted since the last time. */
export type Sums = ReadonlyMap<string, number>;

/** Counts in memory, so that whoever is counted waits for nothing. */
export interface Counters {
  /** Adds one to each of these. Never fails. */
  count(names: readonly string[]): void;
  /** Writes down what has been counted. What cannot be written is kept for the next time. */
  flush(): Promise<void>;
  /** The last flush. */
  close(): Promise<void>;
}

/** Milliseconds between two flushes: a process that dies loses what it counted in the last of them. */
const EVERY = 10_000;

/**
 * Different names that wait. Where Postgres is away for long, further ones are not counted, and memory does not grow.
 */
const MOST_NAMES = 50_000;

/** @param write puts sums down, all or none; called one at a time. */
export function openCounters(write: (sums: Sums) => Promise<void>, log: Pick<Logger, 'warn'>, every = EVERY): Counters {
  let sums = new Map<string, number>();
  let under: Promise<void> | null = null;

  const add = (name: string, times: number): void => {
    const before = sums.get(name);
    if (before !== undefined || sums.size < MOST_NAMES) sums.set(name, (before ?? 0) + times);
  };

  const put = async (): Promise<void> => {
    const taken = sums;
    if (taken.size === 0) return;
    sums = new Map();
    try {
      await write(taken);
    } catch (error) {
      for (const [name, times] of taken) add(name, times);
      log.warn({ err: error }, 'what was counted could not be written down, and is kept for the next time');
    }
  };

  const flush = async (): Promise<void> => {
    await under;
    under = put().finally(() => {
      under = null;
    });
    await under;
  };

  const timer = setInterval(() => void flush(), every).unref();
  return {
    count: (names) => {
      for (const name of names) add(name, 1);
    },
    flush,
    close: async () => {
      clearInterval(timer);
      await flush();
    },
  };
}
