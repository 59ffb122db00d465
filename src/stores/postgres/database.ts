import { Client } from 'pg';
import { Refusal } from '../../lib/refusal';
import type { EmbeddedOptions } from './embedded/start';
import { startEmbedded } from './embedded/start';

/** A database that answers. The addresses hold passwords. */
export interface Database {
  /** As the application's role. */
  readonly url: string;
  /** As the owner's role, for migrations; null when we were not given one. */
  readonly ownerUrl: string | null;
  /** Where the data lies, for the operator. */
  readonly place: string;
  /** Settles when the database can never answer again: only an embedded one can end for good under us. */
  readonly ended: Promise<void>;
  close(milliseconds: number): Promise<void>;
  /** Hurries a `close` that is under way. */
  force(): void;
}

export interface DatabaseOptions {
  readonly databaseUrl: string | null;
  readonly databaseOwnerUrl: string | null;
  /** Real path of a folder we hold the lock of; only used to embed. */
  readonly dataDir: string;
}

/**
 * The database that was given, or else an embedded one.
 * @param say is told, in whole sentences, what the operator should know.
 * @throws Refusal when the given one does not answer, or the embedded one cannot be.
 */
export async function openDatabase(
  wanted: DatabaseOptions,
  signal: AbortSignal,
  say: (line: string) => void,
  options?: EmbeddedOptions,
): Promise<Database> {
  if (wanted.databaseUrl !== null) return given(wanted.databaseUrl, wanted.databaseOwnerUrl);
  const embedded = await startEmbedded(wanted.dataDir, signal, say, options);
  return {
    url: embedded.urls.app,
    ownerUrl: embedded.urls.owner,
    place:
      `${embedded.home}  (embedded Postgres ${embedded.version} on ` +
      `127.0.0.1:${embedded.port}${embedded.why ? `; ${embedded.why}` : ''})`,
    ended: embedded.ended,
    close: (milliseconds) => embedded.stop(milliseconds),
    force: () => embedded.force(),
  };
}

async function given(url: string, ownerUrl: string | null): Promise<Database> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  const { host, pathname } = new URL(url);
  const place = `${host}${pathname}`;
  try {
    await client.connect();
  } catch (error) {
    throw new Refusal(`The database at ${place} (DATABASE_URL) cannot be used: ${plainReason(error)}.`);
  } finally {
    await client.end().catch(() => undefined);
  }
  return {
    url,
    ownerUrl,
    place,
    ended: new Promise(() => undefined),
    close: () => Promise.resolve(),
    force: () => undefined,
  };
}

// A host with several addresses fails with one error for each, under an empty message.
function plainReason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(plainReason).join('; ');
  return error instanceof Error ? error.message : String(error);
}
