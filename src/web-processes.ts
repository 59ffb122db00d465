import cluster from 'node:cluster';
import type { Shared } from './boot-parts';
import type { Config } from './config';
import { CHILD, type FromChild, type Handover, type ToChild } from './handover';
import type { Logger } from './lib/log';
import { Refusal } from './lib/refusal';
import { supervise, type Supervisor } from './supervisor';
import { rules } from './settings';

export interface WebProcessesOptions {
  /** As it stands, on the port that was taken. */
  readonly config: Config;
  readonly databaseUrl: string;
  readonly shared: Shared;
  /** Gives the port up, once, before the first of them takes it. */
  readonly givePort: () => Promise<void>;
  /** The program that they run: this one. */
  readonly program: string;
  readonly failed: (reason: Refusal) => void;
  readonly log: Logger;
}

/** Are there several processes, and this one only starts them? A worker answers no readers. */
export const isParent = ({ role, webProcesses }: Config): boolean => webProcesses > 1 && role !== 'worker';

const WORKER = 'worker';

/**
 * Starts the processes that answer readers, and with `ROLE=all` a worker beside them, and looks after them. They share
 * one listening socket, so what has not been accepted yet goes to whoever lives; nobody stands in between.
 */
export function openWebProcesses(options: WebProcessesOptions): Supervisor {
  const { config, program, shared, failed, log } = options;
  // Round robin would hand each connection on by way of this process, and lose those that a killed one was handed.
  cluster.schedulingPolicy = cluster.SCHED_NONE;
  const names = Array.from({ length: config.webProcesses }, (_, at) => `web-${at + 1}`);
  if (config.role === 'all') names.push(WORKER);
  let freed: Promise<void> | undefined;

  const supervisor = supervise({
    names,
    start: (name, ready) => {
      cluster.setupPrimary({
        exec: program,
        args: [...process.argv.slice(2), `${CHILD}=${name}`],
        execArgv: [...process.execArgv, '--enable-source-maps'],
      });
      const child = cluster.fork({ [rules.databaseOwnerUrl.name]: undefined });
      child.on('error', (error) => log.warn({ err: error, process: name }, 'a process could not be spoken to'));
      const say = (message: ToChild) => void child.process.send(message, () => undefined);
      child.on('message', (heard: FromChild) => {
        if (heard === 'here') say({ say: 'start', handover: handoverFor(name, options) });
        else if (heard === 'prepared') void (freed ??= options.givePort()).then(() => say({ say: 'listen' }));
        else ready();
      });
      return child.process;
    },
    end: (child) => void child.send({ say: 'end' } satisfies ToChild, () => undefined),
    replacing: (name, how, milliseconds) =>
      log.error({ process: name, ended: how, milliseconds }, 'a process has ended and is replaced'),
    neverUp: (name, how) =>
      failed(
        new Refusal(
          `The process ${name} cannot be started: it has ended again and again before it was ready, at last with ` +
            `${how}. What it said stands above; WEB_CONCURRENCY=1 starts everything in one process.`,
        ),
      ),
  });
  shared.onChange((handed) => supervisor.tell({ say: 'changed', shared: handed } satisfies ToChild));
  return supervisor;
}

/** What one of them is started with. None of them applies migrations, so none gets the owner's address. */
function handoverFor(name: string, { config, databaseUrl, shared }: WebProcessesOptions): Handover {
  const role = name === WORKER ? 'worker' : 'web';
  return {
    config: { ...config, role, webProcesses: 1, databaseOwnerUrl: null },
    ...{ name, databaseUrl, shared: shared.handed() },
    first: config.role === 'all' ? role === 'worker' : name === 'web-1',
  };
}
