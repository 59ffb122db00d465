import { accessSync, chmodSync, constants, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { migrate } from '../../../src/stores/postgres/migrate';
import { startEmbedded, type Embedded } from '../../../src/stores/postgres/embedded/start';

/** Where the suite's Postgres can be reached; handed to the workers through the environment. */
export interface Cluster {
  readonly owner: string;
  readonly app: string;
  readonly superuser: string;
}

export const TEMPLATE = 'dossier';
const VARIABLE = 'DOSSIER_TEST_CLUSTER';

/** Where Linux keeps files in memory. */
const IN_MEMORY = '/dev/shm';
/** Bytes that the suite's databases take at most, with room to spare. */
const NEEDED = 2 ** 30;

/** A disk makes and removes a database's 1,500 files in a quarter second of processor time, memory in a fifth of it. */
function homeOfDatabases(): string {
  try {
    accessSync(IN_MEMORY, constants.W_OK);
    const { bavail, bsize } = statfsSync(IN_MEMORY);
    if (bavail * bsize >= NEEDED) return IN_MEMORY;
  } catch {
    // Another system, or a container without it.
  }
  return os.tmpdir();
}

/** One real Postgres for the whole suite, migrated once; each test file copies its database from it. */
export async function startCluster(): Promise<{ stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(homeOfDatabases(), 'dossier-test-'));
  // As root, Postgres runs as another account, which must be able to pass.
  chmodSync(folder, 0o711);
  const embedded: Embedded = await startEmbedded(folder, new AbortController().signal, () => undefined, {
    fsync: false,
  });
  await migrate(embedded.urls.owner, { log: { info: () => undefined, warn: () => undefined } });
  process.env[VARIABLE] = JSON.stringify(embedded.urls);
  return {
    stop: async () => {
      await embedded.stop(4_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function cluster(): Cluster {
  const urls = process.env[VARIABLE];
  if (!urls) throw new Error('the suite has no Postgres: was it started by tests/support/global-setup.ts?');
  return JSON.parse(urls) as Cluster;
}

/** The same address with another database's name. */
export function withDatabase(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

/** A fresh database as the migrations leave it, or a copy of another, with the addresses of its roles. */
export async function createDatabase(template = TEMPLATE): Promise<Cluster & { drop(): Promise<void> }> {
  const { owner, app, superuser } = cluster();
  const name = `test_${process.pid}_${Math.random().toString(36).slice(2, 10)}`;
  await asSuperuser((client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER dossier_owner`));
  // A template hands down its tables, not the rights on the database itself: those are docs/roles.sql's.
  await asSuperuser((client) =>
    client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC; GRANT CONNECT ON DATABASE ${name} TO dossier_app`),
  );
  return {
    owner: withDatabase(owner, name),
    app: withDatabase(app, name),
    superuser: withDatabase(superuser, name),
    drop: async () => {
      await asSuperuser((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
    },
  };
}

const asSuperuser = <T>(work: (client: Client) => Promise<T>): Promise<T> =>
  asSuperuserIn(withDatabase(cluster().superuser, 'postgres'), work);

/** Does something to a database that the application could not. */
export async function asSuperuserIn<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
