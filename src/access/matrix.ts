import { PASSAGE_KINDS, type PassageKind } from './kinds';
import type { Viewer } from './viewer';

/** A step of access, as the rule needs it. */
export interface Tier {
  readonly slug: string;
  readonly rank: number;
}

/** Which tier opens which kind of passage. Data, edited by an admin; complete, or there is no deciding. */
export interface Matrix {
  readonly tiers: readonly Tier[];
  readonly opens: Readonly<Record<PassageKind, string>>;
}

/** What the rule must know of a passage: never its text. */
export interface PassageFacts {
  readonly kind: PassageKind;
  /** A tier of its own, when it is stricter than its kind. */
  readonly tier: string | null;
}

/** Yes, or no with the tier that would open it. */
export type Decision =
  | { readonly allowed: true; readonly because: Tier }
  | { readonly allowed: false; readonly needs: Tier };

/**
 * The tier that opens a passage: its kind's, or its own where that is stricter. Looser is never heeded.
 * @throws when the matrix names a tier that does not exist: a missing fact is an error, not a guess.
 */
export function requiredTier(matrix: Matrix, passage: PassageFacts): Tier {
  const ofKind = tierOf(matrix, matrix.opens[passage.kind]);
  if (passage.tier === null) return ofKind;
  const own = tierOf(matrix, passage.tier);
  return own.rank > ofKind.rank ? own : ofKind;
}

/** May this viewer read this passage? The one rule; every surface asks it. */
export function decide(matrix: Matrix, viewer: Viewer, passage: PassageFacts): Decision {
  const tier = requiredTier(matrix, passage);
  return viewer.rank >= tier.rank ? { allowed: true, because: tier } : { allowed: false, needs: tier };
}

/** The same rule as a filter: the kinds open to the viewer, and the own tiers a passage of these may have. */
export function readable(matrix: Matrix, viewer: Viewer): { kinds: PassageKind[]; tiers: string[] } {
  return {
    kinds: PASSAGE_KINDS.filter((kind) => decide(matrix, viewer, { kind, tier: null }).allowed),
    tiers: matrix.tiers.filter((tier) => viewer.rank >= tier.rank).map((tier) => tier.slug),
  };
}

function tierOf(matrix: Matrix, slug: string): Tier {
  const tier = matrix.tiers.find((one) => one.slug === slug);
  if (!tier) throw new Error(`the gate matrix names the tier "${slug}", which does not exist`);
  return tier;
}
