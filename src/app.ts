import path from 'node:path';
import type { RequestListener } from 'node:http';
import express, { Router } from 'express';
import type { Store } from 'express-session';
import type Redis from 'ioredis';
import { openAccountLimits } from './accounts/account-limits';
import { openDoorLimits } from './accounts/limits';
import type { AccountParts } from './accounts/own/parts';
import { ownRoutes } from './accounts/own/routes';
import { openCeremonyLimit } from './accounts/passkeys/limits';
import { passkeyLoginRoutes } from './accounts/passkeys/login';
import { passkeyRoutes } from './accounts/passkeys/routes';
import { accountRoutes } from './accounts/routes';
import { openCodeLimit } from './accounts/second-factor/limits';
import { secondStepRoutes } from './accounts/second-factor/login';
import { secondFactorRoutes } from './accounts/second-factor/routes';
import type { Doors } from './accounts/threshold';
import { apiRoutes } from './api/routes';
import { watchOpenings } from './briefings/openings';
import { briefingRoutes, pictureRoutes } from './briefings/routes';
import type { Config } from './config';
import { openAssets } from './http/assets';
import { nothingHere, sayErrors } from './http/errors';
import { withFrontDesk } from './http/front-desk';
import { securityHeaders } from './http/headers';
import { healthRoutes, type Readiness } from './http/health';
import type { House } from './http/house';
import { oneAddress } from './http/one-address';
import { fromOwnOrigin } from './http/own-origin';
import { PageStore } from './http/page-store';
import { sessions } from './http/sessions';
import type { Clock } from './lib/clock';
import { loadLanguages } from './lib/language';
import type { Logger } from './lib/log';
import { root } from './lib/root';
import { devMailRoutes } from './mail/dev-mail';
import { openTransport } from './mail/transport';
import { startMail } from './mail/worker';
import { KnownAccounts } from './membership/known-accounts';
import { joinCircle } from './membership/join';
import { loadReader } from './membership/reader';
import { listenForChanges } from './stores/changes';
import type { Wall } from './stores/wall';

export interface AppParts {
  readonly config: Pick<Config, 'publicUrl' | 'mode' | 'trustProxy' | 'smtpUrl' | 'mailFrom'> & { readonly sessionSecrets: readonly string[] };
  readonly wall: Wall;
  readonly sessionStore: Store;
  /** Where attempts are counted for all processes together; null: each counts for itself. */
  readonly redis: Redis | null;
  /** For the connection that listens to changes; the application's role. */
  readonly databaseUrl: string;
  readonly readiness: Readiness;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface App {
  readonly handler: RequestListener;
  /** Every route there is, for whoever checks them all (src/leaks). */
  readonly router: { readonly stack: readonly unknown[] };
  close(): Promise<void>;
}

/** The whole of the web side, in the order a request meets it. */
export function createApp({ config, wall, sessionStore, redis, databaseUrl, readiness, clock, log }: AppParts): App {
  const https = config.publicUrl.startsWith('https:');
  const pages = new PageStore();
  const accounts = new KnownAccounts(wall);
  const languages = loadLanguages(path.join(root, 'views/languages'));
  const mail = config.smtpUrl === null ? null : startMail({ wall, transport: openTransport(config.smtpUrl, config.mailFrom), languages, publicUrl: config.publicUrl, log });
  const openings = watchOpenings(wall, () => pages.forget(), log);
  const changes = listenForChanges(databaseUrl, {
    changed: (change) => {
      if (change.what === 'account') return accounts.forget(change.id);
      if (change.what === 'letters') return mail?.wake();
      pages.forget();
      accounts.forgetTiers();
      openings.look();
    },
    listening: () => { pages.trust(); accounts.trust(); openings.look(); mail?.wake(); },
    lost: () => { pages.doubt(); accounts.doubt(); },
  }, log);

  const assets = openAssets(path.join(root, 'public'));
  const house: House = { languages, assets, publicUrl: config.publicUrl };

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('trust proxy', config.trustProxy);
  app.set('case sensitive routing', true);
  app.set('strict routing', true);
  app.set('views', path.join(root, 'views'));
  app.set('view engine', 'ejs');
  app.set('view cache', config.mode !== 'development');

  app.use(securityHeaders(https));
  app.use(healthRoutes(readiness));
  app.use(assets.router);
  app.use(oneAddress);
  app.use(apiRoutes({ house, accounts, wall, clock, log }));
  app.use(fromOwnOrigin(config.publicUrl));
  app.use(sessions({ store: sessionStore, secrets: config.sessionSecrets, https }));
  app.use(loadReader({ accounts, wall, clock, https, log }));
  app.use(pictureRoutes({ wall }));

  const doors: Doors = {
    house, wall, clock, https,
    limits: openDoorLimits(redis),
    grantJoined: joinCircle,
    audienceOf: ({ locals: { reader } }) => (reader.account ? 'member' : reader.unproved ? 'unproved' : 'visitor'),
  };

  const own: AccountParts = { house, wall, clock, limits: openAccountLimits(redis), changed: (id) => accounts.forget(id), log };

  const factors = { codes: openCodeLimit(redis), ceremonies: openCeremonyLimit(redis) };

  // The first language has no prefix, so it comes last: `/es` must not be looked for among its pages.
  for (const language of [...languages.all].reverse()) {
    const rooms = Router({ caseSensitive: true, strict: true });
    rooms.use(accountRoutes(doors, language));
    rooms.use(secondStepRoutes({ ...doors, ...factors }, language));
    rooms.use(passkeyLoginRoutes({ ...doors, ...factors }, language));
    rooms.use(ownRoutes(own, language));
    rooms.use(secondFactorRoutes({ ...own, ...factors }, language));
    rooms.use(passkeyRoutes(own, language));
    if (config.smtpUrl === null && config.mode !== 'production') rooms.use(devMailRoutes({ house, wall }, language));
    rooms.use(briefingRoutes({ house, wall, pages }, language));
    app.use(language.prefix || '/', rooms);
  }

  app.use(nothingHere);
  app.use(sayErrors(house, pages, log));

  return { handler: withFrontDesk(pages, https, app), router: app.router, close: async () => { openings.close(); await Promise.all([changes.close(), mail?.close()]); } };
}
