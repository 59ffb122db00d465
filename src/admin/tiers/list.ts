import { Router, type Request, type Response } from 'express';
import { onlyMethods } from '../../http/errors';
import { accountsViewer } from '../../access/viewer';
import type { Language } from '../../lib/language';
import { countByRank } from '../../membership/members';
import { pastActionViews, readPastActions } from '../audit/past';
import { adminFrame, renderAdmin } from '../frame';
import { staffOnly } from '../staff';
import { readTierFacts } from './facts';
import { TIER_HISTORY, undoOfTier } from './history';
import { tierCard } from './list-card';
import type { TiersPage } from './page-types';
import type { TierParts } from './parts';
import { readPrices } from './prices';

/** `/admin/tiers`: the tiers in their order, what each says of itself in every language, and what it costs. */
export function tierListRoutes(parts: TierParts, language: Language): Router {
  const router = Router({ caseSensitive: true, strict: true });
  router
    .route('/admin/tiers')
    .all(staffOnly(language, ['admin']))
    .get((req, res) => showTiers(parts, language, req, res))
    .all(onlyMethods('GET', 'HEAD'));
  return router;
}

async function showTiers(
  { site, wall, clock }: TierParts,
  language: Language,
  req: Request,
  res: Response,
): Promise<void> {
  const { say, prefix } = language;
  const now = clock.now();
  const facts = await readTierFacts(wall, now);
  const { standing, prices } = await wall.read(accountsViewer, async (db) => ({
    standing: await countByRank(db, now),
    prices: await readPrices(db),
  }));
  const past = await readPastActions(wall, TIER_HISTORY);
  const page: TiersPage = {
    frame: adminFrame(language, req, res, 'tiers', say('admin.tiers.heading')),
    order: [say('admin.tiers.order.rank'), say('admin.tiers.order.moving')],
    matrixHref: `${prefix}/admin/matrix`,
    make: { label: say('admin.tiers.new'), href: `${prefix}/admin/tiers/new` },
    tiers: facts.tiers.map((row) => tierCard(row, { facts, standing, prices, languages: site.languages }, language)),
    history: pastActionViews(language, past, (one) => undoOfTier(language, facts, one)),
  };
  await renderAdmin(site, language, req, res, 'tiers', '/admin/tiers', page);
}
