import { Router } from 'express';
import { askBeforeReading } from '../accounts/accept/routes';
import { formerPathRoutes } from '../briefings/former-paths';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import { contactRoutes, openContactLimits } from './contact';
import { pageRoutes } from './routes';

/** The publisher's own pages, in a language. */
export interface PagesRoom {
  /** Before the pages one reads: sends a member who has a new version to accept to the page that asks. */
  requireAcceptance(language: Language): ReturnType<typeof askBeforeReading>;
  /** Mounted last, so that no slug of a page shadows a route; then the former addresses of imported posts. */
  routes(language: Language): Router;
}

/** Opens the room of the publisher's own pages as readers meet them. */
export function openPagesRoom(common: CommonParts): PagesRoom {
  const limits = openContactLimits(common.redis);
  return {
    requireAcceptance: (language) => askBeforeReading(common.site, language),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      router.use(contactRoutes({ ...common, limits }, language));
      router.use(pageRoutes(common, language));
      router.use(formerPathRoutes(common, language));
      return router;
    },
  };
}
