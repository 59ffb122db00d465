import Redis from 'ioredis';
import type { Logger } from '../lib/log';

/** Milliseconds after which a Redis that does not answer counts as down: a page must not wait for it. */
const PATIENCE = 200;

/** Milliseconds between two reconnections to a server that takes no writes: while a replica answers, reads go on. */
const BETWEEN_RECONNECTIONS = 1_000;

/**
 * Does this error reply say that the server is not, or not yet, the one to write to? After a failover that is a replica
 * (READONLY), a server that still reads its data set (LOADING), or a replica without its primary (MASTERDOWN). A script
 * says it in the middle of its message. https://redis.io/docs/latest/operate/oss_and_stack/management/replication/
 */
export function isFailoverReply(message: string): boolean {
  return /\b(?:READONLY|LOADING|MASTERDOWN)\b/.test(message);
}

/**
 * A connection that fails at once instead of queueing while Redis is away, and comes back by itself. A frozen
 * server is noticed by each command's own time limit. The connection to a server that is no longer the primary is
 * closed and opened again, so that the name in the address is looked up anew.
 */
export function openRedis(url: string, log: Pick<Logger, 'warn'>): Redis {
  let reconnectedAt = -Infinity;
  const redis = new Redis(url, {
    commandTimeout: PATIENCE,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
    reconnectOnError: (error) => {
      if (!isFailoverReply(error.message)) return false;
      const now = performance.now();
      if (now - reconnectedAt < BETWEEN_RECONNECTIONS) return false;
      reconnectedAt = now;
      log.warn({ err: error }, 'Redis takes no writes: connecting anew');
      return true;
    },
  });
  let down = false;
  redis.on('error', (error) => {
    if (!down) log.warn({ err: error }, 'Redis does not answer');
    down = true;
  });
  redis.on('ready', () => {
    down = false;
  });
  return redis;
}

/**
 * Whether Redis takes writes, which sessions and limits are: null, or in a few words what is wrong.
 * @throws when it does not answer.
 */
export async function checkRedis(redis: Redis): Promise<string | null> {
  try {
    await redis.set('dossier:ready', '1', 'EX', 60);
    return null;
  } catch (error) {
    if ((error as Error).name === 'ReplyError') return 'takes no writes';
    throw error;
  }
}
