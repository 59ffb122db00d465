import type { Tier } from './matrix';
import { HIGHEST_RANK } from './viewer';

/** How far apart ranks are put where there is room. */
const STEP = 10;

/** Where a tier comes to stand, and which others must stand higher to make room for it. */
export interface Placement {
  readonly rank: number;
  /** New ranks by slug. */
  readonly raised: ReadonlyMap<string, number>;
}

/**
 * The rank right above another tier. Where no number is free there, those above are raised: no rank is ever given a
 * lower meaning, so whoever is still known by a former rank reads less for a moment and never more.
 * @param tiers all but the one that is placed.
 * @param below the slug of the tier that comes right below it.
 * @returns null where there is no such tier, and where no rank is left.
 */
export function placeAbove(tiers: readonly Tier[], below: string): Placement | null {
  const sorted = [...tiers].sort((a, b) => a.rank - b.rank);
  const index = sorted.findIndex(({ slug }) => slug === below);
  if (index < 0) return null;
  const lower = sorted[index]!.rank;
  const above = sorted.slice(index + 1);
  const upper = above[0]?.rank ?? HIGHEST_RANK;
  if (above.length === 0) {
    const rank = Math.min(lower + STEP, Math.floor((lower + upper) / 2));
    return rank > lower ? { rank, raised: new Map() } : null;
  }
  if (upper - lower > 1) return { rank: Math.floor((lower + upper) / 2), raised: new Map() };
  return raise(lower + STEP, above);
}

function raise(rank: number, above: readonly Tier[]): Placement | null {
  const raised = new Map<string, number>();
  let last = rank;
  for (const tier of above) {
    if (tier.rank > last) break;
    last += STEP;
    raised.set(tier.slug, last);
  }
  return last < HIGHEST_RANK ? { rank, raised } : null;
}

/** The tiers as they stand once one is placed, lowest first. */
export function withPlacement(tiers: readonly Tier[], slug: string, { rank, raised }: Placement): readonly Tier[] {
  return tiers
    .map((tier) => ({ ...tier, rank: tier.slug === slug ? rank : (raised.get(tier.slug) ?? tier.rank) }))
    .sort((a, b) => a.rank - b.rank);
}
