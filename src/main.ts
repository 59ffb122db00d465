import type Redis from 'ioredis';
import { createApp } from './app';
import { boot } from './boot';
import { loadSamples } from './briefings/samples';
import { systemClock } from './lib/clock';
import { introduceDemo } from './membership/demo';
import { prepareDataDir } from './stores/embedded/start';
import { pendingMigrations } from './stores/migrate';
import { openPostgres, type Postgres } from './stores/postgres';
import { openRedis } from './stores/redis';
import { keepSessionSecret } from './stores/session-secret';
import { openSessionStore } from './stores/session-store';
import { openWall } from './stores/wall';

interface Stores {
  readonly postgres: Postgres;
  readonly redis: Redis | null;
  close(): Promise<void>;
}

boot<Stores>({
  env: process.env,
  openStores: (databaseUrl, log, { redisUrl }) => {
    const postgres = openPostgres(databaseUrl, log);
    const redis = redisUrl === null ? null : openRedis(redisUrl, log);
    return { postgres, redis, close: async () => { redis?.disconnect(); await postgres.close(); } };
  },
  loadSamples: ({ postgres }) => loadSamples(openWall(postgres)),
  introduce: ({ postgres }, { dataDir }, samples) => introduceDemo(openWall(postgres), prepareDataDir(dataDir), samples > 0, systemClock.now()),
  createApp: ({ config, databaseUrl, stores: { postgres, redis }, log }) =>
    createApp({
      config: { ...config, sessionSecrets: config.sessionSecrets ?? [keepSessionSecret(prepareDataDir(config.dataDir))] },
      wall: openWall(postgres),
      sessionStore: openSessionStore(redis, postgres.pool, log),
      redis,
      databaseUrl,
      readiness: {
        postgres: async () => (await postgres.pool.query('SELECT 1'), null),
        migrations: async () => ((await pendingMigrations(postgres.pool)).length > 0 ? 'some are not applied' : null),
        ...(redis ? { redis: async () => ((await redis.ping()) === 'PONG' ? null : 'does not answer') } : {}),
      },
      clock: systemClock,
      log,
    }),
});
