import { Router, type RequestHandler } from 'express';
import { openSecretSealer } from '../accounts/second-factor/secret';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import { firstAdminRoutes } from './admin';
import { contentRoutes } from './content';
import { SetupState, setupGate } from './gate';
import type { ServiceChecks, SetupParts } from './parts';
import { publicationRoutes } from './publication';
import { serviceRoutes } from './services';
import { startRoutes } from './start';

export interface SetupRoomOptions {
  /** Is this an installation that is set up in the browser? */
  readonly possible: boolean;
  readonly checks: ServiceChecks;
}

/** Setting up: what readers meet until there is an admin, and the steps to there. */
export interface SetupRoom {
  readonly gate: RequestHandler;
  routes(language: Language): Router;
}

export function openSetupRoom(common: CommonParts, { possible, checks }: SetupRoomOptions): SetupRoom {
  const state = new SetupState(common.wall, possible);
  const parts: SetupParts = { ...common, state, checks, secrets: openSecretSealer(common.sessionSecrets) };
  return {
    gate: setupGate(common.site, state),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      for (const routes of [startRoutes, publicationRoutes, firstAdminRoutes, contentRoutes, serviceRoutes])
        router.use(routes(parts, language));
      return router;
    },
  };
}
