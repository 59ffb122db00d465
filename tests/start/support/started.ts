import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { Client } from 'pg';
import { birthOf } from '../../../src/lib/processes';
import { waitFor } from '../../../src/lib/wait';
import { postmasterIn } from '../../../src/stores/postgres/embedded/orphan';
import { placeOf } from '../../../src/stores/postgres/embedded/place';
import { runningOn } from '../../../src/stores/postgres/embedded/start';

const DEADLINE = 20_000;

export interface How {
  readonly entry: string;
  readonly dataDir: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly elsewhere?: string;
}

/** How a process ended. */
export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Milliseconds since it was asked for. */
  readonly after: number;
}

const all: Started[] = [];

/** Ends whatever a test has left, by its id. */
export async function endAll(): Promise<void> {
  for (const one of all.splice(0)) await one.clear();
}

/** A Dossier in a process of its own. */
export class Started {
  out = '';
  err = '';
  private readonly child: ChildProcess;
  private readonly exit: Promise<[number | null, NodeJS.Signals | null]>;
  private left = false;

  constructor(readonly how: How) {
    const env = { DATA_DIR: how.dataDir, PORT: '0', ...how.env };
    const options = { env, embedded: { fsync: false, ...(how.elsewhere ? { elsewhere: how.elsewhere } : {}) } };
    this.child = spawn(process.execPath, [how.entry, JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.out += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.err += text));
    this.exit = once(this.child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
    void this.exit.then(() => (this.left = true));
    all.push(this);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get gone(): boolean {
    return this.left;
  }

  /** Waits until it says that it is ready, and answers its address. */
  async ready(): Promise<string> {
    const found = await waitFor(
      () => (this.gone ? ['', ''] : (/ready: (\S+)[^]*Data: .+\n/.exec(this.out) ?? undefined)),
      DEADLINE,
    );
    if (!found?.[1]) throw new Error(`did not become ready:\n${this.out}${this.err}`);
    return found[1].replace('localhost', '127.0.0.1');
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Waits for its end, after a signal if one is given. */
  async end(signal?: NodeJS.Signals): Promise<End> {
    const asked = performance.now();
    if (signal) this.kill(signal);
    await waitFor(() => this.gone, DEADLINE);
    if (!this.gone) throw new Error(`did not end:\n${this.out}${this.err}`);
    const [code, by] = await this.exit;
    return { code, signal: by, after: performance.now() - asked };
  }

  /** The process id of its Postgres. */
  get postmaster(): number {
    const found = postmasterIn(this.cluster);
    if (!found) throw new Error(`no Postgres in ${this.cluster}`);
    return found.pid;
  }

  /** The ids of its Postgres and of every process that one has started. */
  postgres(): number[] {
    const postmaster = this.postmaster;
    const rows = execFileSync('ps', ['-A', '-o', 'pid=', '-o', 'ppid='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((row) => row.trim().split(/\s+/).map(Number));
    return [postmaster, ...rows.filter(([, parent]) => parent === postmaster).map(([pid]) => pid ?? 0)];
  }

  get cluster(): string {
    return path.join(placeOf(this.how.dataDir), 'postgres');
  }

  /** Runs SQL as the owner. */
  async sql<T extends object>(text: string): Promise<T[]> {
    const urls = runningOn(this.how.dataDir);
    if (!urls) throw new Error('no Postgres is running');
    const client = new Client({ connectionString: urls.owner });
    await client.connect();
    try {
      return (await client.query<T>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async clear(): Promise<void> {
    const left = postmasterIn(this.cluster)?.pid;
    if (!this.gone) await this.end('SIGKILL');
    if (left !== undefined && left !== process.pid && birthOf(left) !== undefined) {
      process.kill(left, 'SIGQUIT');
      await waitFor(() => birthOf(left) === undefined, DEADLINE);
    }
  }
}

/** Which of these processes still live? */
export const living = (pids: readonly number[]): number[] => pids.filter((pid) => birthOf(pid) !== undefined);
