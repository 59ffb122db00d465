import path from 'node:path';
import type { RequestListener } from 'node:http';
import express, { Router } from 'express';
import type { Store } from 'express-session';
import type Redis from 'ioredis';
import { openAccountLimits } from './accounts/account-limits';
import { openAuthLimits } from './accounts/limits';
import { accountLetterKinds } from './accounts/letters';
import { verifyRoutes } from './accounts/links/verify';
import type { AccountParts } from './accounts/own/parts';
import { ownRoutes } from './accounts/own/routes';
import { openCeremonyLimit } from './accounts/passkeys/limits';
import { passkeyLoginRoutes } from './accounts/passkeys/login';
import { passkeyRoutes } from './accounts/passkeys/routes';
import { accountRoutes } from './accounts/routes';
import { openCodeLimit } from './accounts/second-factor/limits';
import { openSecretSealer } from './accounts/second-factor/secret';
import { secondStepRoutes } from './accounts/second-factor/login';
import { secondFactorRoutes } from './accounts/second-factor/routes';
import type { AuthParts } from './accounts/auth-pages';
import { openTokenLimit } from './api/limits';
import { adminBillingRoutes } from './admin/billing/routes';
import type { AdminParts } from './admin/parts';
import { adminRoutes } from './admin/routes';
import { tierRoutes } from './admin/tiers/routes';
import { apiRoutes } from './api/routes';
import { endStripeBilling } from './billing/account/end-on-deletion';
import { fetchAllUpcoming } from './billing/stripe/upcoming';
import { billingLetterKinds } from './billing/letters';
import { openBillingLimits } from './billing/limits';
import type { SyncDelay, Statements } from './billing/stripe/inbox';
import type { Payments } from './billing/stripe/payments';
import type { ReconcileParts } from './billing/sync/reconcile';
import { billingRoutes } from './billing/routes';
import { sandboxRoutes } from './billing/sandbox-redirect';
import type { BillingPageParts } from './billing/pages';
import { BILLING_CRONTAB, billingTasks } from './billing/sync/tasks';
import { webhookRoutes } from './billing/stripe/webhook';
import { countsFromGate, writeCounts } from './briefings/reading/view-counts';
import { watchOpenings } from './briefings/reading/scheduled-openings';
import { categoryNav } from './briefings/reading/category-nav';
import { PICTURES_CRONTAB, pictureTasks, queuePictureMoves } from './briefings/pictures/tasks';
import { briefingRoutes, pictureRoutes } from './briefings/reading/routes';
import type { Config } from './config';
import { deskLetterKinds } from './desk/letters';
import { deskRoutes } from './desk/routes';
import { openAssets } from './http/assets';
import { notFoundHandler, errorHandler } from './http/errors';
import { serveFromCache } from './http/front-desk';
import { noticeForwarded } from './http/forwarded';
import { securityHeaders } from './http/headers';
import { healthRoutes, type Readiness } from './http/health';
import type { SiteContext } from './http/site-context';
import { listenerOf } from './http/request-prototypes';
import { redirectToCanonical } from './http/canonical-url';
import { requireOwnOrigin } from './http/own-origin';
import { openKeptPages } from './http/kept-page';
import { parseQuery } from './http/page-address';
import { PageCache } from './http/page-cache';
import { endsUnread } from './http/unread';
import { noZeros, wellFormed } from './http/well-formed';
import { sessions } from './http/sessions';
import type { Clock } from './lib/clock';
import { loadLanguages } from './lib/language';
import type { Logger } from './lib/log';
import { root } from './lib/root';
import type { LetterTemplates } from './mail/compose';
import { devMailRoutes } from './mail/dev-mail';
import { openTransport } from './mail/transport';
import { startMail } from './mail/worker';
import { AccountCache } from './membership/account-cache';
import { TierCatalogue } from './membership/tier-catalogue';
import { describeFreeTier, grantFreeTier } from './membership/join';
import { keepFormInput } from './membership/login-ended';
import { loadReader, pageReaderOf, toldOf } from './membership/reader';
import type { Bucket } from './stores/bucket';
import { SettingsCatalogue } from './site/settings/catalogue';
import { listenForChanges } from './stores/postgres/changes';
import { openLocks } from './stores/postgres/lock';
import { openProbe } from './stores/postgres/probe';
import { startJobs } from './stores/postgres/jobs';
import { openCounters, type Counters } from './stores/counters';
import type { Wall } from './stores/postgres/wall';

export interface AppParts {
  readonly config: Pick<
    Config,
    'publicUrl' | 'mode' | 'trustProxy' | 'smtpUrl' | 'mailFrom' | 'graceDays' | 'automaticTax'
  > & { readonly sessionSecrets: readonly string[] };
  readonly wall: Wall;
  /** For what is taken in without a context. */
  readonly pool: Statements;
  readonly payments: Payments;
  /** Does this process work on the queue: by the clock too, only on what comes in, or not at all? */
  readonly works?: 'by the clock' | 'on what comes in' | 'not';
  /** What this process is for: pages, letters and the queue, or both. */
  readonly role?: Config['role'];
  /** When what Stripe sends is looked into. */
  readonly pace?: SyncDelay;
  /** Milliseconds between two looks for jobs that are due (src/stores/postgres/jobs.ts); tests do not wait so long. */
  readonly pollInterval?: number;
  /** For tests that stop the process between two steps. */
  readonly between?: ReconcileParts['between'];
  readonly sessionStore: Store;
  /** Where attempts are counted for all processes together; null: each counts for itself. */
  readonly redis: Redis | null;
  /** Where the bytes of pictures lie; null: in Postgres. It is closed with the app. */
  readonly bucket: Bucket | null;
  /** For the connection that listens to changes; the application's role. */
  readonly databaseUrl: string;
  readonly readiness: Readiness;
  /**
   * The machine's. What is paid for, and what that opens, goes by the clock of `payments` instead
   * (docs/decisions/0023).
   */
  readonly clock: Clock;
  readonly log: Logger;
}

export interface App {
  readonly handler: RequestListener;
  /** Every route there is, for whoever checks them all (src/leaks). */
  readonly router: { readonly stack: readonly unknown[] };
  /** The machine behind payments. */
  readonly billing: ReconcileParts;
  /** What is counted of readings, on its way to the database. */
  readonly tally: Counters;
  close(): Promise<void>;
}

/** Until somebody is looked at, and until the next time; whoever comes back from Stripe's pages is looked at before. */
export const PACE: SyncDelay = { debounceMs: 2_000, cooldownMs: 10_000 };

/** The whole of the web side, in the order a request meets it. */
export function createApp({
  config,
  wall,
  pool,
  payments,
  role = 'all',
  works = role === 'web' ? 'not' : 'by the clock',
  pace = PACE,
  pollInterval,
  between,
  sessionStore,
  redis,
  bucket,
  databaseUrl,
  readiness,
  clock,
  log,
}: AppParts): App {
  const https = config.publicUrl.startsWith('https:');
  const heard = () => changes.heard();
  const pages = new PageCache(heard);
  const accounts = new AccountCache(wall, heard);
  const tiers = new TierCatalogue(wall);
  const settings = new SettingsCatalogue(wall);
  const kept = openKeptPages({ pages, readerOf: pageReaderOf, answers: openProbe(databaseUrl) });
  // The other processes hear of it in a moment; whoever has written it reads it here at once.
  const invalidatingWall: Wall = {
    read: (viewer, work) => wall.read(viewer, work),
    write: (viewer, work) =>
      wall.write(viewer, work).then((written) => {
        tiers.invalidate();
        settings.invalidate();
        pages.invalidate();
        return written;
      }),
  };
  const counters = openCounters((sums) => writeCounts(wall, sums, payments.clock.now()), log);
  const joining = (tier: string, step: 'begun' | 'done', next: string | null) =>
    counters.count(countsFromGate(tier, next, step));
  const languages = loadLanguages(path.join(root, 'views/languages'));
  const templates: LetterTemplates = {
    kinds: { ...accountLetterKinds, ...billingLetterKinds, ...deskLetterKinds },
    languages,
    publicUrl: config.publicUrl,
  };
  const mail =
    config.smtpUrl === null || role === 'web'
      ? null
      : startMail({
          databaseUrl,
          wall,
          transport: openTransport(config.smtpUrl, config.mailFrom),
          templates,
          log,
          pollInterval,
        });
  const openings = watchOpenings(wall, () => pages.invalidate(), log);
  const changes = listenForChanges(
    databaseUrl,
    {
      changed: (change) => {
        if (change.what === 'account') return accounts.invalidate(change.id);
        pages.invalidate();
        accounts.invalidateTiers();
        tiers.invalidate();
        settings.invalidate();
        openings.reschedule();
      },
      missed: () => {
        pages.missed();
        accounts.forgetAll();
        tiers.invalidate();
        settings.invalidate();
        openings.reschedule();
      },
    },
    log,
  );

  const assets = openAssets(path.join(root, 'public'));
  const site: SiteContext = { languages, assets, publicUrl: config.publicUrl, tiers, settings };

  const { stripe, webhookSecrets, livemode, hostedOrigins, sandboxUrl } = payments;
  const { publicUrl, graceDays, automaticTax } = config;
  const locks = openLocks(databaseUrl, log);
  const machine: ReconcileParts = {
    wall,
    pool,
    stripe,
    clock: payments.clock,
    log,
    locks,
    livemode,
    graceDays,
    changed: (id) => accounts.invalidate(id),
    ...(between ? { between } : {}),
  };
  const billing: BillingPageParts = {
    ...machine,
    site,
    publicUrl,
    webhookSecrets,
    automaticTax,
    hostedOrigins,
    limits: openBillingLimits(redis),
    joining,
  };
  const jobs =
    works === 'not'
      ? null
      : startJobs({
          databaseUrl,
          tasks: { ...billingTasks(machine), ...pictureTasks({ wall, bucket, log }) },
          crontab: works === 'by the clock' ? `${BILLING_CRONTAB}\n${PICTURES_CRONTAB}` : '',
          log,
          pollInterval,
        });
  if (jobs && bucket) queuePictureMoves(wall, log);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', parseQuery);
  app.set('trust proxy', config.trustProxy);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('views', path.join(root, 'views'));
  app.set('view engine', 'ejs');
  app.set('view cache', config.mode !== 'development');

  app.use(noticeForwarded(config.trustProxy, log));
  app.use(securityHeaders(https));
  app.use(healthRoutes(readiness, bucket ? { pictures: async () => (await bucket.check(), null) } : {}));
  // A worker is asked how it is, and nothing else.
  if (role === 'worker') app.use((_req, res) => void res.sendStatus(404));
  app.use(assets.router);
  app.use(redirectToCanonical);
  app.use(webhookRoutes({ ...machine, webhookSecrets, pace }));
  app.use((_req, _res, next) => void settings.refresh().then(() => next(), next));
  app.use(
    apiRoutes({
      site,
      accounts,
      wall,
      bucket,
      wrongTokens: openTokenLimit(redis),
      clock,
      entitlements: payments.clock,
      log,
    }),
  );
  app.use(noZeros);
  app.use(requireOwnOrigin(config.publicUrl));
  app.use(sessions({ store: sessionStore, secrets: config.sessionSecrets, https }));
  app.use(loadReader({ accounts, wall, clock, entitlements: payments.clock, https, log }));
  app.use(pictureRoutes({ wall, bucket }));
  app.use((_req, _res, next) => void tiers.refresh().then(() => next(), next));

  const auth: AuthParts = {
    site,
    wall,
    clock,
    https,
    limits: openAuthLimits(redis),
    grantJoined: grantFreeTier,
    describeJoinTier: (language) => describeFreeTier(wall, language),
    trackJoining: (step, next) => joining(tiers.free?.slug ?? '', step, next),
    audienceOf: ({ locals: { reader } }) => (reader.account ? 'member' : reader.unverified ? 'unproved' : 'visitor'),
  };

  const own: AccountParts = {
    site,
    wall,
    clock,
    limits: openAccountLimits(redis),
    changed: (id) => accounts.invalidate(id),
    beforeDeletion: (id) => endStripeBilling(machine, id),
    keepForm: (language) => keepFormInput({ site, wall, room: '/account', typedOnly: true }, language),
    log,
  };

  const factors = {
    codes: openCodeLimit(redis),
    ceremonies: openCeremonyLimit(redis),
    secrets: openSecretSealer(config.sessionSecrets),
  };

  const admin: AdminParts = {
    site,
    wall,
    clock: payments.clock,
    changed: (id) => accounts.invalidate(id),
    beforeDeletion: own.beforeDeletion,
    upcoming: (subscriptions) => fetchAllUpcoming(payments.stripe, subscriptions),
    log,
  };

  // The first language has no prefix, so it comes last: `/es` must not be looked for among its pages.
  for (const language of [...languages.all].reverse()) {
    const rooms = Router({ caseSensitive: true, strict: true });
    rooms.use(accountRoutes(auth, language));
    rooms.use(secondStepRoutes({ ...auth, ...factors }, language));
    rooms.use(passkeyLoginRoutes({ ...auth, ...factors }, language));
    rooms.use(verifyRoutes({ ...auth, changed: own.changed }, language));
    rooms.use(ownRoutes(own, language));
    rooms.use(secondFactorRoutes({ ...own, ...factors }, language));
    rooms.use(passkeyRoutes(own, language));
    if (config.smtpUrl === null && config.mode !== 'production')
      rooms.use(devMailRoutes({ site, wall, templates }, language));
    if (sandboxUrl !== null) rooms.use(sandboxRoutes(sandboxUrl));
    rooms.use(adminRoutes(admin, language));
    rooms.use(tierRoutes({ ...admin, invalidatingWall, sync: machine }, language));
    rooms.use(adminBillingRoutes({ ...admin, sync: machine, sandbox: sandboxUrl !== null }, language));
    rooms.use(billingRoutes({ ...billing, kept, nav: (viewer, one) => categoryNav(wall, viewer, one) }, language));
    rooms.use(deskRoutes({ site, wall, invalidatingWall, bucket, clock }, language));
    rooms.use(briefingRoutes({ site, wall, kept, tally: counters }, language));
    app.use(language.prefix || '/', rooms);
  }

  app.use(notFoundHandler);
  app.use(errorHandler(site, log, toldOf));

  return {
    handler: endsUnread(wellFormed(serveFromCache(pages, https, listenerOf(app)))),
    router: app.router,
    billing: machine,
    tally: counters,
    close: async () => {
      openings.close();
      await Promise.all([changes.close(), mail?.close(), jobs?.close(), counters.close()]);
      bucket?.close();
      await Promise.all([locks.close(), payments.close()]);
    },
  };
}
