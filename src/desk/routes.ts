import { Router } from 'express';
import type { Language } from '../lib/language';
import { keepFormInput } from '../membership/login-ended';

import { categoryRoutes } from './categories/routes';
import { confidenceRoutes } from './confidence/routes';
import { coverRoutes } from './cover/routes';
import { editorRoutes } from './editor/routes';
import { fileRoutes } from './files/routes';
import { sampleRoutes } from './files/samples';

import { historyRoutes } from './history/routes';
import { listRoutes } from './list/routes';
import type { DeskParts } from './parts';
import { picturesRoutes } from './pictures/routes';
import { previewRoutes } from './preview';
import { askRoutes } from './publish/ask';
import { deleteRoutes } from './publish/delete';
import { publishRoutes } from './publish/routes';
import { editorsOnly } from './staff';

/** `/desk`: where briefings are written, checked, published and looked back on. */
export function deskRoutes(parts: DeskParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const ended = { site: parts.site, wall: parts.wall, room: '/desk', routes: router };
  router.use('/desk', keepFormInput(ended, language), editorsOnly(language));
  for (const routes of [
    listRoutes,
    categoryRoutes,
    confidenceRoutes,
    editorRoutes,
    coverRoutes,
    picturesRoutes,
    previewRoutes,
    publishRoutes,
    askRoutes,
    deleteRoutes,
    historyRoutes,
    fileRoutes,
    sampleRoutes,
  ])
    router.use(routes(parts, language));
  return router;
}
