import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import type { Logger } from '../../lib/log';
import { PrismaClient } from '../prisma/client';
import { nameStatements } from './statement-names';
import { WallClient } from './wall-client';
import { WallKey } from './wall-key';

/**
 * Milliseconds after which a Postgres that does not answer counts as down. A frozen server answers nothing, and a
 * request may ask twice (for its session, for its page) and still has to be answered within three seconds.
 */
const PATIENCE = 1_400;

export interface PostgresOptions {
  /** Connections at most. */
  readonly max?: number;
  /** Milliseconds; more of them for whoever would rather wait than be told that it is busy. */
  readonly patience?: number;
}

export interface Postgres {
  readonly pool: Pool;
  readonly prisma: PrismaClient;
  readonly key: WallKey;
  /** Milliseconds that a transaction waits for a connection. */
  readonly patience: number;
  /** Opens every connection there may be, so that nobody who asks has to wait for one. @throws when Postgres does not answer. */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens the pool as the application role. Every connection is enrolled at the wall before its first query
 * (prisma/migrations, `wall.enroll`), so a connection that could not be enrolled is never used.
 */
export function openPostgres(
  databaseUrl: string,
  log: Pick<Logger, 'error'>,
  { max = 10, patience = PATIENCE }: PostgresOptions = {},
): Postgres {
  const key = WallKey.random();
  const pool = new Pool({
    Client: WallClient,
    connectionString: databaseUrl,
    max,
    connectionTimeoutMillis: patience,
    query_timeout: patience,
    statement_timeout: patience,
    idle_in_transaction_session_timeout: 10_000,
    // One that is opened anew costs whoever asks first tens of milliseconds: to enroll, and to understand each statement again.
    idleTimeoutMillis: 0,
    keepAlive: true,
    application_name: 'dossier',
    // The pool waits for what this returns, whatever its type says.
    onConnect: (client) => client.query('SELECT wall.enroll($1, $2)', [key.inner, key.outer]) as unknown as void,
  });
  pool.on('error', (error) => log.error({ err: error }, 'an idle Postgres connection failed'));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: nameStatements() }) });
  return {
    pool,
    prisma,
    key,
    patience,
    warm: async () => {
      const held: PoolClient[] = [];
      try {
        while (pool.totalCount < max) held.push(await pool.connect());
      } finally {
        for (const client of held) client.release();
      }
    },
    close: async () => {
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
