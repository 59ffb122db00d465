import type { Tier } from './matrix';

/** Days a gift link is open. */
export const GIFT_DAYS = 7;

/** Gift links that one member makes in so many days, those that were revoked among them. */
export const GIFTS_AT_MOST = 10;
export const GIFT_PERIOD_DAYS = 30;

/** A tier as far as it says who gives. */
export interface GivingTier extends Tier {
  readonly joining: string;
  readonly retiredAt: Date | null;
}

/** The tier from which on members may give a briefing away: the highest that is paid for. Null: nobody gives. */
export function givingTier<Found extends GivingTier>(tiers: readonly Found[]): Found | null {
  const paid = tiers.filter(({ joining, retiredAt }) => joining === 'paid' && retiredAt === null);
  return paid.sort((a, b) => b.rank - a.rank)[0] ?? null;
}

/** May somebody who reads so far give a briefing away? */
export function mayGive(rank: number, tiers: readonly GivingTier[]): boolean {
  const from = givingTier(tiers);
  return from !== null && rank >= from.rank;
}

/** What the rule must know of a gift link. All times are UTC moments. */
export interface GiftFacts {
  /** The first moment its link is worth nothing. */
  readonly expiresAt: Date;
  readonly revokedAt: Date | null;
  /** How far its giver reads now; null: they are suspended. */
  readonly giverRank: number | null;
}

/** `void`: whoever made it may not give any more. */
export type GiftState = 'open' | 'expired' | 'revoked' | 'void';

/** Where a gift link stands at a moment. It lasts no longer than its giver's right to give. */
export function giftState(
  { expiresAt, revokedAt, giverRank }: GiftFacts,
  tiers: readonly GivingTier[],
  now: Date,
): GiftState {
  if (revokedAt !== null) return 'revoked';
  if (expiresAt <= now) return 'expired';
  return giverRank !== null && mayGive(giverRank, tiers) ? 'open' : 'void';
}

/** How far an open gift reads: as its giver does now, and no further than any tier, whoever works here and gives. */
export function giftRank(giverRank: number, tiers: readonly Tier[]): number {
  return Math.min(giverRank, Math.max(0, ...tiers.map(({ rank }) => rank)));
}
