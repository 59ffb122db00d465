import { Router } from 'express';
import { onlyMethods } from '../../http/errors';
import type { Language } from '../../lib/language';
import { staffOnly } from '../staff';
import { languageChangeRoutes } from './change';
import { languageListRoutes } from './list';
import type { LanguageParts } from './parts';
import { phraseRoutes } from './phrase';
import { phraseListRoutes } from './phrases';
import { timeRoutes } from './time';

/** Languages, phrases and times of the publication, under `/admin/settings`. */
export function languageSettingRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/settings')
    .all(staffOnly(language, ['admin']))
    .get((_req, res) => res.redirect(303, `${language.prefix}/admin/settings/languages`))
    .all(onlyMethods('GET', 'HEAD'));
  for (const routes of [languageListRoutes, languageChangeRoutes, timeRoutes, phraseListRoutes, phraseRoutes])
    router.use(routes(parts, language));
  return router;
}
