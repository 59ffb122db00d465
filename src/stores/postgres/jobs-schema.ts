import type { ClientBase } from 'pg';

/** The last of the queue's own migrations that the installed package knows. */
export const JOBS_REVISION = 19;

/**
 * Lets the application use the queue, and nothing else of it; it holds ids, and no text. The package leaves every table
 * of it shut.
 */
const RIGHTS = `
DO $$
DECLARE one record;
BEGIN
  GRANT USAGE ON SCHEMA graphile_worker TO dossier_app;
  GRANT SELECT ON graphile_worker.migrations TO dossier_app;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO dossier_app;
  FOR one IN SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'graphile_worker'::regnamespace
    AND c.relkind IN ('r', 'v') AND c.relname <> 'migrations' LOOP
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON graphile_worker.%I TO dossier_app', one.relname);
  END LOOP;
  FOR one IN SELECT c.oid, c.relname FROM pg_class c WHERE c.relnamespace = 'graphile_worker'::regnamespace
    AND c.relkind = 'r' AND c.relrowsecurity
    AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'application') LOOP
    EXECUTE format('CREATE POLICY application ON graphile_worker.%I TO dossier_app USING (true) WITH CHECK (true)',
      one.relname);
  END LOOP;
END $$`;

/** Is the queue's schema as the installed package needs it? */
export async function jobsInstalled(client: Pick<ClientBase, 'query'>): Promise<boolean> {
  const {
    rows: [there],
  } = await client
    .query<{ there: boolean }>(
      `SELECT to_regclass('graphile_worker.migrations') IS NOT NULL
        AND has_schema_privilege('graphile_worker', 'USAGE') AS there`,
    )
    .catch(() => ({ rows: [{ there: false }] }));
  if (!there?.there) return false;
  const {
    rows: [row],
  } = await client.query<{ revision: number | null }>('SELECT max(id) AS revision FROM graphile_worker.migrations');
  return (row?.revision ?? 0) >= JOBS_REVISION;
}

/** Installs the queue's schema, or brings it up to date, as the owner; says whether there was anything to do. */
export async function installJobs(ownerUrl: string, client: Pick<ClientBase, 'query'>): Promise<boolean> {
  if (await jobsInstalled(client)) return false;
  const { runMigrations, Logger } = await import('graphile-worker');
  await runMigrations({ connectionString: ownerUrl, maxPoolSize: 1, logger: new Logger(() => () => undefined) });
  await client.query(RIGHTS);
  return true;
}
