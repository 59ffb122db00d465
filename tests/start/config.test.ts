import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ConfigError, onPort, parseConfig } from '../../src/config';
import { settings } from '../../src/settings';
import { root } from '../../src/lib/root';

const PRODUCTION = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgresql://dossier_app:s3cret@db.internal:5432/dossier',
  REDIS_URL: 'redis://:s3cret@redis.internal:6379',
  SESSION_SECRET: 's3cret'.repeat(6),
  SMTP_URL: 'smtps://dossier:s3cret@mail.internal',
  MAIL_FROM: 'Dossier <letters@dossier.example>',
  STRIPE_SECRET_KEY: 'sk_live_0123456789',
  STRIPE_WEBHOOK_SECRET: 'whsec_0123456789',
  PUBLIC_URL: 'https://dossier.example',
};

function problemsOf(env: Record<string, string>): ConfigError {
  try {
    parseConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('was understood');
}

test('nothing set is development, on this machine alone', () => {
  expect(parseConfig({})).toEqual({
    sessionSecrets: null,
    mode: 'development',
    metricsToken: null,
    privateWebhooks: false,
    databaseUrl: null,
    databaseOwnerUrl: null,
    redisUrl: null,
    smtpUrl: null,
    mailFrom: null,
    mailPerSecond: 10,
    mailPerDomain: 10,
    mailReports: { webhook: [], mailgun: [], postmark: [] },
    stripeKey: null,
    webhookSecrets: [],
    graceDays: 7,
    automaticTax: false,
    publicUrl: 'http://localhost:3000',
    port: 3000,
    portChosen: false,
    host: '127.0.0.1',
    logLevel: 'warn',
    dataDir: path.join(root, '.data'),
    role: 'all',
    webProcesses: 1,
    trustProxy: 0,
    bucket: null,
  });
});

test('production listens to all and logs more', () => {
  expect(parseConfig(PRODUCTION)).toMatchObject({
    mode: 'production',
    host: '0.0.0.0',
    logLevel: 'info',
    port: 3000,
    databaseUrl: PRODUCTION.DATABASE_URL,
  });
});

test('an empty variable counts as none, and space around a value as nothing', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: ' ', TRUST_PROXY: ' 2 ' })).toMatchObject({
    portChosen: false,
    databaseUrl: null,
    trustProxy: 2,
  });
});

test('the public address follows the port, unless it was set', () => {
  expect(onPort(parseConfig({}), 3001)).toMatchObject({ port: 3001, publicUrl: 'http://localhost:3001' });
  expect(onPort(parseConfig({ PUBLIC_URL: 'https://dossier.example/' }), 3001).publicUrl).toBe(
    'https://dossier.example',
  );
});

test.each([
  ['NODE_ENV', 'test'],
  ['DATABASE_URL', 'postgres://a:b@[::1]:5432/dossier?sslmode=require'],
  ['REDIS_URL', 'rediss://redis.example'],
  ['SMTP_URL', 'smtp://localhost:1025'],
  ['MAIL_FROM', 'letters@dossier.example'],
  ['MAIL_FROM', 'Señales & Co. <letters@dossier.example>'],
  ['MAIL_FROM', '"Dossier" <a@dossier.example>'],
  ['MAIL_FROM', '<a@dossier.example>'],
  ['PUBLIC_URL', 'http://192.0.2.1:8080'],
  ['PORT', '0'],
  ['PORT', '65535'],
  ['HOST', '::1'],
  ['LOG_LEVEL', 'silent'],
  ['DATA_DIR', '/srv/dossier'],
  ['TRUST_PROXY', '10'],
  ['ROLE', 'web'],
  ['ROLE', 'worker'],
  ['WEB_CONCURRENCY', '4'],
  ['SESSION_SECRET', `${'new'.repeat(11)}, ${'old'.repeat(11)}`],
])('%s may be %s', (name, value) => {
  expect(() => parseConfig({ [name]: value })).not.toThrow();
});

test.each([
  ['NODE_ENV', 'Production'],
  ['NODE_ENV', 'staging'],
  ['DATABASE_URL', 'mysql://a:b@db/dossier'],
  ['DATABASE_URL', 'postgresql://a:b@db'],
  ['DATABASE_URL', 'postgresql:///dossier'],
  ['DATABASE_URL', 'db.internal'],
  ['REDIS_URL', 'http://redis'],
  ['SMTP_URL', 'https://mail.example'],
  ['SMTP_URL', 'mail.example:25'],
  ['MAIL_FROM', 'Dossier'],
  ['MAIL_FROM', 'Dossier <a@dossier.example>, b@dossier.example'],
  ['PUBLIC_URL', 'dossier.example'],
  ['PUBLIC_URL', 'https://dossier.example/news'],
  ['PUBLIC_URL', 'https://dossier.example/?a'],
  ['PUBLIC_URL', 'https://dossier.example/#a'],
  ['PUBLIC_URL', 'https://user@dossier.example'],
  ['PUBLIC_URL', 'ftp://dossier.example'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '3000.5'],
  ['PORT', '0x50'],
  ['PORT', 'http'],
  ['HOST', 'two words'],
  ['LOG_LEVEL', 'verbose'],
  ['TRUST_PROXY', 'true'],
  ['ROLE', 'both'],
  ['WEB_CONCURRENCY', '0'],
  ['WEB_CONCURRENCY', '65'],
  ['TRUST_PROXY', '11'],
  ['SESSION_SECRET', 'short'],
  ['SESSION_SECRET', `${'long'.repeat(8)},short`],
])('%s may not be %s', (name, value) => {
  expect(problemsOf({ [name]: value }).problems.map((problem) => problem.name)).toEqual([name]);
});

test('every problem is said at once: the variable, what was found, what is allowed', () => {
  const { message } = problemsOf({
    NODE_ENV: 'production',
    PORT: 'http',
    LOG_LEVEL: 'loud',
    REDIS_URL: 'redis.internal',
  });
  expect(message.split('\n')).toEqual([
    'Dossier cannot start with this environment (10 problems; see docs/settings.md):',
    '  DATABASE_URL: found nothing; allowed: postgresql://dossier_app:password@host:port/database; production needs it set.',
    '  REDIS_URL: found something that is not a URL (not repeated here, it may hold a password); allowed: redis://user:password@host:port, or rediss:// for TLS.',
    '  SESSION_SECRET: found nothing; allowed: at least 32 characters; several are parted by commas; production needs it set.',
    '  SMTP_URL: found nothing; allowed: smtp://user:password@host:port, or smtps:// for TLS from the first byte; production needs it set.',
    '  MAIL_FROM: found nothing; allowed: an address, or a name and an address such as Dossier <letters@dossier.example>; production needs it set.',
    "  STRIPE_SECRET_KEY: found nothing; allowed: a secret or restricted key of Stripe's (sk_… or rk_…); production needs it set.",
    '  STRIPE_WEBHOOK_SECRET: found nothing; allowed: what begins with whsec_; several are parted by commas; production needs it set.',
    '  PUBLIC_URL: found nothing; allowed: an http or https origin without a path, such as https://dossier.example; production needs it set.',
    '  PORT: found "http"; allowed: a whole number from 1 to 65535, or 0 for any free port.',
    '  LOG_LEVEL: found "loud"; allowed: trace, debug, info, warn, error, fatal, silent.',
  ]);
});

test("the owner's address without the application's is a mistake", () => {
  expect(problemsOf({ DATABASE_OWNER_URL: 'postgresql://dossier_owner:s3cret@db/dossier' }).message).toContain(
    'DATABASE_OWNER_URL: found it without DATABASE_URL',
  );
});

const BUCKET = {
  S3_ENDPOINT: 'https://storage.example',
  S3_BUCKET: 'pictures',
  S3_ACCESS_KEY_ID: 'AKIDs3cret',
  S3_SECRET_ACCESS_KEY: 's3cret',
};

test('a bucket is set as a whole, with a region and a style that most take', () => {
  expect(parseConfig(BUCKET).bucket).toEqual({
    endpoint: 'https://storage.example',
    name: 'pictures',
    accessKeyId: 'AKIDs3cret',
    secretAccessKey: 's3cret',
    region: 'us-east-1',
    pathStyle: true,
  });
  expect(parseConfig({ ...BUCKET, S3_REGION: 'eu-central-1', S3_FORCE_PATH_STYLE: 'off' }).bucket).toMatchObject({
    region: 'eu-central-1',
    pathStyle: false,
  });
  expect(parseConfig({ ...PRODUCTION, ...BUCKET }).bucket).not.toBeNull();
  for (const endpoint of ['http://127.0.0.1:9000', 'http://localhost:9000', 'http://[::1]:9000'])
    expect(parseConfig({ ...PRODUCTION, ...BUCKET, S3_ENDPOINT: endpoint }).bucket).toMatchObject({ endpoint });
  expect(parseConfig({ ...BUCKET, S3_ENDPOINT: 'http://storage.internal:9000/storage/v1/s3' }).bucket).not.toBeNull();
});

test.each<[string, Record<string, string>, readonly string[]]>([
  [
    'nothing but an endpoint',
    { S3_ENDPOINT: BUCKET.S3_ENDPOINT },
    ['S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ],
  [
    'nothing but a region',
    { S3_REGION: 'eu-central-1' },
    ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY'],
  ],
  ['no secret', { ...BUCKET, S3_SECRET_ACCESS_KEY: ' ' }, ['S3_SECRET_ACCESS_KEY']],
  [
    'everything wrong',
    {
      S3_ENDPOINT: 'storage.example',
      S3_BUCKET: 'Pictures',
      S3_ACCESS_KEY_ID: 'a b',
      S3_SECRET_ACCESS_KEY: 's3cret s3cret',
      S3_REGION: 'EU',
      S3_FORCE_PATH_STYLE: 'true',
    },
    ['S3_ENDPOINT', 'S3_BUCKET', 'S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY', 'S3_REGION', 'S3_FORCE_PATH_STYLE'],
  ],
  ['a password in the endpoint', { ...BUCKET, S3_ENDPOINT: 'https://user:s3cret@storage.example' }, ['S3_ENDPOINT']],
  ['a query behind the endpoint', { ...BUCKET, S3_ENDPOINT: 'https://storage.example/?s3cret' }, ['S3_ENDPOINT']],
  ['another protocol', { ...BUCKET, S3_ENDPOINT: 's3://pictures' }, ['S3_ENDPOINT']],
  ['http in production', { ...PRODUCTION, ...BUCKET, S3_ENDPOINT: 'http://storage.internal' }, ['S3_ENDPOINT']],
  [
    "a name that begins like this machine's",
    { ...PRODUCTION, ...BUCKET, S3_ENDPOINT: 'http://localhost.storage.example' },
    ['S3_ENDPOINT'],
  ],
])('a bucket with %s is refused, and no secret is repeated', (_what, env, names) => {
  const { problems, message } = problemsOf(env);
  expect(problems.map(({ name }) => name)).toEqual(names);
  expect(message).not.toContain('s3cret');
});

test.each(['DATABASE_URL', 'DATABASE_OWNER_URL', 'REDIS_URL', 'PUBLIC_URL'])(
  'no password in a wrong %s is repeated',
  (name) => {
    for (const value of [
      'ftp://user:s3cret@host/db',
      'user:s3cret@host',
      '//user:s3cret@host/db',
      'ftp://host/db?password=s3cret',
      'https://h/?s3cret',
      'https//user:s3cret@host',
      'postgresql://u:s3cret@/x y',
    ]) {
      expect(problemsOf({ [name]: value }).message).not.toContain('s3cret');
    }
  },
);

test('what a secret holds is never repeated, URL or not', () => {
  for (const { name } of settings.filter((setting) => setting.secret)) {
    for (const value of ['s3cret', 's3cret:', 's3cret:s3cret'])
      expect(problemsOf({ [name]: value }).message).not.toContain('s3cret');
  }
});

describe('a secret in a file', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'dossier-secrets-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'secret');

  test('is read for every secret there is, without the space around it', () => {
    for (const { name } of settings.filter((setting) => setting.secret)) {
      writeFileSync(file, ' not what is allowed\n');
      const { problems } = problemsOf({ [`${name}_FILE`]: file });
      expect(problems.map((problem) => problem.name)).toContain(name);
    }
    writeFileSync(file, `${PRODUCTION.SESSION_SECRET}\n`);
    const { SESSION_SECRET, ...others } = PRODUCTION;
    expect(parseConfig({ ...others, SESSION_SECRET_FILE: file }).sessionSecrets).toEqual([SESSION_SECRET]);
  });

  test('that is not there, or stands in a variable too, is a problem that names the variable', () => {
    const missing = problemsOf({ SESSION_SECRET_FILE: path.join(folder, 'none') });
    expect(missing.problems.map(({ name, found }) => [name, found])).toEqual([
      ['SESSION_SECRET_FILE', 'a file that cannot be read (ENOENT)'],
    ]);
    const twice = problemsOf({ REDIS_URL: PRODUCTION.REDIS_URL, REDIS_URL_FILE: file });
    expect(twice.problems.map(({ name }) => name)).toEqual(['REDIS_URL_FILE']);
    expect(twice.message).not.toContain('s3cret');
  });
});

test.each([
  ['"Dossier, Ñandú" <a@dossier.example>', 'Dossier, Ñandú'],
  ['Dossier, Ñandú <a@dossier.example>', 'Dossier, Ñandú'],
  ['"Dossier: news (daily) — desk" <a@dossier.example>', 'Dossier: news (daily) — desk'],
  ['Dossier: news (daily) – desk <a@dossier.example>', 'Dossier: news (daily) – desk'],
  ['"The \\"quoted\\" one" <a@dossier.example>', 'The "quoted" one'],
  ["O'Neill & Sons [press] <a@dossier.example>", "O'Neill & Sons [press]"],
  ['日本 <a@dossier.example>', '日本'],
  ['a@dossier.example', ''],
])('MAIL_FROM %s is from %s', (value, name) => {
  expect(parseConfig({ MAIL_FROM: value }).mailFrom).toEqual({ name, address: 'a@dossier.example' });
});

test('MAIL_FROM may lie at a host with letters of its own, or on this machine', () => {
  expect(parseConfig({ MAIL_FROM: 'a@señal.example' }).mailFrom?.address).toBe('a@xn--seal-hqa.example');
  expect(parseConfig({ MAIL_FROM: 'a+b.c@localhost' }).mailFrom?.address).toBe('a+b.c@localhost');
});

test.each([
  ['Dossier', 'found no address in "Dossier"'],
  ['a@x.example, b@y.example', 'found 2 mailboxes'],
  ['"A" <a@x.example>, "B" <b@y.example>', 'found 2 mailboxes'],
  ['News: a@x.example;', 'found a group of mailboxes'],
  ['"Dossier <a@x.example>', 'found a quotation mark that is not closed'],
  ['"Dossier" <a@x.example> news', 'found something after the address'],
  ['Dossier a@x.example', 'found something after the address, or a name without brackets'],
  ['Dossier <a b@x.example>', 'found something after the address'],
  ['Dossier <a@@x.example>', 'found "a@" before the @'],
  ['Dossier <ñ@x.example>', 'found "ñ" before the @'],
  ['Dossier <a@-x.example>', 'found "-x.example" after the @'],
  ['=?utf-8?q?Dossier?= <a@x.example>', 'found an encoded name'],
  ['Dossier\u0007 <a@x.example>', 'found a line end or a control character'],
  [`${'n'.repeat(201)} <a@x.example>`, 'found a name of more than 200 characters'],
])('MAIL_FROM %s is refused for what is wrong with it', (value, reason) => {
  expect(problemsOf({ MAIL_FROM: value }).message).toContain(`MAIL_FROM: ${reason}`);
});
