import type { Viewer } from '../../access/viewer';
import type { Postgres } from './pool';
import type { Prisma } from '../prisma/client';
import { openConcurrencyLimiter } from './concurrency-limiter';
import { runAsViewer, type TransactionContext } from './wall-client';

/** A transaction that reads and writes as one viewer, and no further. */
export type WallTransaction = Prisma.TransactionClient;

/** The only way to the rows behind the wall. */
export interface Wall {
  /**
   * Reads as the viewer, in one snapshot, and changes nothing: nothing above the viewer's rank is returned, whatever is
   * asked.
   */
  read<T>(viewer: Viewer, work: (db: WallTransaction) => Promise<T>): Promise<T>;
  /** Writes as the viewer, all or nothing. Postgres refuses whoever is not of the desk. */
  write<T>(viewer: Viewer, work: (db: WallTransaction) => Promise<T>): Promise<T>;
}

/**
 * The moment a transaction goes by, to the millisecond: by Postgres's own clock, so that what is decided here and there
 * is decided at once.
 */
export async function momentOf(db: WallTransaction): Promise<Date> {
  const [row] = await db.$queryRaw<{ now: Date }[]>`SELECT date_trunc('milliseconds', now()) AS now`;
  return row!.now;
}

/**
 * Milliseconds a transaction may take before it is rolled back: longer for a write, which may carry a whole briefing.
 */
const LIMITS = { read: 5_000, write: 30_000 };

/** Milliseconds a transaction waits for its turn while Postgres answers others. */
const IN_LINE = 5_000;

/**
 * Connections that are not the wall's: what Stripe sends and what is asked of health must not stand behind a line of
 * pages.
 */
const SPARED = 2;

export function openWall({ prisma, pool, patience }: Pick<Postgres, 'prisma' | 'pool' | 'patience'>): Wall {
  const limiter = openConcurrencyLimiter(Math.max(1, pool.options.max - SPARED), Math.max(IN_LINE, patience));
  const behind = <T>(context: TransactionContext, work: (db: WallTransaction) => Promise<T>, timeout: number) =>
    limiter.run(() =>
      runAsViewer(context, () =>
        prisma.$transaction(work, {
          isolationLevel: context.writes ? 'ReadCommitted' : 'RepeatableRead',
          timeout,
          maxWait: patience,
        }),
      ),
    );
  return {
    read: (viewer, work) => behind({ viewer, writes: false }, work, LIMITS.read),
    write: (viewer, work) => behind({ viewer, writes: true }, work, LIMITS.write),
  };
}
