import { Router } from 'express';
import type { BillingRoom } from '../billing/room';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import { adminBillingRoutes } from './billing/routes';
import { languageSettingRoutes } from './languages/routes';
import { healthSectionRoutes, type HealthParts } from './health/routes';
import type { AdminParts } from './parts';
import { adminRoutes } from './routes';
import { shapeRoutes } from './shape/routes';
import { settingsRoutes, type SettingsRoomOptions } from './settings/routes';
import { tierRoutes } from './tiers/routes';

/** The admin's and support's pages, in a language. */
export function openAdminRoom(
  common: CommonParts,
  billing: BillingRoom,
  settings: SettingsRoomOptions & Pick<HealthParts, 'readiness'>,
): (language: Language) => Router {
  const { site, wall, invalidatingWall, languages, log } = common;
  const { sync, sandbox, upcoming, beforeDeletion } = billing;
  const parts: AdminParts = {
    ...{ site, wall, log, upcoming, beforeDeletion },
    clock: common.entitlements,
    loginClock: common.clock,
    accountChanged: common.accountChanged,
  };
  const { vitals, bucket } = common;
  const { mailHost, payments } = settings.operator;
  const health = { vitals, bucket, readiness: settings.readiness, mailServer: mailHost !== null, payments };
  return (language) => {
    const router = Router({ caseSensitive: true, strict: true });
    router.use(adminRoutes(parts, language));
    router.use(languageSettingRoutes({ ...parts, invalidatingWall, languages, settings: site.settings }, language));
    router.use(tierRoutes({ ...parts, invalidatingWall, sync }, language));
    router.use(shapeRoutes({ ...parts, invalidatingWall }, language));
    router.use(healthSectionRoutes({ ...parts, ...health }, language));
    router.use(settingsRoutes({ ...parts, invalidatingWall }, settings, language));
    router.use(adminBillingRoutes({ ...parts, sync, sandbox }, language));
    return router;
  };
}
