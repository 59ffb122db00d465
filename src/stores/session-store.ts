import { createHash } from 'node:crypto';
import connectPgSimple from 'connect-pg-simple';
import { RedisStore } from 'connect-redis';
import session, { Store, type SessionData } from 'express-session';
import type Redis from 'ioredis';
import type { Pool } from 'pg';
import type { Logger } from '../lib/log';

/** Days a session lives after its last use. Its absolute end is kept by whoever reads it. */
export const IDLE_DAYS = 30;

/**
 * Milliseconds a request waits for its session, however many things in turn the store waits for. With what its
 * page may take it must be answered within three seconds.
 */
const PATIENCE = 1_000;

/** Milliseconds between two renewals of a session's life in the store. */
const RENEWAL = 600_000;
const MOST_REMEMBERED = 50_000;

/**
 * Where sessions are kept: in Redis where there is one, else in Postgres. The one place that chooses.
 * @param pool whose connections are enrolled for sessions (`Postgres.sessions`): no other reaches them.
 */
export function openSessionStore(
  redis: Redis | null,
  pool: Pool,
  log: Pick<Logger, 'error'>,
  patience = PATIENCE,
): Store {
  const ttl = IDLE_DAYS * 86_400;
  if (redis) return new HashedStore(new RedisStore({ client: redis, prefix: 'dossier:session:', ttl }), patience);
  const PgStore = connectPgSimple(session);
  return new HashedStore(
    new PgStore({
      pool,
      tableName: 'sessions',
      ttl,
      disableTouch: false,
      pruneSessionInterval: 3_600,
      errorLog: (...words) => log.error({ words: words.map(String) }, 'the session store failed'),
    }),
    patience,
  );
}

type Answer = (error?: unknown) => void;

/**
 * Keeps each session under a hash of its id, so that whoever reads the store cannot take a session over; and
 * renews its life now and then instead of at each request, so that a request costs one read.
 */
class HashedStore extends Store {
  private readonly renewed = new Map<string, number>();

  constructor(
    private readonly inner: Store,
    private readonly patience: number,
  ) {
    super();
    inner.on('disconnect', () => this.emit('disconnect'));
    inner.on('connect', () => this.emit('connect'));
  }

  override get(id: string, callback: (error: unknown, data?: SessionData | null) => void): void {
    let waiting = true;
    const answer = (error: unknown, data?: SessionData | null): void => {
      if (!waiting) return;
      waiting = false;
      clearTimeout(timer);
      callback(error, data);
    };
    const timer = setTimeout(() => answer(new Error('the session store does not answer')), this.patience);
    this.inner.get(sessionHash(id), answer);
  }

  override set(id: string, data: SessionData, callback?: Answer): void {
    this.inner.set(sessionHash(id), data, callback);
  }

  override destroy(id: string, callback?: Answer): void {
    this.renewed.delete(sessionHash(id));
    this.inner.destroy(sessionHash(id), callback);
  }

  override touch(id: string, data: SessionData, callback?: () => void): void {
    const name = sessionHash(id);
    const now = Date.now();
    if (now - (this.renewed.get(name) ?? 0) < RENEWAL) return callback?.();
    if (this.renewed.size >= MOST_REMEMBERED) this.renewed.clear();
    this.renewed.set(name, now);
    // A renewal that fails is tried again at the next request; the answer does not wait for it.
    this.inner.touch?.(name, data, (error?: unknown) => {
      if (error) this.renewed.delete(name);
    });
    callback?.();
  }
}

/** Under what a session of this id is kept. */
export function sessionHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
