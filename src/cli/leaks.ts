import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp } from '../app';
import { noPayments } from '../billing/stripe/payments';
import { command, openStores, type CommandContext } from '../command';
import { listen } from '../http/server/listen';
import type { Stores } from '../leaks/accounts';
import { runOracle, rowsOf, setScene } from '../leaks/oracle';
import { nameRun, PLANTED, removePlanted } from '../leaks/plant';
import { makeOwnPublication } from '../leaks/own-publication';
import { formatProgress, formatReport } from '../leaks/report';
import { SoftwareName } from '../leaks/software-name';
import type { Exchange } from '../leaks/walk';
import { listRoutes } from '../http/server/routes';
import { systemClock } from '../lib/clock';
import { Refusal } from '../lib/refusal';
import { within } from '../lib/wait';
import { openBucket } from '../stores/bucket';
import { placeOf } from '../stores/postgres/embedded/place';
import { prepareDataDir } from '../stores/postgres/embedded/start';
import type { Postgres } from '../stores/postgres/pool';
import { openRedis } from '../stores/redis';
import { keepSessionSecret } from '../stores/session-secret';
import { openSessionStore } from '../stores/session-store';
import { openWall, type Wall } from '../stores/postgres/wall';

const USAGE = `npm run leaks                                     walks a Dossier of its own on this database
npm run leaks -- --url <origin>                   walks the site that runs there, on the same database, Redis and
                                                  SESSION_SECRET
npm run leaks -- --url <origin> --visitors-only   the same without accounts, where SESSION_SECRET is not known
npm run leaks -- --own                            the same as the first on a publication of its own names, kinds, tiers
                                                  and languages, in a database made for it and thrown away
npm run leaks -- --clean                          removes what a run that was killed has left`;

/**
 * Milliseconds for each answer of a store: a walk that waits is no worse, one that is told to come back has seen
 * nothing.
 */
const PATIENCE = 15_000;

/** Milliseconds that planting gets to notice Ctrl-C before what it planted is removed. */
const LAST_PLANTING = 1_500;

/** What is given here is not touched by a walk that makes a publication of its own. */
const GIVEN = /^(?:DATABASE_|REDIS_|S3_|SMTP_|STRIPE_|DATA_DIR$|PUBLIC_URL$|NODE_ENV$)/;

command(environment(process.argv), process.argv.slice(2), async (work) => {
  const asked = understand(work.args);
  const { config, ending, opened } = work;
  const postgres = await openStores(work, { max: 10, patience: PATIENCE });
  const wall = openWall(postgres);
  if (asked.clean) return removePlanted(wall, PLANTED);
  if (asked.own) await makeOwnPublication(wall);

  const secret =
    config.sessionSecrets?.[0] ??
    (config.databaseUrl === null
      ? keepSessionSecret(prepareDataDir(config.dataDir))
      : asked.url === null
        ? randomBytes(32).toString('base64url')
        : null);
  const { site, stores, langs } = await openSite(work, wall, postgres, asked.url, secret);
  rowsOf(site);
  const run = nameRun();
  const name = new SoftwareName();
  const walked = asked.own ? { ...site, letterFor: name.inLetters(site.letterFor) } : site;
  const running = (async () => {
    const scene = await setScene(run, wall, asked.visitorsOnly ? null : stores, langs, null, ending);
    const hear = asked.own ? { hear: (exchange: Exchange) => name.hear(exchange) } : {};
    return runOracle(walked, scene, { signal: ending, progress: showProgress(), ...hear });
  })();
  opened('what was planted', async () => {
    await within(
      LAST_PLANTING,
      running.catch(() => undefined),
    );
    await removePlanted(wall, run);
  });
  const verdict = await running;
  // Part of a walk says nothing.
  if (ending.aborted) return;
  process.stdout.write(`${formatReport(verdict)}\n`);
  if (!verdict.clean) throw new Refusal('The walk was not clean.');
  const findings = asked.own ? name.findings : [];
  if (findings.length > 0) throw new Refusal(findings.join('\n'));
  if (verdict.skipped.length > 0 && !asked.visitorsOnly)
    throw new Refusal("Accounts could not be planted: set SESSION_SECRET to the site's, or walk with --visitors-only.");
});

interface Asked {
  readonly url: string | null;
  readonly visitorsOnly: boolean;
  readonly clean: boolean;
  readonly own: boolean;
}

/** The environment of the command: for a publication of its own an empty folder, which is gone when it ends. */
function environment(argv: readonly string[]): Readonly<Record<string, string | undefined>> {
  if (!argv.includes('--own')) return process.env;
  const folder = mkdtempSync(path.join(tmpdir(), 'leaks-own-'));
  // The account that runs the database may be another.
  chmodSync(folder, 0o711);
  process.once('exit', () => {
    for (const one of new Set([placeOf(folder), folder])) rmSync(one, { recursive: true, force: true });
  });
  const others = Object.entries(process.env).filter(([name]) => !GIVEN.test(name));
  return { ...Object.fromEntries(others), DATA_DIR: folder };
}

function understand(args: readonly string[]): Asked {
  const rest = [...args];
  const flag = (name: string) => {
    const at = rest.indexOf(name);
    return at >= 0 && rest.splice(at, 1).length > 0;
  };
  const [visitorsOnly, clean, own] = [flag('--visitors-only'), flag('--clean'), flag('--own')];
  const at = rest.indexOf('--url');
  const [, url = null] = at >= 0 ? rest.splice(at, 2) : [];
  if (own && (visitorsOnly || clean || at >= 0)) throw new Refusal(USAGE);
  if (rest.length > 0 || (at >= 0 && (url === null || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))))
    throw new Refusal(USAGE);
  return { url: url && new URL(url).origin, visitorsOnly, clean, own };
}

/**
 * The site to walk: the one that runs at the address, or one of our own. Its routes are those of this code, either way.
 */
async function openSite(
  { config, database, log, opened }: CommandContext,
  wall: Wall,
  postgres: Postgres,
  url: string | null,
  secret: string | null,
) {
  const redis = config.redisUrl === null ? null : openRedis(config.redisUrl, log);
  opened('Redis', () => redis?.disconnect());
  const sessionStore = openSessionStore(redis, postgres.sessions, log, PATIENCE);
  const port = url === null ? await listen({ host: '127.0.0.1', port: 0, orNext: false }) : undefined;
  const origin = url ?? `http://127.0.0.1:${port?.port}`;
  const publicUrl = url !== null && config.mode === 'production' ? config.publicUrl : origin;
  const app = createApp({
    // Templates are kept, as for readers. Without a mail server no letter leaves: whoever runs for readers sends them.
    config: {
      ...config,
      mode: config.mode === 'development' ? 'test' : config.mode,
      publicUrl,
      smtpUrl: null,
      sessionSecrets: [secret ?? 'only its routes are asked for, no cookie is signed'],
    },
    wall,
    pool: postgres.pool,
    payments: noPayments(),
    works: 'not',
    sessionStore,
    redis,
    bucket: config.bucket && openBucket(config.bucket),
    databaseUrl: database.url,
    readiness: {},
    clock: systemClock,
    log,
  });
  opened('the application', () => app.close());
  port?.answerWith(app.handler);
  opened('the port', () => port?.close(0));
  const stores: Stores | null =
    secret === null ? null : { wall, sessionStore, sessionSecret: secret, https: publicUrl.startsWith('https:') };
  const languages = await app.languages();
  const prefixes = languages.map(({ prefix }) => prefix);
  const langs = languages.map(({ code }) => code);
  const { letterFor, webhookBody } = app;
  return {
    site: { origin, publicUrl, routes: listRoutes(app.router), prefixes, letterFor, webhookBody },
    stores,
    langs,
  };
}

/** Shows how far the walk has got: on one line of a terminal, or every tenth part in a log. */
function showProgress(): (done: number, of: number) => void {
  let lastShown = -1;
  return (done, of) => {
    const part = Math.floor((done / of) * (process.stderr.isTTY ? 100 : 10));
    if (part === lastShown) return;
    lastShown = part;
    process.stderr.write(
      process.stderr.isTTY
        ? `\r${formatProgress(done, of)}${done === of ? '\n' : ''}`
        : `${formatProgress(done, of)}\n`,
    );
  };
}
