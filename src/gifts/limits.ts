import type Redis from 'ioredis';
import { openLimit, type Limit } from '../stores/limits';

export interface GiftLimits {
  /** Links that are nobody's, by the network they are asked from. */
  readonly unknown: Limit;
  /** Pages and pictures of one gift, by its id. */
  readonly reads: Limit;
}

/**
 * Nobody guesses 256 bits: the first keeps whoever tries from keeping Postgres busy. The second leaves room for a few
 * readers and their pictures, and not for a link that is published.
 */
export const openGiftLimits = (redis: Redis | null): GiftLimits => ({
  unknown: openLimit(redis, { name: 'gift-unknown-ip', most: 1_000, seconds: 15 * 60 }),
  reads: openLimit(redis, { name: 'gift-reads', most: 1_200, seconds: 10 * 60 }),
});
