import { createApp } from './app';
import { boot } from './boot';
import { loadSamples } from './briefings/samples';
import { pendingMigrations } from './stores/migrate';
import { openPostgres } from './stores/postgres';
import { openWall } from './stores/wall';

boot({
  env: process.env,
  openStores: (databaseUrl, log) => openPostgres(databaseUrl, log),
  loadSamples: (postgres) => loadSamples(openWall(postgres)),
  createApp: ({ config, databaseUrl, stores, log }) =>
    createApp({
      config,
      wall: openWall(stores),
      databaseUrl,
      readiness: {
        postgres: async () => (await stores.pool.query('SELECT 1'), null),
        migrations: async () => ((await pendingMigrations(stores.pool)).length > 0 ? 'some are not applied' : null),
      },
      log,
    }),
});
