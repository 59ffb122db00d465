import { type BootParts, LAST_REQUESTS, LAST_WORK } from './boot-parts';
import { CHILD, type FromChild, type Handover, type ToChild } from './handover';
import { listen } from './http/server/listen';
import { type Lifetime, runProcess } from './lib/lifetime';
import { createLog, type Logger } from './lib/log';
import { Refusal } from './lib/refusal';
import { within } from './lib/wait';

/** Was this process started by another Dossier, to answer readers or to work beside those that do? */
export const isChild = (): boolean => process.argv.some((word) => word.startsWith(`${CHILD}=`));

/**
 * Starts a process that another has started: what there is once is there already. It ends with the process that started
 * it, whichever way that one goes, because node:cluster ends whoever has lost its channel.
 */
export function bootChild<Stores extends { close(): Promise<void> }>(parts: BootParts<Stores>): void {
  const log: { it: Logger } = { it: createLog('warn') };
  runProcess(
    async (life) => {
      const parent = openParent(life);
      const handover = await life.orEnd(parent.start);
      log.it = createLog(handover.config.logLevel);
      await start(life, parent, handover, parts, log.it);
    },
    (reason) => {
      if (reason instanceof Refusal) process.stderr.write(`${reason.message}\n`);
      else log.it.fatal({ err: reason }, 'this process of Dossier has failed');
    },
  );
}

/** The process that has started this one. */
interface Parent {
  readonly start: Promise<Handover>;
  readonly listen: Promise<void>;
  onChange(changed: (shared: unknown) => void): void;
  tell(what: FromChild): void;
}

function openParent(life: Lifetime): Parent {
  let started = (_handover: Handover): void => undefined;
  let mayListen = (): void => undefined;
  let changed = (_shared: unknown): void => undefined;
  const start = new Promise<Handover>((resolve) => (started = resolve));
  const listening = new Promise<void>((resolve) => (mayListen = resolve));
  process.on('message', (message: ToChild) => {
    if (message.say === 'start') started(message.handover);
    else if (message.say === 'listen') mayListen();
    else if (message.say === 'changed') changed(message.shared);
    else life.end();
  });
  // A parent that has gone is noticed by its channel, not by what cannot be sent to it.
  const tell = (what: FromChild) => void process.send?.(what, undefined, undefined, () => undefined);
  // Only now is anything said to it, so nothing can be missed.
  tell('here');
  return { start, listen: listening, onChange: (callback) => void (changed = callback), tell };
}

async function start<Stores extends { close(): Promise<void> }>(
  life: Lifetime,
  parent: Parent,
  { config, databaseUrl, name, shared, first }: Handover,
  parts: BootParts<Stores>,
  log: Logger,
): Promise<void> {
  const stores = parts.openStores(databaseUrl, log, config);
  life.opened('the stores', async () => void (await within(LAST_WORK, stores.close())));
  const handed = { name, shared, first, onChange: (changed: (shared: unknown) => void) => parent.onChange(changed) };
  const made = parts.createApp({ config, databaseUrl, stores, log }, handed);
  const app = await life.orEnd(Promise.resolve(made));
  life.opened('the application', async () => void (await within(LAST_WORK, app.close())));
  // Nobody asks a worker for anything at the port of those who answer readers.
  if (config.role === 'worker') return parent.tell('ready');

  parent.tell('prepared');
  await life.orEnd(parent.listen);
  const port = await listen({ host: config.host, port: config.port, orNext: false });
  if (!port) throw new Refusal(`Port ${config.port} on ${config.host} is taken by another program.`);
  port.answerWith(app.handler);
  life.opened(
    'requests in flight',
    (left) => port.close(Math.min(left, LAST_REQUESTS)),
    () => port.cut(),
  );
  parent.tell('ready');
}
