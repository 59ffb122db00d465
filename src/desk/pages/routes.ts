import { Router } from 'express';
import type { Language } from '../../lib/language';
import { pageEditorRoutes } from './editor';
import { pageHistoryRoutes } from './history';
import { pageListRoutes } from './list';
import type { PagesParts } from './parts';
import { pagePictureRoutes } from './pictures';
import { pagePublishRoutes } from './publish';

/** `/desk/pages`: the publisher's own pages, written, previewed, given to readers and looked back on. */
export function ownPageRoutes(parts: PagesParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const routes of [pageListRoutes, pageEditorRoutes, pagePictureRoutes, pagePublishRoutes, pageHistoryRoutes])
    router.use(routes(parts, language));
  return router;
}
