import type Redis from 'ioredis';
import { pendingMigrations } from './postgres/migrate';
import type { Postgres } from './postgres/pool';
import { checkRedis } from './redis';

/**
 * What must hold of the stores before this process is sent requests: each says null, or in a few words what is wrong.
 */
export function storeReadiness(
  { pool }: Pick<Postgres, 'pool'>,
  redis: Redis | null,
): Readonly<Record<string, () => Promise<string | null>>> {
  return {
    postgres: async () => (await pool.query('SELECT 1'), null),
    migrations: async () => ((await pendingMigrations(pool)).length > 0 ? 'some are not applied' : null),
    ...(redis ? { redis: () => checkRedis(redis) } : {}),
  };
}
