import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Client, type ClientBase } from 'pg';
import type { Logger } from '../../lib/log';
import { Refusal } from '../../lib/refusal';
import { root } from '../../lib/root';
import { installJobs, jobsInstalled } from './jobs-schema';

/** The advisory lock that Prisma Migrate takes: two that migrate at once wait for each other, whichever they are. */
const LOCK = 72707369;

/** As Prisma Migrate makes it, so that `prisma migrate` and this runner can be used in any order. */
const TABLE = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL, "checksum" VARCHAR(64) NOT NULL, "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL, "logs" TEXT, "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(), "applied_steps_count" INTEGER NOT NULL DEFAULT 0)`;

interface Migration {
  readonly name: string;
  /**
   * With LF line ends, whatever the checkout has: what a function of Postgres holds does not depend on who applied it.
   */
  readonly sql: string;
  /** SHA-256 of `sql` in hex. */
  readonly checksum: string;
  /** What may have been recorded of this same text: the checksum of a file with LF, with CRLF, or as it lies here. */
  readonly checksums: ReadonlySet<string>;
}

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  readonly logs: string | null;
}

export interface MigrateOptions {
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /**
   * An edited migration is an error while developing, where it can be put right, and a warning where it has long been
   * applied.
   */
  readonly edited?: 'error' | 'warning';
  /** Where the migrations are, one folder each. */
  readonly folder?: string;
  /** Those to apply, for tables as they were once; without it all. */
  readonly only?: ReadonlySet<string> | undefined;
}

const MIGRATIONS = path.join(root, 'prisma/migrations');

/**
 * Applies what `prisma/migrations` holds and the database does not, in order, each file and its bookkeeping in one
 * transaction: a runner that is killed leaves nothing half done. The address must be the owner's.
 * @returns the names of those applied now.
 * @throws Refusal when one failed, now or earlier, or was edited after it was applied.
 */
export async function migrate(
  ownerUrl: string,
  { log, edited = 'error', folder = MIGRATIONS, only }: MigrateOptions,
): Promise<string[]> {
  return asOwner(ownerUrl, async (db) => {
    await db.query(`SET client_min_messages = warning`);
    await db.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await db.query(TABLE);
    const files = readMigrations(folder);
    const applied = await readApplied(db);
    reportEdited(files, applied, edited, log);
    const pending = notYet(files, applied).filter(({ name }) => only?.has(name) ?? true);
    for (const migration of pending) {
      await apply(db, migration);
      log.info({ migration: migration.name }, 'migration applied');
    }
    if (folder === MIGRATIONS && (await installJobs(ownerUrl, db))) log.info('the queue is up to date');
    return pending.map((migration) => migration.name);
  });
}

/**
 * The names of the migrations that the database lacks, in order. Reads only, so the application's role may ask.
 * @throws Refusal when one failed earlier, or when the role may not read the bookkeeping.
 */
export async function pendingMigrations(
  client: Pick<ClientBase, 'query'>,
  folder: string = MIGRATIONS,
): Promise<string[]> {
  const { rows } = await client.query<{ known: boolean; readable: boolean }>(
    `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known,
       coalesce(has_table_privilege(to_regclass('_prisma_migrations'), 'SELECT'), false) AS readable`,
  );
  const files = readMigrations(folder);
  if (!rows[0]?.known) return notYet(files, []).map((migration) => migration.name);
  if (!rows[0].readable) {
    throw new Refusal(
      'The role of DATABASE_URL may not read which migrations are applied. Is it dossier_app, whom the ' +
        'migrations give its rights (docs/roles.sql)?',
    );
  }
  const pending = notYet(files, await readApplied(client)).map((migration) => migration.name);
  if (folder === MIGRATIONS && pending.length === 0 && !(await jobsInstalled(client))) return [QUEUE];
  return pending;
}

/** The names of the migrations that this version has, in order. */
export const knownMigrations = (): string[] => namesIn(MIGRATIONS);

/** The names of those that a database has, in order; it may be as new. The address must be the owner's. */
export async function appliedMigrations(ownerUrl: string): Promise<string[]> {
  return asOwner(ownerUrl, async (db) => {
    const { rows } = await db.query<{ known: boolean }>(
      `SELECT to_regclass('_prisma_migrations') IS NOT NULL AS known`,
    );
    return rows[0]?.known ? (await readApplied(db)).map((row) => row.migration_name).sort() : [];
  });
}

/** What stands for the queue's own migrations among the names of ours. */
const QUEUE = 'graphile_worker';

/**
 * Says that a failed migration was cleaned up after, so that it is tried again. The address must be the owner's.
 * @throws Refusal when there is no such failed migration.
 */
export async function markRolledBack(ownerUrl: string, name: string): Promise<void> {
  await asOwner(ownerUrl, async (db) => {
    const { rowCount } = await db.query(
      'UPDATE "_prisma_migrations" SET rolled_back_at = now() WHERE migration_name = $1 AND finished_at IS ' +
        'NULL AND rolled_back_at IS NULL',
      [name],
    );
    if (!rowCount) throw new Refusal(`No failed migration is called "${name}".`);
  });
}

async function asOwner<T>(ownerUrl: string, work: (db: Client) => Promise<T>): Promise<T> {
  const db = new Client({
    connectionString: ownerUrl,
    application_name: 'dossier migrate',
    connectionTimeoutMillis: 10_000,
  });
  // A server that goes away rejects the query in flight; the event without a listener would end the process first.
  db.on('error', () => undefined);
  await db.connect();
  try {
    return await work(db);
  } finally {
    // Gives the lock back too.
    await db.end();
  }
}

const namesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

function readMigrations(folder: string): Migration[] {
  return namesIn(folder).map((name) => {
    const file = readFileSync(path.join(folder, name, 'migration.sql'), 'utf8');
    const sql = file.replaceAll('\r\n', '\n');
    const checksum = sha256(sql);
    const checksums = new Set([checksum, sha256(sql.replaceAll('\n', '\r\n')), sha256(file)]);
    return { name, sql, checksum, checksums };
  });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function readApplied(db: Pick<ClientBase, 'query'>): Promise<Applied[]> {
  const { rows } = await db.query<Applied>(
    'SELECT migration_name, checksum, finished_at, logs FROM "_prisma_migrations" WHERE rolled_back_at IS NULL ' +
      'ORDER BY started_at',
  );
  const failed = rows.find((row) => row.finished_at === null);
  if (failed) throw new Refusal(failedEarlier(failed));
  return rows;
}

function failedEarlier({ migration_name, logs }: Applied): string {
  return (
    `The migration ${migration_name} failed earlier (${logs?.split('\n')[0] ?? 'without a reason'}). Correct it, ` +
    `then run: npm run migrate -- --rolled-back ${migration_name}`
  );
}

function notYet(files: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const done = new Set(applied.map((row) => row.migration_name));
  return files.filter((migration) => !done.has(migration.name));
}

function reportEdited(
  files: readonly Migration[],
  applied: readonly Applied[],
  as: 'error' | 'warning',
  log: Pick<Logger, 'warn'>,
): void {
  const recorded = new Map(applied.map((row) => [row.migration_name, row.checksum]));
  const names = files
    .filter(({ name, checksums }) => recorded.has(name) && !checksums.has(recorded.get(name)!))
    .map(({ name }) => name);
  if (names.length === 0) return;
  if (as === 'warning')
    return log.warn(
      { migrations: names },
      'migrations were edited after they were applied: this database is not what they say',
    );
  throw new Refusal(
    `Edited after being applied: ${names.join(', ')}. Put the file back as it was and write a new migration; ` +
      'or, if the data may go, delete the data folder.',
  );
}

async function apply(db: Client, { name, sql, checksum }: Migration): Promise<void> {
  const id = randomUUID();
  try {
    await db.query('BEGIN');
    await db.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name) VALUES ($1, $2, $3)', [
      id,
      checksum,
      name,
    ]);
    await db.query(sql);
    await db.query(
      'UPDATE "_prisma_migrations" SET applied_steps_count = 1, finished_at = clock_timestamp() WHERE id = $1',
      [id],
    );
    await db.query('COMMIT');
  } catch (error) {
    const reason = (error as Error).message;
    if (!(await recordFailure(db, [id, checksum, name, reason]))) throw error;
    throw new Refusal(
      `The migration ${name} failed and was rolled back: ${reason}. Correct it, then run: npm run migrate -- ` +
        `--rolled-back ${name}`,
    );
  }
}

// False when the server itself has gone: then nothing failed, the migration was interrupted, and is tried again.
async function recordFailure(db: Client, row: readonly string[]): Promise<boolean> {
  try {
    await db.query('ROLLBACK');
    await db.query('INSERT INTO "_prisma_migrations" (id, checksum, migration_name, logs) VALUES ($1, $2, $3, $4)', [
      ...row,
    ]);
    return true;
  } catch {
    return false;
  }
}
