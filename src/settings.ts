import { z } from 'zod';
import { LOG_LEVELS } from './lib/log';
import { mailRules } from './mail-settings';
import { rule, type Rule, type Setting } from './setting-rule';
import { wholeNumber, address, database, endpoint, origin } from './setting-values';

/** The rule of each variable, in the order they are explained. */
export const rules = {
  mode: rule('NODE_ENV', z.enum(['development', 'test', 'production']), {
    meaning: 'What this process is for. Only production takes nothing for granted.',
    default: 'development',
    allowed: 'development, test or production',
  }),
  databaseUrl: rule('DATABASE_URL', database(), {
    meaning: "The Postgres to use, as the application's role (docs/roles.sql). Without it one is embedded.",
    default: 'an embedded Postgres; none in production',
    allowed: 'postgresql://dossier_app:password@host:port/database',
    secret: true,
    requiredInProduction: true,
  }),
  databaseOwnerUrl: rule('DATABASE_OWNER_URL', database(), {
    meaning:
      "The same database as the owner's role, used only to apply migrations, at the start or with `npm run " +
      'migrate`. Without it pending migrations stop the start.',
    default: 'none; the embedded Postgres has its own',
    allowed: 'postgresql://dossier_owner:password@host:port/database, together with DATABASE_URL',
    secret: true,
  }),
  redisUrl: rule('REDIS_URL', address('redis:', 'rediss:'), {
    meaning: 'The Redis to use.',
    default: 'none; none in production',
    allowed: 'redis://user:password@host:port, or rediss:// for TLS',
    secret: true,
    requiredInProduction: true,
  }),
  sessionSecrets: rule(
    'SESSION_SECRET',
    z
      .string()
      .transform((value) => value.split(',').map((one) => one.trim()))
      .pipe(z.array(z.string().min(32)).min(1)),
    {
      meaning:
        'Signs the session cookie, and seals the secrets of second factors and of webhooks. To change it, put the ' +
        'new one before the old one, and take the old one out 90 days later.',
      default: "one of the data folder's own; none in production",
      allowed: 'at least 32 characters; several are parted by commas',
      secret: true,
      requiredInProduction: true,
    },
  ),
  ...mailRules,
  stripeKey: rule('STRIPE_SECRET_KEY', z.string().regex(/^[sr]k_(?:test|live)_\w{8,}$/), {
    meaning:
      'The key of the Stripe account that is paid into. Without it, outside production, payments are made in a ' +
      'sandbox where no money moves. A live key is taken in production alone.',
    default: 'none; none in production',
    allowed: "a secret or restricted key of Stripe's (sk_… or rk_…)",
    secret: true,
    requiredInProduction: true,
  }),
  webhookSecrets: rule(
    'STRIPE_WEBHOOK_SECRET',
    z
      .string()
      .transform((value) => value.split(',').map((one) => one.trim()))
      .pipe(z.array(z.string().regex(/^whsec_\S{8,}$/)).min(1)),
    {
      meaning:
        'Signs what Stripe sends to /webhooks/stripe (`npm run billing -- setup --webhook` makes one). To ' +
        'change it, set both until the old one has ended.',
      default: 'none; none in production',
      allowed: 'what begins with whsec_; several are parted by commas',
      secret: true,
      requiredInProduction: true,
    },
  ),
  graceDays: rule('BILLING_GRACE_DAYS', wholeNumber(0, 60), {
    meaning: 'Days that somebody whose renewal could not be collected goes on reading, from the first failed try.',
    default: '7',
    allowed: 'a whole number from 0 to 60',
  }),
  automaticTax: rule(
    'BILLING_AUTOMATIC_TAX',
    z.enum(['on', 'off']).transform((value) => value === 'on'),
    {
      meaning: 'Whether Stripe works out taxes and asks for tax ids. Stripe Tax must be set up there.',
      default: 'off',
      allowed: 'on or off',
    },
  ),
  publicUrl: rule('PUBLIC_URL', origin, {
    meaning: 'What readers type before the path. Links in feeds and mail begin with it.',
    default: 'http://localhost: and the port; none in production',
    allowed: 'an http or https origin without a path, such as https://dossier.example',
    requiredInProduction: true,
  }),
  port: rule('PORT', wholeNumber(0, 65_535), {
    meaning:
      'The port to listen on. In development the next free one is taken if the default is not free; one that ' +
      'is set is never replaced.',
    default: '3000',
    allowed: 'a whole number from 1 to 65535, or 0 for any free port',
  }),
  host: rule('HOST', z.string().regex(/^[\w.:-]+$/), {
    meaning: 'The address to listen on.',
    default: '127.0.0.1; 0.0.0.0 in production',
    allowed: 'an IP address or a host name of this machine',
  }),
  logLevel: rule('LOG_LEVEL', z.enum(LOG_LEVELS), {
    meaning: 'How much is logged, as JSON lines on standard output.',
    default: 'warn; info in production',
    allowed: LOG_LEVELS.join(', '),
  }),
  dataDir: rule('DATA_DIR', z.string(), {
    meaning:
      "The folder for the embedded Postgres and what belongs to it. A relative one counts from the project's folder.",
    default: '.data',
    allowed: 'a folder this account may write to',
  }),
  role: rule('ROLE', z.enum(['web', 'worker', 'all']), {
    meaning:
      'What this process does: web answers readers, worker sends letters and works on the queue, all does ' +
      'both. Where there are web processes alone, no letter is sent.',
    default: 'all',
    allowed: 'web, worker or all',
  }),
  webProcesses: rule('WEB_CONCURRENCY', wholeNumber(1, 64), {
    meaning:
      'How many processes answer readers on this port, one for each core at most. With more than 1, the first ' +
      'process starts them, replaces those that end, and with ROLE all starts a worker beside them.',
    default: '1, which is all in one process',
    allowed: 'a whole number from 1 to 64',
  }),
  metricsToken: rule('METRICS_TOKEN', z.string().regex(/^[\w.~+/=-]{24,200}$/), {
    meaning:
      'Whoever sends it as a bearer token may read /metrics. Without it only programs on this machine may, and a ' +
      'proxy there must not pass /metrics on.',
    default: 'none',
    allowed: '24 to 200 letters, digits and signs of a token',
    secret: true,
  }),
  privateWebhooks: rule(
    'WEBHOOKS_TO_PRIVATE_ADDRESSES',
    z.enum(['on', 'off']).transform((value) => value === 'on'),
    {
      meaning:
        'Whether webhooks that an admin sets up may lead to this machine or its network, and over http. Off, whoever ' +
        'has an admin account cannot reach what only machines here can.',
      default: 'off',
      allowed: 'on or off',
    },
  ),
  trustProxy: rule('TRUST_PROXY', wholeNumber(0, 10), {
    meaning:
      'How many proxies stand before Dossier and add to X-Forwarded-For. Too many lets visitors invent their address.',
    default: '0',
    allowed: 'a whole number from 0 to 10',
  }),
  bucketEndpoint: rule('S3_ENDPOINT', endpoint, {
    meaning:
      'The S3-compatible storage where the bytes of pictures lie. Without it they lie in Postgres. See below ' +
      'before setting it, and before taking it out.',
    default: 'none',
    allowed:
      'an http or https address such as https://s3.eu-central-1.amazonaws.com, https in production unless it ' +
      'is this machine, together with S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY',
  }),
  bucketName: rule('S3_BUCKET', z.string().regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/), {
    meaning: "A private bucket of Dossier's own.",
    default: 'none',
    allowed: '3 to 63 small letters, digits, hyphens and dots, together with S3_ENDPOINT',
  }),
  bucketKey: rule('S3_ACCESS_KEY_ID', z.string().regex(/^\S{1,256}$/), {
    meaning: 'The key that may get, put, delete and list in that bucket, and nothing more.',
    default: 'none',
    allowed: 'a key without spaces, together with S3_ENDPOINT',
    secret: true,
  }),
  bucketSecret: rule('S3_SECRET_ACCESS_KEY', z.string().regex(/^\S{1,256}$/), {
    meaning: 'Its secret.',
    default: 'none',
    allowed: 'a secret without spaces, together with S3_ENDPOINT',
    secret: true,
  }),
  bucketRegion: rule('S3_REGION', z.string().regex(/^[a-z0-9-]{1,40}$/), {
    meaning: 'The region that requests are signed for.',
    default: 'us-east-1, which storage without regions takes',
    allowed: 'small letters, digits and hyphens, together with S3_ENDPOINT',
  }),
  bucketPathStyle: rule(
    'S3_FORCE_PATH_STYLE',
    z.enum(['on', 'off']).transform((value) => value === 'on'),
    {
      meaning: 'Whether the bucket is named in the path (https://host/bucket) or in the host (https://bucket.host).',
      default: 'on',
      allowed: 'on or off, together with S3_ENDPOINT',
    },
  ),
};

/** Every variable that is read, in the order they are explained. */
export const settings: readonly Setting[] = Object.values(rules).map(
  ({ schema: _schema, saysWhy: _why, ...setting }: Rule<unknown>) => setting,
);
