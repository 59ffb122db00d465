import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { Refusal } from '../lib/refusal';

export type Program = 'pg_dump' | 'pg_restore';

/** How one comes by the programs. */
const WHERE =
  'Debian and Ubuntu: apt-get install postgresql-client-<version>, from apt.postgresql.org; macOS: brew install ' +
  'postgresql@<version>; with docker compose they are in the container of Postgres.';

/** The first part of the version of a program on the PATH. @throws Refusal when there is none. */
export async function majorOf(program: Program): Promise<number> {
  try {
    const { stdout } = await promisify(execFile)(program, ['--version']);
    return Number(/\) (\d+)/.exec(stdout)?.[1] ?? Number.NaN);
  } catch {
    throw new Refusal(`${program} is not on the PATH. It comes with the client programs of PostgreSQL. ${WHERE}`);
  }
}

/**
 * The first part of the version of a program that is at least as new as what it has to do with.
 * @param what has that version, in words.
 * @throws Refusal when there is none, or an older one alone.
 */
export async function programFor(program: Program, least: number, what: string): Promise<number> {
  const major = await majorOf(program);
  if (major >= least) return major;
  throw new Refusal(
    `The ${program} on the PATH is of version ${major}, and ${what} is of version ${least}. ` +
      `Install that of version ${least} or later. ${WHERE}`,
  );
}

/** The first part of the version of the server at an address. */
export const serverMajor = (url: string): Promise<number> =>
  asking(url, async (client) => {
    const { rows } = await client.query<{ server_version_num: string }>('SHOW server_version_num');
    return Math.floor(Number(rows[0]!.server_version_num) / 10_000);
  });

/** Asks the database at an address something, on a connection of its own. */
export async function asking<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What programs run in. */
export interface ProgramContext {
  /** With the PATH that they are looked for on. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Ends them early. */
  readonly ending: AbortSignal;
}

/**
 * Runs a program to its end, connected to the database at an address; its password stands in no list of processes.
 * @throws Refusal with its last words when it fails.
 */
export async function runProgram(
  program: Program,
  url: string | null,
  args: readonly string[],
  { env, ending }: ProgramContext,
): Promise<string> {
  const address = url === null ? null : new URL(url);
  const password = decodeURIComponent(address?.password ?? '');
  if (address) address.password = '';
  const child = spawn(program, [...args, ...(address ? ['--no-password', '--dbname', address.href] : [])], {
    env: { ...env, ...(password === '' ? {} : { PGPASSWORD: password }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: ending,
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err = (err + chunk.toString()).slice(-2_000)));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  if (code !== 0) throw new Refusal(`${program} has failed: ${err.trim() || `it ended with ${code}`}`);
  return out;
}
