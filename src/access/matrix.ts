import type { Viewer } from './viewer';

/** A step of access, as the rule needs it. */
export interface Tier {
  readonly slug: string;
  readonly rank: number;
}

/** Which tier opens which kind of passage: data, edited by an admin. A kind that is not in it opens to nobody. */
export interface Matrix {
  readonly tiers: readonly Tier[];
  /** Slugs of tiers, by the slugs of kinds. */
  readonly opens: Readonly<Record<string, string>>;
}

/** What a kind needs that no tier opens: more than anybody has. */
export const NOBODY: Tier = { slug: '', rank: Number.POSITIVE_INFINITY };

/** What the rule must know of a passage: never its text. */
export interface PassageFacts {
  /** Slug of its kind. */
  readonly kind: string;
  /** A tier of its own, when it is stricter than its kind. */
  readonly tier: string | null;
  /** The first moment at which its own tier no longer counts (UTC); null: it always does. */
  readonly until: Date | null;
}

/** What opens: a tier, from a moment on. */
export interface Opening {
  readonly tier: Tier;
  readonly at: Date;
}

/** Yes, or no with the tier that would open it now, and when it opens to the same viewer by itself; null: never. */
export type Decision =
  | { readonly allowed: true; readonly because: Tier }
  | { readonly allowed: false; readonly needs: Tier; readonly opens: Opening | null };

/**
 * The tier that opens a kind of passage, as long as none is stricter; `NOBODY` where none does.
 * @throws as `requiredTier` does.
 */
export function tierOfKind(matrix: Matrix, kind: string): Tier {
  const slug = Object.hasOwn(matrix.opens, kind) ? matrix.opens[kind] : undefined;
  return slug === undefined ? NOBODY : tierOf(matrix, slug);
}

/**
 * Do passages of this kind open to the viewer, stricter ones left aside?
 * @throws as `requiredTier` does.
 */
export function opensKind(matrix: Matrix, viewer: Viewer, kind: string): boolean {
  return viewer.rank >= tierOfKind(matrix, kind).rank;
}

/**
 * The tier that opens a passage at a moment: its kind's, or its own where that is stricter and its time has not passed.
 * Looser is never heeded.
 * @throws when the matrix names a tier that does not exist: a missing fact is an error, not a guess.
 */
export function requiredTier(matrix: Matrix, { kind, tier, until }: PassageFacts, now: Date): Tier {
  const ofKind = tierOfKind(matrix, kind);
  if (tier === null) return ofKind;
  const own = tierOf(matrix, tier);
  return own.rank > ofKind.rank && (until === null || until > now) ? own : ofKind;
}

/**
 * What a passage is going to open for, and when; null when it waits for no moment.
 * @throws as `requiredTier` does.
 */
export function openingOf(matrix: Matrix, passage: PassageFacts, now: Date): Opening | null {
  if (passage.until === null || passage.until <= now) return null;
  const afterwards = requiredTier(matrix, passage, passage.until);
  return afterwards.rank < requiredTier(matrix, passage, now).rank ? { tier: afterwards, at: passage.until } : null;
}

/**
 * May this viewer read this passage at this moment? The one rule; every surface asks it.
 * @throws as `requiredTier` does.
 */
export function decide(matrix: Matrix, viewer: Viewer, passage: PassageFacts, now: Date): Decision {
  const tier = requiredTier(matrix, passage, now);
  if (viewer.rank >= tier.rank) return { allowed: true, because: tier };
  const opening = openingOf(matrix, passage, now);
  return { allowed: false, needs: tier, opens: opening && viewer.rank >= opening.tier.rank ? opening : null };
}

/**
 * The same rule as a filter: the kinds open to the viewer, and the own tiers a passage of these may have unless their
 * time has passed at `now`.
 */
export function readable(matrix: Matrix, viewer: Viewer, now: Date): { kinds: string[]; tiers: string[]; now: Date } {
  return {
    kinds: Object.keys(matrix.opens).filter((kind) => opensKind(matrix, viewer, kind)),
    tiers: matrix.tiers.filter((tier) => viewer.rank >= tier.rank).map((tier) => tier.slug),
    now,
  };
}

function tierOf(matrix: Matrix, slug: string): Tier {
  const tier = matrix.tiers.find((one) => one.slug === slug);
  if (!tier) throw new Error(`the gate matrix names the tier "${slug}", which does not exist`);
  return tier;
}
