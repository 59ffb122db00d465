import { type AppParts, type BootParts, LAST_REQUESTS, LAST_WORK } from './boot-parts';
import { bootChild, isChild } from './child';
import { type Config, onPort, parseConfig } from './config';
import { listen, type Listening } from './http/server/listen';
import { type Lifetime, runProcess } from './lib/lifetime';
import { createLog, type Logger } from './lib/log';
import { Refusal } from './lib/refusal';
import { waitFor, within } from './lib/wait';
import { openDatabase } from './stores/postgres/database';
import { holderOf, type Lock, takeLock } from './stores/postgres/embedded/lock';
import { prepareDataDir } from './stores/postgres/embedded/start';
import { migrate } from './stores/postgres/migrate';
import { assertUsable } from './stores/postgres/assert-ready';
import { isParent, openWebProcesses } from './web-processes';

export type { App, BootParts } from './boot-parts';

/** Milliseconds that other processes get to end, which close the same as this one would. */
const LAST_OF_CHILDREN = LAST_REQUESTS + 2 * LAST_WORK + 200;

/** Milliseconds for those who were told that Dossier is starting. */
const LAST_ANSWERS = 100;

/** Milliseconds to wait for a data folder that another process holds. */
const HANDOVER = 1_500;

/**
 * Starts Dossier and stops it on SIGINT, SIGTERM or SIGHUP. Refusals, which the operator can do something about, are
 * printed as one sentence.
 */
export function boot<Stores extends { close(): Promise<void> }>(parts: BootParts<Stores>): void {
  if (isChild()) return bootChild(parts);
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
  // Whoever only starts others keeps no sessions and counts nothing.
  const alone = !isParent(config);
  const stores = parts.openStores(database.url, log, alone ? config : { ...config, redisUrl: null });
  life.opened('the stores', async () => void (await within(LAST_WORK, stores.close())));
  // A publisher's own database stays as it is: samples are for trying Dossier out.
  const samples = embeds && config.mode !== 'production' ? await life.orEnd(parts.loadSamples(stores)) : 0;
  if (samples > 0) say(`There were no briefings, so ${samples} samples were loaded.`);

  const introduced =
    config.mode === 'development'
      ? await life.orEnd(parts.introduce?.(stores, config, samples) ?? Promise.resolve([]))
      : [];

  const made = { config, databaseUrl: database.url, stores, log };
  const says = alone ? await answerHere(life, port, parts, made) : await answerBeside(life, port, parts, made);

  lock?.publish(config.publicUrl);
  say(`Dossier is ready: ${config.publicUrl}  (${(performance.now() / 1000).toFixed(1)} s)`);
  for (const line of [...introduced, ...says]) say(line);
  say(`Data: ${database.place}`);
  if (config.mode !== 'production') say('Stop with Ctrl-C.');
}

/** Answers readers in this process. */
async function answerHere<Stores extends { close(): Promise<void> }>(
  life: Lifetime,
  port: Listening,
  parts: BootParts<Stores>,
  made: AppParts<Stores>,
): Promise<readonly string[]> {
  const app = await life.orEnd(Promise.resolve(parts.createApp(made, null)));
  life.opened('the application', async () => void (await within(LAST_WORK, app.close())));
  port.answerWith(app.handler);
  life.opened(
    'requests in flight',
    (left) => port.close(Math.min(left, LAST_REQUESTS)),
    () => port.cut(),
  );
  return app.says ?? [];
}

/** Has readers answered by several processes beside this one, with what there is once in this one. */
async function answerBeside<Stores extends { close(): Promise<void> }>(
  life: Lifetime,
  port: Listening,
  parts: BootParts<Stores>,
  made: AppParts<Stores>,
): Promise<readonly string[]> {
  const shared = await life.orEnd(parts.openShared(made));
  life.opened('what is shared', async () => void (await within(LAST_WORK, shared.close())));
  const processes = openWebProcesses({
    ...{ config: made.config, databaseUrl: made.databaseUrl, shared, log: made.log },
    givePort: () => port.close(LAST_ANSWERS),
    program: __filename,
    failed: (reason) => life.fail(reason),
  });
  life.opened(
    'the web processes',
    (left) => processes.stop(Math.min(left, LAST_OF_CHILDREN)),
    () => processes.force(),
  );
  await life.orEnd(processes.ready);
  return shared.says;
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
