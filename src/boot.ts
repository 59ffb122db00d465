import type http from 'node:http';
import { type Config, onPort, parseConfig } from './config';
import { listen, type Listening } from './http/server/listen';
import { type Lifetime, runProcess } from './lib/lifetime';
import { createLog, type Logger } from './lib/log';
import { Refusal } from './lib/refusal';
import { waitFor, within } from './lib/wait';
import { openDatabase } from './stores/postgres/database';
import { holderOf, type Lock, takeLock } from './stores/postgres/embedded/lock';
import { type EmbeddedOptions, prepareDataDir } from './stores/postgres/embedded/start';
import { migrate } from './stores/postgres/migrate';
import { assertUsable } from './stores/postgres/assert-ready';

/** The application, between its stores and its port. */
export interface App {
  readonly handler: http.RequestListener;
  /** Lines for whoever starts it in development, printed with the address. */
  readonly says?: readonly string[];
  close(): Promise<void>;
}

/** What `boot` starts, with what it has made ready. */
export interface BootParts<Stores extends { close(): Promise<void> }> {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The address is the application role's, which the wall holds; the migrations are applied. */
  openStores(databaseUrl: string, log: Logger, config: Config): Stores;
  /**
   * Loads the sample briefings if there are no briefings, and answers how many it loaded. Asked of an embedded database
   * outside production alone.
   */
  loadSamples(stores: Stores): Promise<number>;
  /**
   * Lines for whoever starts it in development, printed with the address. `samples`: how many briefings were loaded
   * just now.
   */
  introduce?(stores: Stores, config: Config, samples: number): Promise<readonly string[]>;
  createApp(deps: {
    readonly config: Config;
    readonly databaseUrl: string;
    readonly stores: Stores;
    readonly log: Logger;
  }): App | Promise<App>;
  /** For tests. */
  readonly embedded?: EmbeddedOptions;
}

/** Milliseconds that requests in flight get to finish, and then the application and the stores, each. */
const LAST_REQUESTS = 2_000;
const LAST_WORK = 500;

/** Milliseconds to wait for a data folder that another process holds. */
const HANDOVER = 1_500;

/**
 * Starts Dossier and stops it on SIGINT, SIGTERM or SIGHUP. Refusals, which the operator can do something about, are
 * printed as one sentence.
 */
export function boot<Stores extends { close(): Promise<void> }>(parts: BootParts<Stores>): void {
  const log: { it: Logger } = { it: createLog('warn') };
  runProcess(
    async (life) => {
      const asked = parseConfig(parts.env);
      log.it = createLog(asked.logLevel);
      await start(life, asked, parts, log.it);
    },
    (reason) => {
      if (reason instanceof Refusal) process.stderr.write(`${reason.message}\n`);
      else log.it.fatal({ err: reason }, 'Dossier has failed');
    },
  );
}

async function start<Stores extends { close(): Promise<void> }>(
  life: Lifetime,
  asked: Config,
  parts: BootParts<Stores>,
  log: Logger,
): Promise<void> {
  const say =
    asked.mode === 'production'
      ? (line: string) => log.info(line)
      : (line: string) => void process.stdout.write(`${line}\n`);
  const embeds = asked.databaseUrl === null;
  const dataDir = embeds ? prepareDataDir(asked.dataDir) : asked.dataDir;
  const lock = embeds ? await lockOrRefuse(dataDir) : undefined;
  life.opened('the lock of the data folder', () => lock?.release());

  const port = await takePort(asked, say);
  life.opened('the port', (left) => port.close(left));
  const config = onPort({ ...asked, dataDir }, port.port);

  const database = await openDatabase(config, life.ending, say, parts.embedded);
  life.opened(
    'the database',
    (left) => database.close(left),
    () => database.force(),
  );
  void database.ended.then(() =>
    life.fail(
      new Refusal(
        `The embedded Postgres has ended. Its last words are in ${dataDir}/postgres.log; start again to recover.`,
      ),
    ),
  );

  if (database.ownerUrl !== null) {
    await life.orEnd(migrate(database.ownerUrl, { log, edited: config.mode === 'production' ? 'warning' : 'error' }));
  }
  for (const line of await life.orEnd(assertUsable(database.url))) log.warn(line);
  const stores = parts.openStores(database.url, log, config);
  life.opened('the stores', async () => void (await within(LAST_WORK, stores.close())));
  // A publisher's own database stays as it is: samples are for trying Dossier out.
  const samples = embeds && config.mode !== 'production' ? await life.orEnd(parts.loadSamples(stores)) : 0;
  if (samples > 0) say(`There were no briefings, so ${samples} samples were loaded.`);

  const introduced =
    config.mode === 'development'
      ? await life.orEnd(parts.introduce?.(stores, config, samples) ?? Promise.resolve([]))
      : [];

  const app = await life.orEnd(Promise.resolve(parts.createApp({ config, databaseUrl: database.url, stores, log })));
  life.opened('the application', async () => void (await within(LAST_WORK, app.close())));
  port.answerWith(app.handler);
  life.opened(
    'requests in flight',
    (left) => port.close(Math.min(left, LAST_REQUESTS)),
    () => port.cut(),
  );

  lock?.publish(config.publicUrl);
  say(`Dossier is ready: ${config.publicUrl}  (${(performance.now() / 1000).toFixed(1)} s)`);
  for (const line of [...introduced, ...(app.says ?? [])]) say(line);
  say(`Data: ${database.place}`);
  if (config.mode !== 'production') say('Stop with Ctrl-C.');
}

async function lockOrRefuse(dataDir: string): Promise<Lock> {
  // The one before may be on its way out.
  const lock = await waitFor(() => takeLock(dataDir), HANDOVER);
  if (lock) return lock;
  const holder = holderOf(dataDir);
  throw new Refusal(
    `Dossier is already ${holder?.url ? `running at ${holder.url}` : 'starting'} (process ` +
      `${holder?.pid ?? 'unknown'}) with the data in ${dataDir}. Stop it first, or set DATA_DIR to another ` +
      'folder.',
  );
}

async function takePort({ host, port, portChosen, mode }: Config, say: (line: string) => void): Promise<Listening> {
  const mayMove = !portChosen && mode !== 'production';
  const taken = await listen({ host, port, orNext: mayMove });
  if (!taken)
    throw new Refusal(`Port ${port} on ${host} is taken by another program. Stop it, or set PORT to another one.`);
  if (mayMove && taken.port !== port) say(`Port ${port} is taken by another program, so this is ${taken.port}.`);
  return taken;
}
