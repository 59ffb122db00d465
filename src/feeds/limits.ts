import type Redis from 'ioredis';
import { openLimit, type Limit } from '../stores/limits';

export interface FeedLimits {
  /** Addresses of no feed, by the network they are asked from. */
  readonly unknown: Limit;
  /** Documents of private feeds, by account. */
  readonly reads: Limit;
}

/**
 * Nobody guesses 256 bits: the first keeps whoever tries from keeping Postgres busy. A program asks for a feed every
 * few minutes; the second leaves room for many programs, and for `npm run leaks`.
 */
export const openFeedLimits = (redis: Redis | null): FeedLimits => ({
  unknown: openLimit(redis, { name: 'feed-unknown-ip', most: 1_000, seconds: 15 * 60 }),
  reads: openLimit(redis, { name: 'feed-reads', most: 600, seconds: 10 * 60 }),
});
