import path from 'node:path';
import type Redis from 'ioredis';
import { openSecretSealer, resealSecrets } from './accounts/second-factor/secret';
import { realPayments, type Payments } from './billing/stripe/payments';
import {
  handSandbox,
  paymentsInSandboxOf,
  sandboxBeside,
  type SandboxPayments,
  watchSandboxClock,
} from './sandbox-payments';
import { setUpStripe } from './billing/stripe/setup';
import { boot } from './boot';
import type { Handed } from './boot-parts';
import { assertAllInPostgres } from './briefings/pictures/move-to-bucket';
import type { Config } from './config';
import { systemClock } from './lib/clock';
import { loadLanguages } from './lib/language';
import type { Logger } from './lib/log';
import { root } from './lib/root';
import { introduceDemo } from './membership/demo';
import { prepareDataDir } from './stores/postgres/embedded/start';
import { openBucket } from './stores/bucket';
import { openPostgres, type Postgres } from './stores/postgres/pool';
import { announceSetup } from './setup/announce';
import { storeReadiness } from './stores/readiness';
import { openRedis } from './stores/redis';
import { keepSessionSecret } from './stores/session-secret';
import { openSessionStore } from './stores/session-store';
import { openWall, type Wall } from './stores/postgres/wall';
import { resealWebhooks } from './webhooks/reseal';

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
    return {
      postgres,
      redis,
      close: async () => {
        redis?.disconnect();
        await postgres.close();
      },
    };
  },
  loadSamples: async ({ postgres }) => {
    const { loadSamples } = await import('./briefings/file/samples.js');
    return loadSamples(openWall(postgres));
  },
  introduce: ({ postgres }, { dataDir }, samples) =>
    introduceDemo(openWall(postgres), prepareDataDir(dataDir), samples > 0, systemClock.now()),
  openShared: async ({ config, stores: { postgres }, log }) => {
    const wall = openWall(postgres);
    // Invented here where there is none, before several look for it.
    if (!config.sessionSecrets) keepSessionSecret(prepareDataDir(config.dataDir));
    const sandbox = config.stripeKey === null ? await openSandbox(config, wall, log) : null;
    const says = await saySetup(wall, config);
    return {
      says: sandbox ? [...says, saySandbox(config)] : says,
      handed: () => sandbox && handSandbox(sandbox),
      onChange: (changed) => sandbox && watchSandboxClock(sandbox, changed),
      close: async () => sandbox?.close(),
    };
  },
  createApp: async ({ config, databaseUrl, stores: { postgres, redis }, log }, handed) => {
    // Whoever only starts others never needs it.
    const { createApp } = await import('./app.js');
    const sessionSecrets = config.sessionSecrets ?? [keepSessionSecret(prepareDataDir(config.dataDir))];
    const wall = openWall(postgres);
    const first = handed?.first ?? true;
    if (first) resealAll(wall, sessionSecrets, log);
    const bucket = config.bucket && openBucket(config.bucket);
    if (!bucket) await assertAllInPostgres(wall);
    const payments = handed ? handedPayments(config, handed) : await openPayments(config, wall, log);
    const app = createApp({
      config: { ...config, sessionSecrets },
      wall,
      pool: postgres.pool,
      payments,
      sessionStore: openSessionStore(redis, postgres.sessions, log),
      redis,
      bucket,
      databaseUrl,
      readiness: storeReadiness(postgres, redis),
      setup: isSetUpInBrowser(config),
      role: config.role,
      ...(handed ? { processName: handed.name } : {}),
      clock: systemClock,
      log,
    });
    // The first reader need not wait for the last connection.
    postgres
      .warm()
      .catch((error: unknown) => log.warn({ err: error }, 'connections to Postgres could not be opened ahead'));
    const says = handed ? [] : await saySetup(wall, config);
    if (payments.sandboxUrl === null || !first) return { ...app, says };
    // What is sold is the same each time, so nobody has to wait for it, nor to be told twice.
    setUpStripe(app.billing, config.publicUrl).catch((error: unknown) =>
      log.error({ err: error }, 'the sandbox could not be set up'),
    );
    return { ...app, says: [...says, saySandbox(config)] };
  },
});

function resealAll(wall: Wall, sessionSecrets: readonly string[], log: Logger): void {
  const sealer = openSecretSealer(sessionSecrets);
  resealWebhooks(wall, sealer).then(
    (lost) => {
      if (lost > 0)
        log.error(
          { webhooks: lost },
          'secrets of webhooks are sealed with a secret that is no longer in SESSION_SECRET: put it back, or give ' +
            'them new ones at /admin/webhooks',
        );
    },
    (error: unknown) => log.warn({ err: error }, 'secrets of webhooks could not be sealed anew'),
  );
  resealSecrets(wall, sealer).then(
    (lost) => {
      if (lost > 0)
        log.error(
          { accounts: lost },
          'second factors are sealed with a secret that is no longer in SESSION_SECRET: put it back, or ' +
            'their owners need a recovery code',
        );
    },
    (error: unknown) => log.warn({ err: error }, 'second factors could not be sealed anew'),
  );
}

/** The demo is there at once; a publisher's own database is set up first. */
const isSetUpInBrowser = ({ databaseUrl, mode }: Config): boolean => databaseUrl !== null || mode === 'production';

/** What is said of an installation that waits to be set up. The link itself is never among it. */
async function saySetup(wall: Wall, config: Config): Promise<readonly string[]> {
  if (!isSetUpInBrowser(config) || config.role === 'worker') return [];
  const { publicUrl, dataDir } = config;
  const line = await announceSetup(wall, { publicUrl, dataDir, terminal: process.stdout }, systemClock.now());
  return line === null ? [] : [line];
}

const saySandbox = ({ publicUrl }: Config): string =>
  `Payments: a sandbox in which no money moves, ${publicUrl}/sandbox`;

/** The real Stripe where there is a key, else the sandbox beside us. */
const openPayments = (config: Config, wall: Wall, log: Logger): Payments | Promise<Payments> =>
  config.stripeKey === null ? openSandbox(config, wall, log) : realPayments(config.stripeKey, config.webhookSecrets);

/** The same in a process that another has started, which has the sandbox where there is one. */
const handedPayments = ({ stripeKey, webhookSecrets }: Config, handed: Handed): Payments =>
  stripeKey === null ? paymentsInSandboxOf(handed) : realPayments(stripeKey, webhookSecrets);

function openSandbox(config: Config, wall: Wall, log: Logger): Promise<SandboxPayments> {
  const { mode, host, port, publicUrl } = config;
  const here = ['0.0.0.0', '::', 'localhost'].includes(host) ? '127.0.0.1' : host;
  return sandboxBeside(`http://${here.includes(':') ? `[${here}]` : here}:${port}`, {
    wall,
    languages: loadLanguages(path.join(root, 'views/languages')),
    log,
    home: publicUrl,
    machine: systemClock,
    production: mode === 'production',
  });
}
