import type { WallTransaction } from '../stores/postgres/wall';
import { addJob } from '../stores/postgres/jobs';
import type { ImportOptions } from './options';
import type { PostOptions } from './posts/options';

/** Where an import stands; what work is done in the background while it is so ends in `WORKING`. */
export const STATES = [
  'reading',
  'read',
  'checking',
  'checked',
  'running',
  'stopped',
  'done',
  'taking-back',
  'taken-back',
] as const;
export type ImportState = (typeof STATES)[number];

/** What is being done to it by itself. */
export const WORKING: readonly ImportState[] = ['checking', 'running', 'taking-back'];

/** Rows that a file may have. */
export const MOST_ROWS = 250_000;

/** What a check finds of the whole. */
export interface ImportFacts {
  /** Did Stripe answer when it was asked? Null: nobody needed it. */
  readonly stripe?: 'answered' | 'silent' | null;
  /** Seconds that looking at everybody with a subscription is thought to take. */
  readonly seconds?: number;
  /** Which address was written to Stripe's pages, for whoever resumes. */
  readonly failure?: string | null;
}

/** The queue's task that goes on with an import; its jobs come one after the other. */
export const IMPORT_TASK = 'import';

/** Puts the next stretch of work on an import into the queue, in the transaction of what causes it. */
export const queueImport = (db: WallTransaction, id: string): Promise<void> =>
  addJob(db, IMPORT_TASK, { import: id }, { key: `import ${id}`, queue: `import ${id}` });

/** Lets an import be worked on from its first row. False: it is in no state for that. */
export async function beginWork(
  db: WallTransaction,
  id: string,
  from: readonly ImportState[],
  to: 'checking' | 'running' | 'taking-back',
  more: { readonly place?: number; readonly options?: ImportOptions | PostOptions } = {},
): Promise<boolean> {
  const { place = 0, options } = more;
  const { count } = await db.import.updateMany({
    where: { id, state: { in: [...from] } },
    data: {
      ...{ state: to, version: { increment: 1 }, finishedAt: null },
      ...(place < 0 ? {} : { place }),
      ...(options === undefined ? {} : { options: { ...options } }),
    },
  });
  if (count === 1) await queueImport(db, id);
  return count === 1;
}
