import { Router } from 'express';
import type { BillingRoom } from '../billing/room';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import type { Task } from '../stores/postgres/jobs';
import { importActRoutes } from './admin/action-routes';
import { importListRoutes } from './admin/list';
import { importRoutes } from './admin/import-routes';
import type { ImportParts } from './admin/parts';
import { importPictureRoutes } from './admin/pictures';
import { foundPriceRoutes } from './admin/prices';
import { openPostSealer } from './posts/seal';
import { importTasks } from './tasks';

/** Bringing people in from elsewhere: the rooms, and what is done behind them. */
export interface ImportRoom {
  readonly tasks: Readonly<Record<string, Task>>;
  routes(language: Language): Router;
}

export function openImportRoom(
  common: CommonParts,
  { sync }: Pick<BillingRoom, 'sync'>,
  reserved: () => ReadonlySet<string>,
): ImportRoom {
  const { site, wall, log } = common;
  const sealer = openPostSealer(common.sessionSecrets);
  const parts: ImportParts = { site, wall, log, clock: common.entitlements, sealer };
  return {
    tasks: importTasks({ ...sync, site, sealer, reserved }),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      for (const routes of [importListRoutes, foundPriceRoutes, importActRoutes, importPictureRoutes, importRoutes])
        router.use(routes(parts, language));
      return router;
    },
  };
}
