import { randomBytes } from 'node:crypto';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../../lib/refusal';
import { roleStatements } from '../roles';
import { type Account } from './account';
import { type Binaries } from './binaries';
import { clusterIn, mark, setAsideUnlessOf } from './place';
import { run } from './program';
import type { Secrets } from './secrets';

const UNFINISHED = 'postgres.new-';

export interface ClusterOptions {
  /** The folder that `placeFor` chose. */
  readonly home: string;
  readonly dataDir: string;
  readonly secrets: Secrets;
  readonly account: Account;
  readonly binaries: Binaries;
  readonly fsync: boolean;
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

/**
 * Makes sure there is a cluster of ours, with both roles and an empty database, and returns its folder. It is made
 * beside its place and moved there at the end, so one that stands in its place is whole, whenever we were killed.
 * @throws Refusal when it was made by another major version of Postgres.
 */
export async function ensureCluster(options: ClusterOptions): Promise<string> {
  const cluster = clusterIn(options.home);
  removeUnfinished(options.home);
  setAsideUnlessOf(options.secrets.id, cluster, options.say);
  if (!existsSync(cluster)) await create(cluster, options);
  const made = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  const have = options.binaries.version.split('.')[0];
  if (made !== have) {
    throw new Refusal(
      `The data in ${cluster} was made by Postgres ${made}, and Postgres ${String(have)} is installed. Export ` +
        'the briefings with the version of Dossier that made them, or move the folder away to begin with an ' +
        'empty database.',
    );
  }
  return cluster;
}

async function create(
  cluster: string,
  { home, dataDir, secrets, account, binaries, fsync, signal }: ClusterOptions,
): Promise<void> {
  const fresh = path.join(home, `${UNFINISHED}${randomBytes(6).toString('hex')}`);
  const passwordFile = `${fresh}.password`;
  try {
    mkdirSync(fresh, { mode: 0o700 });
    give(fresh, account);
    writeFileSync(passwordFile, secrets.superuser, { mode: 0o600, flag: 'wx' });
    give(passwordFile, account);
    // The C library's locale differs from system to system; the built-in one sorts and folds the same on each.
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const access = ['--username=postgres', '--auth=scram-sha-256', `--pwfile=${passwordFile}`];
    const initdb = ['--pgdata', fresh, ...access, ...locale, '--no-instructions', ...(fsync ? [] : ['--no-sync'])];
    await run(path.join(binaries.folder, 'bin/initdb'), initdb, { account, signal });
    // A backend without a server: roles and database are there before the cluster is.
    const alone = [
      '--single',
      '-D',
      fresh,
      '-c',
      'exit_on_error=true',
      '-c',
      `fsync=${fsync ? 'on' : 'off'}`,
      'postgres',
    ];
    const input = roleStatements({ owner: secrets.owner, app: secrets.app }).join('\n');
    await run(path.join(binaries.folder, 'bin/postgres'), alone, { account, signal, input: `${input}\n` });
    mark(fresh, { id: secrets.id, dataDir });
    renameSync(fresh, cluster);
  } finally {
    removeUnfinished(home);
  }
}

// An initdb whose parent was killed may still be writing into its folder for a moment, hence the patience.
function removeUnfinished(home: string): void {
  for (const name of readdirSync(home)) {
    if (name.startsWith(UNFINISHED))
      rmSync(path.join(home, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }
}

function give(file: string, { uid, gid }: Account): void {
  if (uid !== undefined && gid !== undefined) chownSync(file, uid, gid);
}
