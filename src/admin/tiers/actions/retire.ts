import { isFreeToJoin } from '../../../membership/tiers';
import { holdersOf, refused, tierOf, type TierAction } from './action';

/** Offers a tier to nobody any more; whoever has it keeps it, and subscriptions to it go on. */
export const retireTier: TierAction = {
  name: 'tier-retired',
  path: 'retire',
  grave: true,
  offered: ({ rank, retiredAt }) => rank > 0 && retiredAt === null,
  prepare: (request) => {
    const { facts, language } = request;
    const { say } = language;
    const tier = tierOf(request);
    if (tier.rank === 0) return refused(say('admin.tiers.refused.public'));
    if (tier.retiredAt !== null) return refused(say('admin.tiers.refused.retired'));
    const subscriptions = facts.subscriptions.get(tier.slug) ?? 0;
    const kinds = Object.values(facts.matrix.opens).filter((slug) => slug === tier.slug).length;
    return {
      is: 'ready',
      slug: tier.slug,
      chosen: {},
      changes: [],
      happens: [
        say('admin.tiers.retire.happens'),
        say('admin.tiers.retire.members', { n: holdersOf(facts, tier.slug) }),
        ...(subscriptions > 0 ? [say('admin.tiers.retire.subscriptions', { n: subscriptions })] : []),
        ...(isFreeToJoin(tier) ? [say('admin.tiers.retire.free')] : []),
        ...(kinds > 0 ? [say('admin.tiers.retire.kinds', { n: kinds })] : []),
        say('admin.happens.next-page'),
      ],
      before: { retired: false },
      after: { retired: true },
      write: async (db) => {
        await db.tier.update({ where: { slug: tier.slug }, data: { retiredAt: facts.now }, select: { slug: true } });
      },
    };
  },
};

/** Offers a retired tier again. */
export const offerTier: TierAction = {
  name: 'tier-offered',
  path: 'offer',
  grave: false,
  offered: ({ retiredAt }) => retiredAt !== null,
  prepare: (request) => {
    const { facts, language } = request;
    const { say } = language;
    const tier = tierOf(request);
    if (tier.retiredAt === null) return refused(say('admin.tiers.refused.offered'));
    if (tier.joining === 'free' && facts.tiers.some(isFreeToJoin))
      return refused(say('admin.tiers.wrong.joining.taken'));
    return {
      is: 'ready',
      slug: tier.slug,
      chosen: {},
      changes: [],
      happens: [say(`admin.tiers.new.happens.${tier.joining}`), say('admin.happens.next-page')],
      before: { retired: true },
      after: { retired: false },
      write: async (db) => {
        await db.tier.update({ where: { slug: tier.slug }, data: { retiredAt: null }, select: { slug: true } });
      },
    };
  },
};
