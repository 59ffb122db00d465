import type { Store } from 'express-session';
import type Redis from 'ioredis';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pino } from 'pino';
import { createApp, type App } from '../../src/app';
import type { Config } from '../../src/config';
import { IMMEDIATELY, type SyncDelay } from '../../src/billing/stripe/inbox';
import { noPayments, type Payments } from '../../src/billing/stripe/payments';
import { sandboxBeside, type SandboxPayments } from '../../src/sandbox-payments';
import { setUpStripe } from '../../src/billing/stripe/setup';
import { importCategories } from '../../src/briefings/categories';
import { importBriefing, type ImportResult } from '../../src/briefings/file/import';
import { loadSamples } from '../../src/briefings/file/samples';
import { systemClock, type Clock } from '../../src/lib/clock';
import { loadLanguages } from '../../src/lib/language';
import { root } from '../../src/lib/root';
import { openSessionStore } from '../../src/stores/session-store';
import { MESSAGES } from '../../src/http/server/request-prototypes';
import { continuesWhenRead } from '../../src/http/server/unread';
import { LOGGED } from '../../src/lib/log';
import type { Bucket } from '../../src/stores/bucket';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { storeReadiness } from '../../src/stores/readiness';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase, type Cluster } from './stores/cluster';
import { lay, whenFailed } from './failures';

/** A whole Dossier on a database of its own and a free port, as a reader meets it. */
export interface Dossier {
  readonly url: string;
  readonly urls: Cluster;
  readonly wall: Wall;
  readonly stores: Postgres;
  readonly app: App;
  /** How many proxies it believes in. */
  readonly trustProxy: number;
  readonly sessionStore: Store;
  readonly clock: Clock;
  /** The sandbox, where there is one. */
  readonly payments: SandboxPayments | null;
  /** What was logged, one object per line. */
  readonly logged: Record<string, unknown>[];
  /** Takes in a folder written as `{ 'en.md': '…' }`. */
  take(slug: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<ImportResult>;
  stop(): Promise<void>;
}

/** Signs the session cookies of every Dossier of the suite. */
export const SESSION_SECRET = 'a secret of the tests that is long enough';

export interface DossierOptions {
  readonly samples?: boolean;
  readonly clock?: Clock;
  /** A second process on the database of another. */
  readonly on?: Cluster;
  readonly categories?: string;
  /** Where letters go; without it they are kept. */
  readonly smtpUrl?: string | null;
  /** Keeps sessions and counts attempts; without it Postgres and this process do. */
  readonly redis?: Redis | null;
  /** Where pictures lie; without it, in Postgres. */
  readonly bucket?: Bucket | null;
  readonly trustProxy?: number;
  /** The name in its address: passkeys are made for names and not for numbers. */
  readonly host?: 'localhost' | '127.0.0.1';
  /** What readers type, where a proxy stands in between. */
  readonly publicUrl?: string;
  /** The port to listen on; without it any that is free. */
  readonly port?: number;
  readonly mode?: 'development' | 'test' | 'production';
  /** What the DNS says: texts by name. */
  readonly records?: Readonly<Record<string, readonly string[]>>;
  /** Is it set up in the browser, and closed until there is an admin? */
  readonly setup?: boolean;
  readonly mailPerSecond?: number;
  readonly mailPerDomain?: number;
  /** As `Config` has it. */
  readonly mailReports?: Config['mailReports'];
  /** May webhooks lead to this machine? */
  readonly privateWebhooks?: boolean;
  /** As `AppOptions` has it. */
  readonly claimSeconds?: number;
  /** Gives stores up as soon as readers' own does. Without it a busy machine makes no answer another one. */
  readonly hasty?: boolean;
  /**
   * Puts a sandbox beside it, in memory, which it can buy and sell in, and works on the queue. Payments and what
   * they open then go by the sandbox's clock (`clock`). Without it Stripe does not answer.
   */
  readonly billing?: boolean | Billing;
}

export interface Billing {
  /** Does it work on the queue? Else the test does, step by step. */
  readonly works?: boolean;
  /** The sandbox of another process. */
  readonly payments?: Payments;
  readonly graceDays?: number;
  /** At once, when left out. */
  readonly pace?: SyncDelay;
  readonly between?: (step: string) => void | Promise<void>;
}

/** Milliseconds between two looks for jobs that are due. */
const POLL = 250;

/** Milliseconds that a store gets for an answer. */
const PATIENCE = 15_000;

/** The categories of every Dossier that is given no others. */
export const CATEGORIES = `cloud-service:
  name: {en: Cloud Service, es: Servicio en la nube}
  description: {en: Who runs the machines., es: Quién opera las máquinas.}
policy-watch:
  name: {en: Policy Watch}
`;

/** Apart from all else of a Dossier: whoever keeps its log for longer than it lives keeps nothing but that. */
const logInto = (logged: Record<string, unknown>[]) =>
  pino(
    { level: 'warn', ...LOGGED },
    { write: (line: string) => logged.push(JSON.parse(line) as Record<string, unknown>) },
  );

/** Apart, as `logInto` is. */
const showOnFailure = (database: string, logged: readonly object[]) =>
  whenFailed((folder) =>
    lay(folder, `${withoutSlash(database)}.log`, logged.map((one) => JSON.stringify(one)).join('\n')),
  );
const withoutSlash = (database: string) => new URL(database).pathname.slice(1);

export async function startDossier({
  samples = false,
  categories = CATEGORIES,
  clock = systemClock,
  on,
  smtpUrl = null,
  mode = 'test',
  redis = null,
  trustProxy = 0,
  host = '127.0.0.1',
  port = 0,
  publicUrl,
  billing = false,
  hasty = false,
  records = {},
  bucket = null,
  setup = false,
  mailPerSecond = 1_000,
  mailPerDomain = 1_000,
  mailReports = { webhook: [], mailgun: [], postmark: [] },
  claimSeconds = 2,
  privateWebhooks = false,
}: DossierOptions = {}): Promise<Dossier> {
  const urls = on ? { ...on, drop: () => Promise.resolve() } : await createDatabase();
  const logged: Record<string, unknown>[] = [];
  const log = logInto(logged);
  showOnFailure(urls.app, logged);
  const stores = openPostgres(urls.app, log, { max: 5, ...(hasty ? {} : { patience: PATIENCE }) });
  const wall = openWall(stores);
  if (samples) await loadSamples(wall);
  else if (!on) await importCategories(wall, 'categories.yaml', Buffer.from(categories));

  const sessionStore = openSessionStore(redis, stores.sessions, log, hasty ? undefined : PATIENCE);
  // The port must be known before the app, whose absolute addresses carry it.
  const answer: RequestListener = (req, res) => app.handler(req, res);
  const server: Server = createServer(MESSAGES, answer).on('checkContinue', continuesWhenRead(answer));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  const {
    works = true,
    graceDays = 7,
    pace = IMMEDIATELY,
    between,
    payments: others,
  }: Billing = billing === true ? {} : billing || { works: false };
  const payments =
    billing !== false && !others
      ? await sandboxBeside(url, {
          wall: null,
          languages: loadLanguages(path.join(root, 'views/languages')),
          log,
          home: publicUrl ?? url,
          machine: clock,
          delivery: { retryAfter: [50, 100, 200, 400, 800, 1_600] },
        })
      : null;
  const app = createApp({
    config: {
      publicUrl: publicUrl ?? url,
      mode,
      trustProxy,
      smtpUrl,
      mailFrom: { name: '', address: 'letters@publisher.example' },
      mailPerSecond,
      mailPerDomain,
      mailReports,
      sessionSecrets: [SESSION_SECRET],
      graceDays,
      automaticTax: false,
      privateWebhooks,
      metricsToken: null,
    },
    wall,
    pool: stores.pool,
    payments: payments ?? others ?? { ...noPayments(), clock },
    works: works ? 'on what comes in' : 'not',
    pace,
    claimSeconds,
    pollInterval: POLL,
    ...(between ? { between } : {}),
    sessionStore,
    redis,
    bucket,
    clock,
    databaseUrl: urls.app,
    resolveTxt: (name) => Promise.resolve(records[name] ?? []),
    readiness: storeReadiness(stores, redis),
    setup,
    log,
  });
  if (payments) await setUpStripe(app.billing, publicUrl ?? url);
  return {
    url,
    urls,
    wall,
    stores,
    app,
    trustProxy,
    sessionStore,
    clock: payments?.clock ?? clock,
    payments,
    logged,
    take: async (slug, files) => {
      const taken = await importBriefing(wall, {
        path: slug,
        files: new Map(
          Object.entries(files).map(([name, text]) => [name, typeof text === 'string' ? Buffer.from(text) : text]),
        ),
      });
      await app.caughtUp();
      return taken;
    },
    stop: async () => {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      await app.close();
      await stores.close();
      await urls.drop();
    },
  };
}
