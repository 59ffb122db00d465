import { PrismaPg } from '@prisma/adapter-pg';
import { Pool, type PoolClient } from 'pg';
import type { Logger } from '../../lib/log';
import { PrismaClient } from '../prisma/client';
import { nameStatements } from './statement-names';
import { WallClient, type Purpose } from './wall-client';

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
  /** For pages: the wall's connections, and what needs no context. */
  readonly pool: Pool;
  /** For the session store alone, where sessions lie in Postgres: none is opened before it asks. */
  readonly sessions: Pool;
  readonly prisma: PrismaClient;
  /** Milliseconds that a transaction waits for a connection. */
  readonly patience: number;
  /**
   * Opens every connection for pages, so that nobody who asks has to wait for one. @throws when Postgres does not
   * answer.
   */
  warm(): Promise<void>;
  close(): Promise<void>;
}

/** Connections of the session store: it asks one short question at a time. */
const FOR_SESSIONS = 2;

/**
 * Opens the pools as the application role. Every connection is enrolled at the wall before its first query, for one
 * purpose (prisma/migrations, `wall.enroll`), so one that could not be enrolled is never used, and what runs in a
 * transaction of a page reaches no session.
 */
export function openPostgres(
  databaseUrl: string,
  log: Pick<Logger, 'error'>,
  { max = 10, patience = PATIENCE }: PostgresOptions = {},
): Postgres {
  const open = (purpose: Purpose, most: number): Pool => {
    const pool = new Pool({
      Client: WallClient,
      pipeline: true,
      connectionString: databaseUrl,
      max: most,
      connectionTimeoutMillis: patience,
      query_timeout: patience,
      statement_timeout: patience,
      idle_in_transaction_session_timeout: 10_000,
      // One that is opened anew costs whoever asks first tens of milliseconds: to enroll, and to understand each
      // statement again.
      idleTimeoutMillis: 0,
      keepAlive: true,
      application_name: 'dossier',
      // The pool waits for what this returns, whatever its type says.
      onConnect: (client) => (client as WallClient).enroll(purpose) as unknown as void,
    });
    pool.on('error', (error) => log.error({ err: error }, 'an idle Postgres connection failed'));
    pool.on('release', (_error, client) => (client as PoolClient & WallClient).released());
    return pool;
  };
  const pool = open('pages', max);
  const sessions = open('sessions', FOR_SESSIONS);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool, { statementNameGenerator: nameStatements() }) });
  return {
    pool,
    sessions,
    prisma,
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
      await Promise.all([pool.end(), sessions.end()]);
    },
  };
}
