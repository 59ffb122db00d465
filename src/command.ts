import { type Config, parseConfig } from './config';
import { type Lifetime, runProcess } from './lib/lifetime';
import { createLog, type Logger } from './lib/log';
import { Refusal } from './lib/refusal';
import { type Database, openDatabase } from './stores/postgres/database';
import { takeLock } from './stores/postgres/embedded/lock';
import { migrate } from './stores/postgres/migrate';
import { openPostgres, type Postgres, type PostgresOptions } from './stores/postgres/pool';
import { isUnavailable } from './stores/unavailable';
import { assertUsable } from './stores/postgres/assert-ready';
import { openWall, type Wall } from './stores/postgres/wall';
import { prepareDataDir, runningOn } from './stores/postgres/embedded/start';

/** What a command works with. */
export interface CommandContext {
  readonly args: readonly string[];
  readonly config: Config;
  readonly database: Pick<Database, 'url' | 'ownerUrl'>;
  readonly log: Logger;
  /** Aborted by Ctrl-C. */
  readonly ending: AbortSignal;
  /** Remembers what has to be closed or undone however the command ends, the latest first, before the database is. */
  readonly opened: Lifetime['opened'];
}

/** What a shell expects of a program that was told to stop before it was done. */
const INTERRUPTED = 130;

/**
 * Runs one command against the database and ends the process: with 0, with 1 when `work` throws, with 130 when it was
 * interrupted; a Refusal is printed as one sentence. The database is the given one, the embedded one of a Dossier that
 * is running, or an embedded one started for the command alone.
 */
export function command(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
  work: (work: CommandContext) => Promise<void>,
): void {
  const log = createLog('warn');
  runProcess(
    async (life) => {
      const config = parseConfig(env);
      const database = await databaseFor(life, config);
      await life.orEnd(
        work({
          args,
          config,
          database,
          log: createLog(config.logLevel),
          ending: life.ending,
          opened: (...what) => life.opened(...what),
        }),
      );
      life.end();
    },
    (reason) => {
      if (reason instanceof Refusal) process.stderr.write(`${reason.message}\n`);
      else log.fatal({ err: reason }, 'the command has failed');
    },
    INTERRUPTED,
  );
}

/**
 * The stores of a command's database, migrated where the owner's address is known, until the command ends.
 * @param only the migrations it is to have, where these are not all.
 * @throws Refusal when the application's role cannot be used.
 */
export async function openStores(
  { config, database, log, opened }: CommandContext,
  rules: PostgresOptions = { max: 2 },
  only?: ReadonlySet<string>,
): Promise<Postgres> {
  if (database.ownerUrl !== null)
    await migrate(database.ownerUrl, { log, edited: config.mode === 'production' ? 'warning' : 'error', only });
  await assertUsable(database.url, only);
  const stores = openPostgres(database.url, log, rules);
  opened('the stores', () => stores.close());
  return stores;
}

/**
 * Does what a command is for behind the wall, until it ends.
 * @param only the migrations that the database is to have, where these are not all.
 * @throws Refusal with the sentence `away` when the database does not answer.
 */
export async function exitWhenUnavailable(
  work: CommandContext,
  away: string,
  doing: (wall: Wall) => Promise<void>,
  only?: ReadonlySet<string>,
): Promise<void> {
  const stores = await openStores(work, undefined, only);
  try {
    await doing(openWall(stores));
  } catch (error) {
    if (isUnavailable(error)) throw new Refusal(away);
    throw error;
  }
}

async function databaseFor(life: Lifetime, config: Config): Promise<Pick<Database, 'url' | 'ownerUrl'>> {
  if (config.databaseUrl !== null) return openDatabase(config, life.ending, say);
  const dataDir = prepareDataDir(config.dataDir);
  const lock = takeLock(dataDir);
  if (!lock) {
    const running = runningOn(dataDir);
    if (running) return { url: running.app, ownerUrl: running.owner };
    throw new Refusal(
      `Another process is starting or stopping Dossier's database in ${dataDir}. Try again in a moment.`,
    );
  }
  life.opened('the lock of the data folder', () => lock.release());
  const database = await openDatabase({ ...config, dataDir }, life.ending, say);
  life.opened(
    'the database',
    (left) => database.close(left),
    () => database.force(),
  );
  return database;
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
