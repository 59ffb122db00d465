import { accessSync, chmodSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../../lib/refusal';
import { withdrawUnneeded } from '../public-rights';
import { accountFor } from './account';
import { binariesFor } from './binaries';
import { ensureCluster } from './cluster';
import { postmasterIn, stopOrphan } from './orphan';
import { clusterIn, ELSEWHERE, placeFor, placeOf } from './place';
import { keepSecrets, readSecrets, type Secrets } from './secrets';
import { startServer } from './server';

/** The addresses of the embedded Postgres, one per role. They hold passwords. */
export interface Urls {
  readonly owner: string;
  readonly app: string;
  /** For tests and rescue only; the application never connects as this one. */
  readonly superuser: string;
}

/** The embedded Postgres, ready. */
export interface Embedded {
  readonly urls: Urls;
  /** `18.4` */
  readonly version: string;
  readonly port: number;
  /** The folder that holds the data. */
  readonly home: string;
  /** Why that is not the data folder; undefined when it is. */
  readonly why: string | undefined;
  /** Settles when Postgres is gone, for whatever reason. */
  readonly ended: Promise<void>;
  stop(milliseconds: number): Promise<void>;
  /** Hurries a `stop` that is under way. Nothing committed is lost. */
  force(): void;
}

export interface EmbeddedOptions {
  /** Off only in tests, which lose nothing when the machine loses power. */
  readonly fsync?: boolean;
  /** Where the data goes when the account Postgres runs as cannot enter the data folder. */
  readonly elsewhere?: string;
}

/**
 * Makes the data folder if need be and returns its real path.
 * @throws Refusal when it cannot be used by this account.
 */
export function prepareDataDir(dataDir: string): string {
  try {
    if (!existsSync(dataDir)) {
      mkdirSync(dataDir, { recursive: true });
      // As root, Postgres runs as another account, which must be able to pass through to its own folder.
      chmodSync(dataDir, process.getuid?.() === 0 ? 0o711 : 0o700);
    }
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(dataDir);
  } catch (error) {
    throw new Refusal(
      `The data folder ${dataDir} cannot be used: ${(error as Error).message}. Start Dossier as the account ` +
        'that owns it, or set DATA_DIR to another folder.',
    );
  }
}

/**
 * Starts a Postgres of our own on the data folder, whatever an earlier run left there: recovers after a crash, ends
 * a server that has lost its parent, makes the cluster the first time. The caller holds the folder's lock.
 * @param say is told, in whole sentences, what the operator should know.
 * @throws Refusal for what the operator can change; an abort through `signal` leaves nothing running.
 */
export async function startEmbedded(
  dataDir: string,
  signal: AbortSignal,
  say: (line: string) => void,
  options: EmbeddedOptions = {},
): Promise<Embedded> {
  const { fsync = true, elsewhere = ELSEWHERE } = options;
  const secrets = keepSecrets(dataDir);
  await stopOrphan(clusterIn(dataDir));
  const account = accountFor(clusterIn(placeOf(dataDir)));
  const home = await placeFor(account, { id: secrets.id, dataDir }, elsewhere, say);
  // Only now: a copied clone still names the cluster of the first, whose server is nobody's orphan.
  await stopOrphan(clusterIn(home));
  const binaries = binariesFor(account, home);
  const cluster = await ensureCluster({ home, dataDir, secrets, account, binaries, fsync, signal, say });
  const server = await startServer({
    programs: binaries.folder,
    cluster,
    account,
    logFile: path.join(dataDir, 'postgres.log'),
    fsync,
    signal,
  });
  const urls = urlsFor(secrets, server.port);
  try {
    await withdrawUnneeded(urls.superuser);
  } catch (error) {
    await server.stop(2_500);
    throw error;
  }
  return {
    urls,
    version: binaries.version,
    port: server.port,
    home,
    why:
      home === dataDir
        ? undefined
        : `Postgres does not run as root, and the account "${account.name ?? ''}" it runs as cannot enter ${dataDir}`,
    ended: server.ended,
    stop: (milliseconds) => server.stop(milliseconds),
    force: () => server.force(),
  };
}

/** The addresses of the embedded Postgres that another process is running on the data folder, if one is. */
export function runningOn(dataDir: string): Urls | undefined {
  const secrets = readSecrets(dataDir);
  const postmaster = postmasterIn(clusterIn(placeOf(dataDir)));
  return secrets && postmaster?.ready ? urlsFor(secrets, postmaster.port) : undefined;
}

function urlsFor(secrets: Secrets, port: number): Urls {
  // sslmode, because a PGSSLMODE meant for another database would otherwise ask this one for a certificate.
  const url = (user: string, password: string) =>
    `postgresql://${user}:${password}@127.0.0.1:${port}/dossier?sslmode=disable`;
  return {
    owner: url('dossier_owner', secrets.owner),
    app: url('dossier_app', secrets.app),
    superuser: url('postgres', secrets.superuser),
  };
}
