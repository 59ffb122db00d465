import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { root } from '../../src/lib/root';
import { asSuperuserIn, cluster, withDatabase } from '../support/stores/cluster';
import { redisIsHere, startRedis } from '../support/stores/redis';

const NAME = 'image_bare';
const admin = () => withDatabase(cluster().superuser, 'postgres');
const drop = () => asSuperuserIn(admin(), (client) => client.query(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE)`));
afterAll(drop);

test("the Dockerfile's steps, in an empty folder, give what starts as a user that may write to its data folder alone", async () => {
  await drop();
  await asSuperuserIn(admin(), (client) => client.query(`CREATE DATABASE ${NAME} OWNER dossier_owner`));
  const redis = redisIsHere ? await startRedis() : null;
  // Without a Redis there is no production: it is started with what it brings alone, and says so.
  const production = redis && {
    DATABASE_URL: withDatabase(cluster().app, NAME),
    DATABASE_OWNER_URL: withDatabase(cluster().owner, NAME),
    REDIS_URL: `redis://127.0.0.1:${redis.port}`,
    SESSION_SECRET: 's'.repeat(44),
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'Dossier <letters@dossier.example>',
    STRIPE_SECRET_KEY: 'sk_live_0123456789',
    STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
    PUBLIC_URL: 'https://dossier.example',
    HOST: '127.0.0.1',
  };
  try {
    // npm ci would leave this machine: the packages are those of this checkout, pruned.
    const child = spawn(process.execPath, [path.join(root, 'scripts/image.mjs'), '--pruned'], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...production },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [said, wrong, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
    expect([wrong, code]).toEqual(['', 0]);
    expect(said).toMatch(/^None of \d{2,} development packages is in it\.$/m);
    expect(said).toMatch(
      process.getuid?.() === 0 ? /^It runs as the user 65534,/m : /^This is not root: it runs as \w+/m,
    );
    expect(said).toContain('Started, asked and ended with a Postgres of its own.');
    expect(said.includes('Started, asked and ended in production')).toBe(redis !== null);
  } finally {
    await redis?.stop();
  }
}, 600_000);
