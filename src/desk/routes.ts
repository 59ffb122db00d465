import { Router } from 'express';
import type { Language } from '../lib/language';
import { keepFormInput } from '../membership/login-ended';

import { authorRoutes } from './authors/routes';
import { categoryRoutes } from './categories/routes';
import { confidenceRoutes } from './confidence/routes';
import { coverRoutes } from './cover/routes';
import { editorRoutes } from './editor/routes';
import { fileRoutes } from './files/routes';
import { sampleRoutes } from './files/samples';
import { frontRoutes } from './front/routes';

import { closeRoutes } from './history/close';
import { pointRoutes } from './history/points';
import { historyRoutes } from './history/routes';
import type { PagesParts } from './pages/parts';
import { ownPageRoutes } from './pages/routes';
import { listRoutes } from './list/routes';
import { organizationDeskRoutes } from './organizations/routes';
import { picturesRoutes } from './pictures/routes';
import { previewRoutes } from './preview';
import { askRoutes } from './publish/ask';
import { deleteRoutes } from './publish/delete';
import { publishRoutes } from './publish/routes';
import { editorsOnly } from './staff';

/** `/desk`: where briefings are written, checked, published and looked back on. */
export function deskRoutes(parts: PagesParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const ended = { site: parts.site, wall: parts.wall, section: '/desk', routes: router };
  router.use('/desk', keepFormInput(ended, language), editorsOnly(language));
  for (const routes of [
    listRoutes,
    categoryRoutes,
    frontRoutes,
    authorRoutes,
    organizationDeskRoutes,
    ownPageRoutes,
    confidenceRoutes,
    editorRoutes,
    coverRoutes,
    picturesRoutes,
    previewRoutes,
    publishRoutes,
    askRoutes,
    deleteRoutes,
    historyRoutes,
    closeRoutes,
    pointRoutes,
    fileRoutes,
    sampleRoutes,
  ])
    router.use(routes(parts, language));
  return router;
}
