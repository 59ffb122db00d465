import { EventEmitter } from 'node:events';
import type { Runner, RunnerOptions, TaskList, WorkerEvents } from 'graphile-worker';
import { Pool, type PoolClient } from 'pg';
import type { Logger } from '../../lib/log';
import { waitFor } from '../../lib/wait';
import { isTransient } from '../unavailable';
import { keepLocks, type LockTimes } from './job-locks';
import type { WallTransaction } from './wall';

/** Which try of a job this is. */
export interface Attempt {
  /** The first is 1. */
  readonly attempt: number;
  /** Will it not be tried again? */
  readonly last: boolean;
}

/**
 * What a job of a name does. It may be done again after it has been done: a process can die between the work and the
 * note of it.
 */
export type Task = (payload: unknown, attempt: Attempt) => Promise<void>;

export interface JobsOptions {
  /** As the application's role. */
  readonly databaseUrl: string;
  readonly tasks: Readonly<Record<string, Task>>;
  /** When which task is to be done by itself, in UTC (crontab). */
  readonly crontab: string;
  readonly log: Pick<Logger, 'warn' | 'error'>;
  /** Jobs under way at once in this process. */
  readonly concurrency?: number;
  /** Connections to Postgres at once: one that listens, and those that take jobs and note what became of them. */
  readonly connections?: number;
  /** Milliseconds between two looks for jobs that are due, when nobody says that there is one. */
  readonly pollInterval?: number | undefined;
  /** For tests. */
  readonly lockTimes?: LockTimes;
}

/** Works on what lies in the queue, for as long as the process lives. */
export interface Jobs {
  /** Takes no further job, and waits for those under way; what is cut off is done again by the next process. */
  close(): Promise<void>;
}

const CONCURRENCY = 4;

/** Milliseconds until a queue that broke off is tried again, and between two looks when nobody says there is a job. */
const RETRY = 1_000;
const POLL = 5_000;
const CONNECT = 3_000;

function openQueuePool(databaseUrl: string, connections: number, log: JobsOptions['log']): PatientPool {
  const pool = new PatientPool({
    connectionString: databaseUrl,
    max: connections,
    connectionTimeoutMillis: CONNECT,
    keepAlive: true,
    application_name: 'dossier jobs',
  });
  pool.on('error', (error: Error) => log.warn({ err: error }, 'a connection of the queue failed'));
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** A task as the queue calls it. */
const asQueued =
  (task: Task): NonNullable<TaskList[string]> =>
  async (payload, { job }) =>
    task(payload, { attempt: job.attempts, last: job.attempts >= job.max_attempts });

/** What a failed job says may hold what it was about; the task has written down why in its own words. */
function tellTrouble(log: JobsOptions['log'], level: string, message: string): void {
  if (level === 'error' && !/^Failed task/.test(message))
    log.warn({ queue: message.slice(0, 200) }, 'the queue has trouble');
}

/** Begins to work on the queue. @param pools is told the name of each pool of workers that begins. */
async function runQueue(log: JobsOptions['log'], pools: Set<string>, options: RunnerOptions): Promise<Runner> {
  // A tenth of a second that the first page does not wait for.
  const { run, Logger: QueueLogger } = await import('graphile-worker');
  const events: WorkerEvents = new EventEmitter();
  events.on('pool:create', ({ workerPool }) => void pools.add(workerPool.id));
  return run({
    ...options,
    events,
    noHandleSignals: true,
    logger: new QueueLogger(() => (level, message) => tellTrouble(log, String(level), message)),
  });
}

/**
 * Starts a worker. Any number may run on one database. A Postgres that goes away is waited for. A job that fails is
 * tried again with growing pauses, by its number of attempts.
 */
export function startJobs({
  databaseUrl,
  tasks,
  crontab,
  log,
  concurrency = CONCURRENCY,
  connections = concurrency + 2,
  pollInterval = POLL,
  lockTimes,
}: JobsOptions): Jobs {
  // The package remembers the options of every run for good (graphile-worker 0.17.3, dist/taskIdentifiers.js), and with
  // them all that they refer to: the list is emptied when this is closed.
  const held = { tasks: Object.entries(tasks) };
  const taskList: TaskList = {};
  const pool = openQueuePool(databaseUrl, connections, log);
  let stop: (() => Promise<void>) | null = null;
  const pools = new Set<string>();
  const locks = keepLocks(pool, pools, lockTimes);
  let closed = false;
  let timer: NodeJS.Timeout | undefined;
  let wake: () => void = () => undefined;

  const work = async (): Promise<void> => {
    for (const [name, task] of held.tasks) taskList[name] = asQueued(task);
    // What a pool that broke off still holds is nobody's any more, and is opened after a while.
    pools.clear();
    const runner = await runQueue(log, pools, { pgPool: pool, taskList, crontab, concurrency, pollInterval });
    // It may break off while it is being stopped.
    const ended = runner.promise.catch((error: unknown) => {
      if (!closed) throw error;
    });
    stop = () => runner.stop();
    if (closed) await runner.stop().catch(() => undefined);
    await ended;
  };

  const pause = () =>
    new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, RETRY);
    });

  const keepWorking = async (): Promise<void> => {
    while (!closed) {
      await work().catch((error: unknown) => {
        if (!closed) log.warn({ err: error }, 'the queue broke off, and is tried again');
      });
      stop = null;
      if (!closed) await pause();
    }
  };

  const working = keepWorking();
  const end = async (): Promise<void> => {
    closed = true;
    clearTimeout(timer);
    wake();
    await stop?.().catch(() => undefined);
    await working;
    await locks.close();
    await pool.rest();
    await pool.end();
    held.tasks = [];
    for (const name of Object.keys(taskList)) delete taskList[name];
  };
  let ending: Promise<void> | null = null;
  return { close: () => (ending ??= end()) };
}

/**
 * The package notes that a job is done without waiting for the note (graphile-worker 0.17.3, dist/worker.js): a note
 * that fails would end the process, and one still under way when the pool ends would never be made. So whatever means
 * that Postgres is away gets a code the package tries again after, and the pool ends when nothing is under way.
 */
class PatientPool extends Pool {
  private under = 0;

  override connect(): Promise<PoolClient>;
  override connect(
    callback: (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void,
  ): void;
  override connect(
    callback?: (error: Error | undefined, client: PoolClient | undefined, done: (release?: unknown) => void) => void,
  ): Promise<PoolClient> | void {
    if (callback) return super.connect(callback);
    this.under++;
    return super.connect().then(
      (client) => {
        const release = client.release.bind(client);
        const query = client.query.bind(client) as (...args: unknown[]) => unknown;
        const patient = (...args: unknown[]) => {
          const asked = query(...args);
          return asked instanceof Promise
            ? asked.catch((error: unknown) => {
                throw comeAgain(error);
              })
            : asked;
        };
        Object.assign(client, { query: patient });
        client.release = (destroy) => {
          this.under--;
          Object.assign(client, { query, release });
          release(destroy);
        };
        return client;
      },
      (error: unknown) => {
        this.under--;
        throw comeAgain(error);
      },
    );
  }

  /** Waits for what is under way, for a while. */
  async rest(): Promise<void> {
    await waitFor(() => this.under === 0, CONNECT);
  }
}

/** The same error with a code that says that Postgres may be back in a moment. */
function comeAgain(error: unknown): unknown {
  return isTransient(error) && error instanceof Error ? Object.assign(error, { code: 'ETIMEDOUT' }) : error;
}

/**
 * Puts a job into the queue in the transaction of what causes it: both are there, or neither. With a key, a job of the
 * same key that nobody works on yet is the same job; the jobs of one queue are worked on one after the other.
 */
export async function addJob(
  db: Pick<WallTransaction, '$queryRaw'>,
  task: string,
  payload: Readonly<Record<string, string>>,
  { key = null, queue = null, attempts = 12, seconds = 0 }: JobOptions = {},
): Promise<void> {
  await db.$queryRaw`SELECT id FROM graphile_worker.add_job(${task}, ${JSON.stringify(payload)}::json, queue_name =>
    ${queue}, job_key => ${key}, max_attempts => ${attempts}::int, run_at => clock_timestamp() + make_interval(secs =>
      ${seconds}))`;
}

export interface JobOptions {
  readonly key?: string | null;
  readonly queue?: string | null;
  /** How often it is tried. */
  readonly attempts?: number;
  /** Until it is done first. */
  readonly seconds?: number;
}
