import Redis from 'ioredis';
import type { Logger } from '../lib/log';

/** Milliseconds after which a Redis that does not answer counts as down: a page must not wait for it. */
const PATIENCE = 200;

/**
 * A connection that fails at once instead of queueing while Redis is away, and comes back by itself. A frozen
 * server is noticed by each command's own time limit.
 */
export function openRedis(url: string, log: Pick<Logger, 'warn'>): Redis {
  const redis = new Redis(url, {
    commandTimeout: PATIENCE,
    connectTimeout: 1_000,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
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
