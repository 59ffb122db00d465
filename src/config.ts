import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { LogLevel } from './lib/log';
import type { Mailbox } from './lib/mailbox';
import { Refusal } from './lib/refusal';
import { root } from './lib/root';
import { parseUrl } from './setting-values';
import type { Rule, Setting } from './setting-rule';
import { rules, settings } from './settings';
import type { BucketOptions } from './stores/bucket';

/** The environment, understood. */
export interface Config {
  readonly mode: 'development' | 'test' | 'production';
  /** Connects as the application's role; null: embed a Postgres. Holds a password. */
  readonly databaseUrl: string | null;
  /** Connects as the owner's role, for migrations only. Holds a password. */
  readonly databaseOwnerUrl: string | null;
  /** May hold a password. */
  readonly redisUrl: string | null;
  /** Sign the session cookie; the first signs, all verify. Null: one of the data folder's own. */
  readonly sessionSecrets: readonly string[] | null;
  /** The mail server. Null: letters are kept and shown. May hold a password. */
  readonly smtpUrl: string | null;
  /** Who letters are from, until the publisher says it; the name may be empty. Null: not set. */
  readonly mailFrom: Mailbox | null;
  /** Letters to many that are handed to it in a second. */
  readonly mailPerSecond: number;
  /** And to the addresses of one domain. */
  readonly mailPerDomain: number;
  /** By what programs that report bounces and complaints show who they are. */
  readonly mailReports: Readonly<Record<'webhook' | 'mailgun' | 'postmark', readonly string[]>>;
  /** Stripe's secret or restricted key. Null: the sandbox. */
  readonly stripeKey: string | null;
  /** Sign what Stripe sends; any of them will do. */
  readonly webhookSecrets: readonly string[];
  /** Days that an unpaid renewal keeps its access, from the first failed try. */
  readonly graceDays: number;
  /** Does Stripe work out taxes? */
  readonly automaticTax: boolean;
  /** May webhooks that go out lead to this machine or its network? */
  readonly privateWebhooks: boolean;
  /** What readers type before the path: an origin, without a slash at the end. */
  readonly publicUrl: string;
  readonly port: number;
  /** Was the port asked for? Then no other will do. */
  readonly portChosen: boolean;
  readonly host: string;
  readonly logLevel: LogLevel;
  /** Absolute. */
  readonly dataDir: string;
  /** What this process does: answers readers, sends letters and works on the queue, or all of it. */
  readonly role: 'web' | 'worker' | 'all';
  /** How many processes answer readers; with 1 this one does. */
  readonly webProcesses: number;
  /** Whoever shows it may read /metrics. Null: whoever is on this machine. */
  readonly metricsToken: string | null;
  /** How many proxies stand before us; 0 believes no forwarded header. */
  readonly trustProxy: number;
  /** Where the bytes of pictures lie. Null: in Postgres. */
  readonly bucket: BucketOptions | null;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Storage is asked for as a whole: whoever sets one of these sets the first four. */
const BUCKET = [
  rules.bucketEndpoint,
  rules.bucketName,
  rules.bucketKey,
  rules.bucketSecret,
  rules.bucketRegion,
  rules.bucketPathStyle,
] as const;

/** One variable that cannot be used. */
export interface Problem {
  readonly name: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every problem of an environment, in one message. No password is in it. */
export class ConfigError extends Refusal {
  override name = 'ConfigError';

  constructor(readonly problems: readonly Problem[]) {
    const lines = problems.map(({ name, found, allowed }) => `  ${name}: found ${found}; allowed: ${allowed}.`);
    super(
      [
        'Dossier cannot start with this environment ' +
          `(${problems.length === 1 ? '1 problem' : `${problems.length} problems`}; see docs/settings.md):`,
        ...lines,
      ].join('\n'),
    );
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment with each secret that stands in a file: `SESSION_SECRET_FILE` names the file that holds
 * `SESSION_SECRET`, as orchestrators mount them. What cannot be read, or is set twice, is a problem; no content is in
 * it.
 */
function readSecretFiles(given: Environment, problems: Problem[]): Environment {
  const env: Record<string, string | undefined> = { ...given };
  for (const { name } of settings.filter(({ secret }) => secret)) {
    const variable = `${name}_FILE`;
    const file = given[variable]?.trim();
    if (!file) continue;
    if (given[name]?.trim()) {
      problems.push({ name: variable, found: `it together with ${name}`, allowed: 'one of the two' });
      continue;
    }
    try {
      env[name] = readFileSync(file, 'utf8').trim();
    } catch (error) {
      const found = `a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
      problems.push({ name: variable, found, allowed: `the path of a file that holds ${name}` });
    }
  }
  return env;
}

type Read = <T>(one: Rule<T>) => T | undefined;

/** The bucket's settings, which belong together; null where none of them is set, and where something is wrong. */
function readBucket(env: Environment, read: Read, problems: Problem[]): BucketOptions | null {
  if (BUCKET.every(({ name }) => !env[name]?.trim())) return null;
  const needed = <T>(one: Rule<T>): T | undefined => {
    if (!env[one.name]?.trim())
      problems.push({ name: one.name, found: 'nothing, beside other settings of S3', allowed: one.allowed });
    return read(one);
  };
  const endpoint = needed(rules.bucketEndpoint);
  const name = needed(rules.bucketName);
  const accessKeyId = needed(rules.bucketKey);
  const secretAccessKey = needed(rules.bucketSecret);
  const region = read(rules.bucketRegion) ?? 'us-east-1';
  const pathStyle = read(rules.bucketPathStyle) ?? true;
  if (endpoint === undefined || name === undefined || accessKeyId === undefined || secretAccessKey === undefined)
    return null;
  const { protocol, hostname } = new URL(endpoint);
  const production = env[rules.mode.name] === 'production';
  const { name: variable, allowed } = rules.bucketEndpoint;
  if (production && protocol === 'http:' && !LOOPBACK.test(hostname))
    problems.push({ name: variable, found: 'an http address of another machine', allowed });
  return { endpoint, name, accessKeyId, secretAccessKey, region, pathStyle };
}

/** What does not go together. */
function contradictions({ databaseOwnerUrl, stripeKey, mode }: Config, env: Environment): Problem[] {
  const problems: Problem[] = [];
  const { name, allowed } = rules.databaseOwnerUrl;
  if (databaseOwnerUrl !== null && !env[rules.databaseUrl.name])
    problems.push({ name, found: 'it without DATABASE_URL', allowed });
  if (mode !== 'production' && stripeKey !== null && /_live_/.test(stripeKey))
    problems.push({
      name: rules.stripeKey.name,
      found: 'a key that moves real money',
      allowed: 'a test key (sk_test_… or rk_test_…) outside production',
    });
  return problems;
}

/**
 * Parses the environment. An empty variable counts as none.
 * @throws ConfigError with every problem at once.
 */
export function parseConfig(given: Environment): Config {
  const problems: Problem[] = [];
  const env = readSecretFiles(given, problems);
  const production = env[rules.mode.name] === 'production';

  const read = <T>(one: Rule<T>): T | undefined => {
    const value = env[one.name]?.trim();
    if (value === undefined || value === '') {
      if (production && one.requiredInProduction)
        problems.push({ name: one.name, found: 'nothing', allowed: `${one.allowed}; production needs it set` });
      return undefined;
    }
    const understood = one.schema.safeParse(value);
    if (understood.success) return understood.data;
    const why = one.saysWhy ? understood.error.issues[0]?.message : undefined;
    problems.push({ name: one.name, found: why ?? describe(value, one), allowed: one.allowed });
    return undefined;
  };

  const port = read(rules.port);
  const config: Config = {
    mode: read(rules.mode) ?? 'development',
    databaseUrl: read(rules.databaseUrl) ?? null,
    databaseOwnerUrl: read(rules.databaseOwnerUrl) ?? null,
    redisUrl: read(rules.redisUrl) ?? null,
    sessionSecrets: read(rules.sessionSecrets) ?? null,
    smtpUrl: read(rules.smtpUrl) ?? null,
    mailFrom: read(rules.mailFrom) ?? null,
    mailPerSecond: read(rules.mailPerSecond) ?? 10,
    mailPerDomain: read(rules.mailPerDomain) ?? read(rules.mailPerSecond) ?? 10,
    mailReports: {
      webhook: read(rules.mailWebhookSecrets) ?? [],
      mailgun: read(rules.mailgunKeys) ?? [],
      postmark: read(rules.postmarkLogins) ?? [],
    },
    stripeKey: read(rules.stripeKey) ?? null,
    webhookSecrets: read(rules.webhookSecrets) ?? [],
    graceDays: read(rules.graceDays) ?? 7,
    automaticTax: read(rules.automaticTax) ?? false,
    privateWebhooks: read(rules.privateWebhooks) ?? false,
    publicUrl: read(rules.publicUrl) ?? localUrl(port ?? 3000),
    port: port ?? 3000,
    portChosen: port !== undefined,
    host: read(rules.host) ?? (production ? '0.0.0.0' : '127.0.0.1'),
    logLevel: read(rules.logLevel) ?? (production ? 'info' : 'warn'),
    dataDir: path.resolve(root, read(rules.dataDir) ?? '.data'),
    role: read(rules.role) ?? 'all',
    webProcesses: read(rules.webProcesses) ?? 1,
    metricsToken: read(rules.metricsToken) ?? null,
    trustProxy: read(rules.trustProxy) ?? 0,
    bucket: readBucket(env, read, problems),
  };
  problems.push(...contradictions(config, env));
  if (problems.length > 0) throw new ConfigError(inOrder(problems));
  return config;
}

/** The same settings on the port that was really taken: a public address that was not set follows it. */
export function onPort(config: Config, port: number): Config {
  return { ...config, port, publicUrl: config.publicUrl === localUrl(config.port) ? localUrl(port) : config.publicUrl };
}

const localUrl = (port: number): string => `http://localhost:${port}`;

function inOrder(problems: readonly Problem[]): Problem[] {
  const place = (problem: Problem) =>
    settings.findIndex((setting) => setting.name === problem.name.replace(/_FILE$/, ''));
  return problems.toSorted((one, other) => place(one) - place(other));
}

// A URL can hold a password anywhere, and one that is misspelt holds it in a place nobody thought of.
function describe(value: string, { secret, allowed }: Setting): string {
  const url = parseUrl(value);
  if (secret && !allowed.includes('://')) return 'something else (not repeated here)';
  if (secret)
    return url === null || !value.includes('://')
      ? 'something that is not a URL (not repeated here, it may hold a password)'
      : `a ${url.protocol}// address that is incomplete or of another kind`;
  if (value.includes('@') || url?.search) return 'an address with a user, a password or a query (not repeated here)';
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
