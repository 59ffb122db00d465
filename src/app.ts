import { Router, type RequestHandler } from 'express';
import { openAccountsRoom } from './accounts/room';
import { openAdminRoom } from './admin/room';
import { openTokenLimit } from './api/limits';
import { apiRoutes } from './api/routes';
import { openArchiveRoom } from './archive/room';
import { accountsOptions, adminOptions, billingOptions, issueOptions, mailOptions, setupOptions } from './app-hooks';
import type { App, AppOptions } from './app-options';
import { authorRoutes } from './authors/routes';
import { startBackground } from './background';
import { openBillingRoom } from './billing/room';
import { readingListRoutes } from './briefings/reading-list/routes';
import { briefingRoutes, pictureRoutes } from './briefings/reading/routes';
import { revisionRoutes } from './briefings/revisions/routes';
import { oembedRoutes } from './briefings/sharing/oembed';
import { sharingRoutes } from './briefings/sharing/routes';
import { deskRoutes } from './desk/routes';
import { openPrivateFeeds } from './feeds/private';
import { feedRoutes } from './feeds/routes';
import { openGiftRoom } from './gifts/room';
import type { CommonParts } from './http/common-parts';
import { redirectToCanonical } from './http/cache/canonical-url';
import { discoveryRoutes } from './http/site/discovery';
import { looksRoutes } from './http/site/looks';
import { manifestRoutes } from './http/site/manifest';
import { sitePictureRoutes } from './http/site/pictures';
import { securityTextRoutes } from './http/site/security-text';
import { errorHandler, notFoundHandler } from './http/errors';
import { openExpress } from './http/server/express';
import { noticeForwarded } from './http/server/forwarded';
import { serveFromCache } from './http/cache/front-desk';
import { securityHeaders } from './http/headers';
import { healthRoutes } from './http/server/health';
import { metricsRoutes } from './http/server/metrics';
import { RequestCounts } from './http/server/request-counts';
import { requireOwnOrigin } from './http/own-origin';
import { languageRouter } from './http/cache/language-router';
import { firstParts } from './http/server/routes';
import { listenerOf } from './http/server/request-prototypes';
import { sessions } from './http/sessions';
import { endsUnread } from './http/server/unread';
import { noZeros, wellFormed } from './http/server/well-formed';
import { openIssueRoom } from './issues/room';
import { openImportRoom } from './imports/room';
import type { Language } from './lib/language';
import { openMailRoom } from './mail/room';
import { loadReader, toldOf } from './membership/reader';
import { organizationRoutes } from './organizations/routes';
import { openPagesRoom } from './pages/room';
import { openSearchLimit } from './search/limits';
import { searchRoutes } from './search/routes';
import { sitemapRoutes } from './sitemap/routes';
import { openCommon } from './open-common';
import { openSetupRoom } from './setup/room';
import { openWebhookRoom } from './webhooks/room';
import { readBacklog } from './stores/postgres/backlog';

export type { App };

/** The rooms of readers, in one language each. */
const READING_ROOMS = [
  ...[manifestRoutes, searchRoutes, feedRoutes, authorRoutes, organizationRoutes],
  ...[sharingRoutes, revisionRoutes, readingListRoutes, briefingRoutes],
];

/** The whole of the web side, in the order a request meets it. */
export function createApp(options: AppOptions): App {
  const { config, role = 'all', works = role === 'web' ? 'not' : 'by the clock', bucket, log } = options;
  const opened = openCommon(options);
  const { common, accounts, knownSessions, tiers } = opened;
  const { site, wall, cachedPages, counters, https, clock, entitlements } = common;

  const billing = openBillingRoom(common, billingOptions(options, common));
  const accountsIn = openAccountsRoom(common, accountsOptions(common, tiers, billing));
  const mail = openMailRoom(common, mailOptions(options));
  const ownPages = openPagesRoom(common);
  const setup = openSetupRoom(common, setupOptions(options, mail));
  const imports = openImportRoom(common, billing, () => firstParts(app.router));
  const issues = openIssueRoom(common, issueOptions(options));
  const webhooks = openWebhookRoom(common, { mayBePrivate: config.privateWebhooks });
  const work = { mail, issues, webhooks, sync: billing.sync, importing: imports.tasks };
  const background = startBackground(common, { ...options, ...work, role, works });

  const counts = new RequestCounts();
  const app = openExpress(config);
  app.use(noticeForwarded(config.trustProxy, log), securityHeaders(https), watchRoutes(options, common, counts));
  // A worker is asked how it is, and nothing else.
  if (role === 'worker') app.use((_req, res) => void res.sendStatus(404));
  app.use(site.assets.router, looksRoutes(site.assets), sitePictureRoutes(wall));
  app.use(redirectToCanonical, billing.webhook, issues.programs);
  app.use((_req, _res, next) => void opened.refresh().then(() => next(), next));
  app.use(discoveryRoutes(site.settings, () => site.languages.all.map(({ prefix }) => prefix)));
  app.use(securityTextRoutes({ site, clock, mailFrom: config.mailFrom?.address ?? null }), setup.gate);
  const searches = openSearchLimit(common.redis);
  app.use(apiRoutes({ ...common, accounts, searches, wrongTokens: openTokenLimit(common.redis) }));
  app.use(noZeros, requireOwnOrigin(config.publicUrl));
  app.use(sessions({ store: options.sessionStore, secrets: config.sessionSecrets, https }));
  app.use(loadReader({ accounts, knownSessions, wall, clock, entitlements, https, log }));
  app.use(pictureRoutes(common), sitemapRoutes(common), oembedRoutes(common));

  const reading = { site, wall, cachedPages, searches, counters };
  const rooms: readonly Room[] = [
    (language) => setup.routes(language),
    ...[accountsIn, openPrivateFeeds(common, accounts), openGiftRoom(common, accounts)],
    (language) => mail.routes(language),
    openAdminRoom(common, billing, adminOptions(options)),
    (language) => imports.routes(language),
    openArchiveRoom(common),
    (language) => billing.routes(language),
    (language) => deskRoutes({ ...common, reserved: () => firstParts(app.router) }, language),
    ...[issues, webhooks].map((room) => (language: Language) => room.routes(language)),
    (language) => ownPages.requireAcceptance(language),
    ...READING_ROOMS.map((routes) => (language: Language) => routes(reading, language)),
    (language) => ownPages.routes(language),
  ];
  app.use(languageRouter(common.languages, (language) => openRooms(rooms, language)));
  app.use(notFoundHandler, errorHandler(site, log, toldOf));

  const desk = { pages: opened.pages, https, sessions: knownSessions, sent: () => counts.fromMemory() };
  return {
    handler: endsUnread(wellFormed(serveFromCache(desk, counts.counting(listenerOf(app))))),
    router: app.router,
    languages: () => opened.refresh().then(() => site.languages.all),
    letterFor: (recipientId, briefingIds) => issues.letterFor(recipientId, briefingIds),
    webhookBody: (told) => webhooks.bodyOf(told),
    billing: billing.sync,
    caughtUp: () => opened.caughtUp(),
    counters,
    close: () => closeAll([background, opened], [bucket, billing]),
  };
}

/** What programs that watch over this process ask it. */
function watchRoutes(
  { config, readiness, bucket, processName }: AppOptions,
  { wall, vitals }: CommonParts,
  counts: RequestCounts,
) {
  const router = Router({ caseSensitive: true, strict: true });
  router.use(healthRoutes(readiness, bucket ? { pictures: async () => (await bucket.check(), null) } : {}));
  const backlog = () => readBacklog(wall);
  const token = config.metricsToken;
  return router.use(metricsRoutes({ counts, vitals, readiness, backlog, token, processName: processName ?? null }));
}

interface Closable {
  close(): void | Promise<void>;
}

/** Ends these together, then what they may have needed to the last. */
async function closeAll(first: readonly Closable[], last: readonly (Closable | null)[]): Promise<void> {
  await Promise.all(first.map(async (one) => one.close()));
  for (const one of last) await one?.close();
}

/** A room's routes in one language. */
type Room = (language: Language) => RequestHandler;

function openRooms(rooms: readonly Room[], language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const room of rooms) router.use(room(language));
  return router;
}
