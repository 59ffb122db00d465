import { withPlacement } from '../../../access/tier-order';
import { belowField, placementAbove, applyRanks, shiftSentences } from './place';
import { nameIn, refused, tierOf, type PreparedTier, type TierAction, type TierRequest } from './action';

/** Puts a tier right above another one. */
export const moveTier: TierAction = {
  name: 'tier-moved',
  path: 'order',
  grave: true,
  offered: ({ rank }) => rank > 0,
  prepare: (request) => {
    const { facts, language, fields } = request;
    const tier = tierOf(request);
    if (tier.rank === 0) return refused(language.say('admin.tiers.refused.public'));
    const others = facts.tiers.filter((one) => one !== tier);
    const present = others.filter(({ rank }) => rank < tier.rank).at(-1)!.slug;
    const below = fields['below'];
    if (below === undefined) return { is: 'open', fields: [belowField(language, others, present)] };
    const error = !others.some(({ slug }) => slug === below)
      ? 'admin.wrong.tier'
      : below === present
        ? 'admin.tiers.move.stands'
        : null;
    if (error !== null) return { is: 'open', fields: [belowField(language, others, below, language.say(error))] };
    return placed(request, below);
  },
};

function placed(request: TierRequest, below: string): PreparedTier {
  const { facts, language } = request;
  const { say } = language;
  const tier = tierOf(request);
  const others = facts.tiers.filter((one) => one !== tier);
  const placement = placementAbove(others, below);
  if (placement === null) return refused(say('admin.tiers.refused.no-rank'));
  const order = withPlacement(facts.tiers, tier.slug, placement);
  const names = (slugs: readonly { readonly slug: string }[]) =>
    slugs
      .map(({ slug }) =>
        nameIn(
          facts.tiers.find((one) => one.slug === slug)!,
          language,
        ),
      )
      .join(' < ');
  const shifts = shiftSentences(facts, tier.slug, placement, language);
  return {
    is: 'ready',
    slug: tier.slug,
    chosen: { below },
    changes: [{ what: say('admin.tiers.fact.order'), before: names(facts.tiers), after: names(order) }],
    happens: [...(shifts.length > 0 ? shifts : [say('admin.tiers.move.nothing')]), say('admin.happens.next-page')],
    before: { rank: tier.rank, 'tier-below': others.findLast(({ rank }) => rank < tier.rank)?.slug ?? null },
    after: { rank: placement.rank, 'tier-below': below },
    write: (db) => applyRanks(db, facts.tiers, placement, tier.slug),
  };
}
