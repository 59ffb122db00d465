import { differences, tierTextsOf } from '../tier-texts';
import { nameIn, refused, tierOf, type TierAction } from './action';

/** Deletes a tier that nothing refers to. */
export const deleteTier: TierAction = {
  name: 'tier-deleted',
  path: 'delete',
  grave: true,
  offered: ({ rank, slug }, { used }) => rank > 0 && !used.has(slug),
  prepare: (request) => {
    const { facts, language } = request;
    const { say } = language;
    const tier = tierOf(request);
    if (tier.rank === 0) return refused(say('admin.tiers.refused.public'));
    if (facts.used.has(tier.slug)) return refused(say('admin.tiers.refused.used'));
    return {
      is: 'ready',
      slug: tier.slug,
      chosen: {},
      changes: [],
      happens: [say('admin.tiers.delete.happens', { tier: nameIn(tier, language) })],
      before: {
        ...{ rank: tier.rank, joining: tier.joining, 'tier-emblem': tier.emblem },
        'tier-below': facts.tiers.findLast(({ rank }) => rank < tier.rank)?.slug ?? null,
        ...differences(tierTextsOf(tier, request.languages), {}, request.languages).before,
      },
      after: null,
      write: async (db) => {
        await db.tier.delete({ where: { slug: tier.slug }, select: { slug: true } });
      },
    };
  },
};
