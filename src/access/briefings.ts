import type { Matrix } from './matrix';
import type { Viewer } from './viewer';

/** A briefing that is published for a tier first: below it, it is not there before `until` (UTC). */
export interface Embargo {
  readonly tier: string;
  readonly until: Date;
}

/** What the rule must know of a briefing to say who meets it. */
export interface BriefingFacts {
  readonly state: string;
  readonly published: Date | null;
  readonly early: Embargo | null;
}

/**
 * Does this viewer meet this briefing at this moment? To whoever does not, it is not there: no page, no title, no
 * count.
 * @throws when it names a tier that does not exist: a missing fact is an error, not a guess.
 */
export function canSeeBriefing(
  { tiers }: Pick<Matrix, 'tiers'>,
  viewer: Viewer,
  { state, published, early }: BriefingFacts,
  now: Date,
): boolean {
  if (state !== 'published' || published === null || published > now) return false;
  if (early === null) return true;
  const tier = tiers.find(({ slug }) => slug === early.tier);
  if (!tier) throw new Error(`a briefing is published early for the tier "${early.tier}", which does not exist`);
  return early.until <= now || viewer.rank >= tier.rank;
}

/** The same rule as a filter: published by `now`, and early for one of these tiers or for none any more. */
export function visibilityFilter(
  { tiers }: Pick<Matrix, 'tiers'>,
  viewer: Viewer,
  now: Date,
): { tiers: string[]; now: Date } {
  return { tiers: tiers.filter(({ rank }) => viewer.rank >= rank).map(({ slug }) => slug), now };
}
