import { Router } from 'express';
import { openAccountsRoom } from './accounts/room';
import { openAdminRoom } from './admin/room';
import { openTokenLimit } from './api/limits';
import { apiRoutes } from './api/routes';
import { accountsOptions, adminOptions, billingOptions, mailOptions, setupOptions } from './app-hooks';
import type { App, AppOptions } from './app-options';
import { startBackground } from './background';
import { openBillingRoom } from './billing/room';
import { briefingRoutes, pictureRoutes } from './briefings/reading/routes';
import { deskRoutes } from './desk/routes';
import { feedRoutes } from './feeds/routes';
import { redirectToCanonical } from './http/pages/canonical-url';
import { discoveryRoutes } from './http/discovery';
import { looksRoutes } from './http/looks';
import { errorHandler, notFoundHandler } from './http/errors';
import { openExpress } from './http/server/express';
import { noticeForwarded } from './http/server/forwarded';
import { serveFromCache } from './http/pages/front-desk';
import { securityHeaders } from './http/headers';
import { healthRoutes } from './http/server/health';
import { requireOwnOrigin } from './http/own-origin';
import { languageRouter } from './http/pages/language-router';
import { listenerOf } from './http/server/request-prototypes';
import { sessions } from './http/sessions';
import { endsUnread } from './http/server/unread';
import { noZeros, wellFormed } from './http/server/well-formed';
import { openMailRoom } from './mail/room';
import { loadReader, toldOf } from './membership/reader';
import { organizationRoutes } from './organizations/routes';
import { searchRoutes } from './search/routes';
import { sitemapRoutes } from './sitemap/routes';
import { openCommon } from './open-common';
import { openSetupRoom } from './setup/room';

export type { App };

/** The whole of the web side, in the order a request meets it. */
export function createApp(options: AppOptions): App {
  const { config, role = 'all', works = role === 'web' ? 'not' : 'by the clock', bucket, log } = options;
  const opened = openCommon(options);
  const { common, accounts, tiers, pages } = opened;
  const { site, wall, cachedPages, counters, https, clock, entitlements } = common;

  const billing = openBillingRoom(common, billingOptions(options, common));
  const accountsIn = openAccountsRoom(common, accountsOptions(common, tiers, billing));
  const adminIn = openAdminRoom(common, billing, adminOptions(options));
  const mail = openMailRoom(common, mailOptions(options));
  const setup = openSetupRoom(common, setupOptions(options, mail));
  const background = startBackground(common, { ...options, mail, sync: billing.sync, role, works });

  const app = openExpress(config);
  app.use(noticeForwarded(config.trustProxy, log));
  app.use(securityHeaders(https));
  app.use(healthRoutes(options.readiness, bucket ? { pictures: async () => (await bucket.check(), null) } : {}));
  // A worker is asked how it is, and nothing else.
  if (role === 'worker') app.use((_req, res) => void res.sendStatus(404));
  app.use(site.assets.router);
  app.use(looksRoutes(site.assets));
  app.use(redirectToCanonical);
  app.use(billing.webhook);
  app.use((_req, _res, next) => void opened.refresh().then(() => next(), next));
  app.use(discoveryRoutes(site.settings, () => site.languages.all.map(({ prefix }) => prefix)));
  app.use(setup.gate);
  app.use(apiRoutes({ ...common, accounts, wrongTokens: openTokenLimit(common.redis) }));
  app.use(noZeros);
  app.use(requireOwnOrigin(config.publicUrl));
  app.use(sessions({ store: options.sessionStore, secrets: config.sessionSecrets, https }));
  app.use(loadReader({ accounts, wall, clock, entitlements, https, log }));
  app.use(pictureRoutes(common));
  app.use(sitemapRoutes(common));

  app.use(
    languageRouter(common.languages, (language) => {
      const rooms = Router({ caseSensitive: true, strict: true });
      rooms.use(setup.routes(language));
      rooms.use(accountsIn(language));
      rooms.use(mail.routes(language));
      rooms.use(adminIn(language));
      rooms.use(billing.routes(language));
      rooms.use(deskRoutes(common, language));
      const reading = { site, wall, cachedPages, tally: counters };
      for (const routes of [searchRoutes, feedRoutes, organizationRoutes, briefingRoutes])
        rooms.use(routes(reading, language));
      return rooms;
    }),
  );

  app.use(notFoundHandler);
  app.use(errorHandler(site, log, toldOf));

  return {
    handler: endsUnread(wellFormed(serveFromCache(pages, https, listenerOf(app)))),
    router: app.router,
    prefixes: () => opened.refresh().then(() => site.languages.all.map(({ prefix }) => prefix)),
    billing: billing.sync,
    tally: counters,
    close: async () => {
      await Promise.all([background.close(), opened.close()]);
      bucket?.close();
      await billing.close();
    },
  };
}
