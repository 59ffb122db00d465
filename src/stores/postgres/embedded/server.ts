import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { waitFor, within } from '../../../lib/wait';
import { type Account, PLAIN, runningAs } from './account';
import { lastWords, postmasterIn } from './orphan';
import { giveToOwnerOf } from './private-file';

/** A Postgres that is ready. */
export interface Server {
  readonly port: number;
  /** Settles when the process is gone, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends it: open transactions are rolled back, committed ones are safe. `milliseconds` is when patience ends. */
  stop(milliseconds: number): Promise<void>;
  /** Hurries a `stop` that is under way. */
  force(): void;
}

export interface ServerOptions {
  /** The folder with `bin`. */
  readonly programs: string;
  readonly cluster: string;
  readonly account: Account;
  readonly logFile: string;
  readonly fsync: boolean;
  readonly signal: AbortSignal;
}

/** Milliseconds a Postgres may take to be ready: after a crash it first replays what it had written ahead. */
const PATIENCE = 60_000;

/** Bytes after which the log begins anew. */
const LOG_LIMIT = 5_000_000;

/**
 * Starts Postgres on a free loopback port and waits until it takes connections.
 * @throws with the end of its log, when it does not.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  // Somebody may take the port between our asking and Postgres's binding; and the children of a Postgres that was
  // killed need a moment to notice, until when their shared memory keeps a new one out.
  for (let attempt = 1; ; attempt++) {
    const server = await tryOnce(options);
    options.signal.throwIfAborted();
    if (server) return server;
    if (attempt === 4)
      throw new Error(`Postgres does not start. The end of ${options.logFile}:\n${lastWords(options.logFile)}`);
  }
}

async function tryOnce(options: ServerOptions): Promise<Server | undefined> {
  const port = await freePort();
  const child = launch(options, port);
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()).once('error', () => resolve()));
  let gone = false;
  void ended.then(() => (gone = true));
  const ready = () => {
    const postmaster = postmasterIn(options.cluster);
    return postmaster?.pid === child.pid && postmaster?.ready === true;
  };
  await waitFor(() => gone || options.signal.aborted || ready(), PATIENCE);
  const server = {
    port,
    ended,
    stop: (milliseconds: number) => stop(child, ended, milliseconds),
    force: () => void child.kill('SIGQUIT'),
  };
  if (!gone && !options.signal.aborted && ready()) return server;
  await server.stop(2_500);
  return undefined;
}

function launch({ programs, cluster, account, logFile, fsync }: ServerOptions, port: number): ChildProcess {
  const settings = {
    port: String(port),
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: fsync ? 'on' : 'off',
    timezone: 'UTC',
    log_timezone: 'UTC',
    // A failed statement's text and row may hold what only members read.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_checkpoints: 'off',
  };
  const args = ['-D', cluster, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
  const full = (statSync(logFile, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT;
  const log = openSync(logFile, full ? 'w' : 'a', 0o600);
  giveToOwnerOf(path.dirname(logFile), logFile);
  try {
    // Detached: Ctrl-C reaches everything in the terminal's group, and Postgres must outlast the last request.
    return spawn(path.join(programs, 'bin/postgres'), args, {
      ...PLAIN,
      ...runningAs(account),
      detached: true,
      stdio: ['ignore', log, log],
    });
  } finally {
    closeSync(log);
  }
}

// Fast shutdown first; immediate shutdown loses nothing either, it only makes the next start replay the log.
async function stop(child: ChildProcess, ended: Promise<void>, milliseconds: number): Promise<void> {
  let gone = child.exitCode !== null || child.signalCode !== null || child.pid === undefined;
  for (const [signal, patience] of [
    ['SIGINT', Math.min(2_000, milliseconds * 0.7)],
    ['SIGQUIT', milliseconds * 0.3],
    ['SIGKILL', 500],
  ] as const) {
    if (gone) return;
    child.kill(signal);
    gone =
      (await within(
        patience,
        ended.then(() => true),
      )) ?? false;
  }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no loopback port is free');
  return address.port;
}
