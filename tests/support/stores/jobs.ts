import type { ReconcileParts } from '../../../src/billing/sync/reconcile';
import { billingTasks } from '../../../src/billing/sync/tasks';
import { startJobs } from '../../../src/stores/postgres/jobs';
import { asSuperuserIn } from './cluster';
import type { Dossier } from '../dossier';
import { until } from '../until';

/** Does somebody wait for a lock of this Dossier's? */
export const someoneWaits = async (dossier: Dossier): Promise<boolean> =>
  (
    await asSuperuserIn(dossier.urls.superuser, (db) =>
      db.query(
        `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      ),
    )
  ).rowCount! > 0;

interface Waiting {
  readonly key: string;
  readonly attempts: number;
  readonly locked_at: Date | null;
}

/** The jobs of a name that lie in the queue. */
export const jobsOf = async (dossier: Dossier, name: string): Promise<Waiting[]> =>
  (
    await dossier.stores.pool.query<Waiting>(
      'SELECT key, attempts, locked_at FROM graphile_worker.jobs WHERE task_identifier = $1',
      [name],
    )
  ).rows;

/**
 * Works on the jobs of a name until each has been tried once more, however long it would have waited. For a Dossier
 * that does not work itself.
 */
export async function work(dossier: Dossier, name: string, parts: ReconcileParts = dossier.app.billing): Promise<void> {
  await asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query('UPDATE graphile_worker._private_jobs SET run_at = now() WHERE run_at > now()'),
  );
  const before = new Map((await jobsOf(dossier, name)).map(({ key, attempts }) => [key, attempts]));
  const worker = startJobs({
    databaseUrl: dossier.urls.app,
    tasks: { [name]: billingTasks(parts)[name]! },
    crontab: '',
    log: dossier.app.billing.log,
  });
  await until(async () =>
    (await jobsOf(dossier, name)).every(
      ({ key, attempts, locked_at }) => locked_at === null && attempts > (before.get(key) ?? 0),
    ),
  );
  await worker.close();
}
