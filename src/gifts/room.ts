import { Router } from 'express';
import type { CommonParts } from '../http/common-parts';
import type { Language } from '../lib/language';
import type { AccountCache } from '../membership/account-cache';
import { openGiftLimits } from './limits';
import { ownGiftRoutes } from './own-routes';
import { giftReadingRoutes } from './reading-routes';

/** Briefings that members give away by a link, in a language: for whoever has the link, and for its giver. */
export function openGiftRoom(common: CommonParts, accounts: AccountCache): (language: Language) => Router {
  const parts = { ...common, accounts, limits: openGiftLimits(common.redis) };
  return (language) => {
    const router = Router({ caseSensitive: true, strict: true });
    return router.use(giftReadingRoutes(parts, language), ownGiftRoutes(parts, language));
  };
}
