import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { accountFor } from '../../../src/stores/postgres/embedded/account';
import { run } from '../../../src/stores/postgres/embedded/program';
import { keepSecrets } from '../../../src/stores/postgres/embedded/secrets';
import { startServer } from '../../../src/stores/postgres/embedded/server';
import { roleStatements } from '../../../src/stores/postgres/roles';
import { asSuperuserIn, type Cluster } from './cluster';

const said = (program: string, argument: string): string =>
  spawnSync(program, [argument], { encoding: 'utf8' }).stdout?.trim() ?? '';

/**
 * The folder of this machine's Postgres, with a server of the same version as the `pg_dump` on the PATH: what npm
 * brings has no `pg_dump`, and an older one refuses a newer server.
 */
function installed(): { folder: string; version: string } | null {
  const version = /(\d+\.\d+)/.exec(said('pg_dump', '--version'))?.[1];
  const bin = said('pg_config', '--bindir');
  const folders = [path.dirname(bin), `/usr/lib/postgresql/${version?.split('.')[0]}`];
  const folder = folders.find((one) => ['postgres', 'initdb'].every((name) => existsSync(path.join(one, 'bin', name))));
  return folder && version && said(path.join(folder, 'bin/postgres'), '--version').includes(version)
    ? { folder, version }
    : null;
}

const found = installed();

/**
 * `describe` where there is a Postgres with its programs; elsewhere the cases are reported as skipped, with what is
 * missing.
 */
export const describeWithPgDump = (name: string, cases: () => void): void => {
  (found ? describe : describe.skip)(
    found ? name : `${name} (skipped: install postgresql, its pg_dump on the PATH and its server beside it)`,
    cases,
  );
};

/** A Postgres of this machine's, with both roles and an empty database. */
export async function startOwnPostgres(): Promise<Cluster & { stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-postgres-'));
  const [cluster, password] = [path.join(folder, 'cluster'), path.join(folder, 'password')];
  const signal = new AbortController().signal;
  const account = accountFor(cluster);
  const secrets = keepSecrets(folder);
  // As root, Postgres runs as another account, which must be able to pass.
  chmodSync(folder, 0o711);
  mkdirSync(cluster, { mode: 0o700 });
  writeFileSync(password, secrets.superuser, { mode: 0o600 });
  if (account.uid !== undefined) for (const one of [cluster, password]) chownSync(one, account.uid, account.gid!);
  const access = [
    '--username=postgres',
    '--auth=scram-sha-256',
    `--pwfile=${password}`,
    '--encoding=UTF8',
    '--locale=C',
  ];
  await run(path.join(found!.folder, 'bin/initdb'), ['--pgdata', cluster, ...access, '--no-sync'], { account, signal });
  const logFile = path.join(folder, 'postgres.log');
  const server = await startServer({ programs: found!.folder, cluster, account, logFile, fsync: false, signal });
  const url = (user: string, secret: string, database = 'dossier') =>
    `postgresql://${user}:${secret}@127.0.0.1:${server.port}/${database}?sslmode=disable`;
  await asSuperuserIn(url('postgres', secrets.superuser, 'postgres'), async (client) => {
    for (const statement of roleStatements(secrets)) await client.query(statement);
  });
  const superuser = url('postgres', secrets.superuser);
  return {
    ...{ superuser, owner: url('dossier_owner', secrets.owner), app: url('dossier_app', secrets.app) },
    stop: async () => {
      await server.stop(4_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
