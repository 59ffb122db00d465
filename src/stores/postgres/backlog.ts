import { accountsViewer } from '../../access/viewer';
import type { Wall } from './wall';

/** What waits in Postgres for somebody to do it, in numbers. */
export interface Backlog {
  /** The server's version, as it says it. */
  readonly version: string;
  readonly jobs: {
    readonly waiting: number;
    /** Of those that wait, whose moment has come and which nobody has taken. */
    readonly due: number;
    readonly oldestSeconds: number;
    readonly givenUp: number;
  };
  /** Not sent yet, and of these tried at least once. */
  readonly letters: { readonly waiting: number; readonly failing: number };
  /** From Stripe. */
  readonly events: { readonly received: number; readonly oldestSeconds: number; readonly givenUp: number };
}

interface Row {
  readonly version: string;
  readonly waiting: number;
  readonly due: number;
  readonly oldest_job: number;
  readonly given_up: number;
  readonly letters: number;
  readonly failing: number;
  readonly received: number;
  readonly oldest_event: number;
  readonly dead: number;
}

/** Counts what waits, in one statement. */
export async function readBacklog(wall: Wall): Promise<Backlog> {
  const [row] = await wall.read(
    accountsViewer,
    (db) => db.$queryRaw<[Row]>`
      SELECT current_setting('server_version') AS version, jobs.*, letters.*, events.*
      FROM (
        SELECT count(*) FILTER (WHERE attempts < max_attempts)::int AS waiting,
          count(*) FILTER (WHERE is_available AND run_at <= now())::int AS due,
          coalesce(extract(epoch FROM now() - min(run_at) FILTER (WHERE is_available AND run_at <= now())), 0)::int
            AS oldest_job,
          count(*) FILTER (WHERE attempts >= max_attempts)::int AS given_up
        FROM graphile_worker._private_jobs
      ) jobs, (
        SELECT count(*)::int AS letters, count(*) FILTER (WHERE attempts > 0)::int AS failing
        FROM letters WHERE sent_at IS NULL
      ) letters, (
        SELECT count(*) FILTER (WHERE state = 'received')::int AS received,
          coalesce(extract(epoch FROM now() - min(received_at) FILTER (WHERE state = 'received')), 0)::int
            AS oldest_event,
          count(*) FILTER (WHERE state = 'dead')::int AS dead
        FROM inbox WHERE state IN ('received', 'dead')
      ) events`,
  );
  return {
    version: row.version,
    jobs: { waiting: row.waiting, due: row.due, oldestSeconds: row.oldest_job, givenUp: row.given_up },
    letters: { waiting: row.letters, failing: row.failing },
    events: { received: row.received, oldestSeconds: row.oldest_event, givenUp: row.dead },
  };
}
