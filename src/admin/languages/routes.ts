import { Router } from 'express';
import type { Language } from '../../lib/language';
import { languageChangeRoutes } from './change';
import { languageListRoutes } from './list';
import type { LanguageParts } from './parts';
import { phraseRoutes } from './phrase';
import { phraseListRoutes } from './phrases';
import { timeRoutes } from './time';

/** Languages, phrases and times of the publication, under `/admin/settings`. */
export function languageSettingRoutes(parts: LanguageParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const routes of [languageListRoutes, languageChangeRoutes, timeRoutes, phraseListRoutes, phraseRoutes])
    router.use(routes(parts, language));
  return router;
}
