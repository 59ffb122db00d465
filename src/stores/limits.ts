import type Redis from 'ioredis';
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';

/** So many in so many seconds, counted by key from the first one. */
export interface LimitRule {
  /** Keeps its counters apart from those of other limits. */
  readonly name: string;
  readonly most: number;
  readonly seconds: number;
}

/** The attempts of one request, for whoever knows what came of it. */
export interface Attempts {
  /** One was counted; `giveBack` is called when the request fails through no fault of whoever made it. */
  made(giveBack: () => Promise<void>): void;
}

/** Counts attempts, and says when there are too many. */
export interface Limit {
  /**
   * Counts one attempt before it is made, so that parallel ones cannot slip through. Seconds to wait, or null when it
   * may be made. `attempts` null: it counts whatever comes of it, or whoever takes it gives it back.
   */
  take(key: string, attempts: Attempts | null): Promise<number | null>;
  /** Takes one attempt back: it was none of those that are limited. */
  giveBack(key: string): Promise<void>;
  /** Begins anew. */
  forget(key: string): Promise<void>;
}

/**
 * Opens a limit in Redis, where all processes count together. While Redis is away, and where there is none, each
 * process counts for itself in memory: several processes then let through as many times more, and never without end.
 */
export function openLimit(redis: Redis | null, { name, most, seconds }: LimitRule): Limit {
  const rule = { keyPrefix: `dossier:limit:${name}`, points: most, duration: seconds };
  const memory = new RateLimiterMemory(rule);
  const counter = redis
    ? new RateLimiterRedis({ ...rule, storeClient: redis, insuranceLimiter: memory, rejectIfRedisNotReady: true })
    : memory;
  const giveBack = async (key: string) => {
    await counter.reward(key);
  };
  return {
    take: async (key, attempts) => {
      try {
        await counter.consume(key);
        attempts?.made(() => giveBack(key));
        return null;
      } catch (refused) {
        if (refused instanceof RateLimiterRes) return Math.max(1, Math.ceil(refused.msBeforeNext / 1_000));
        throw refused;
      }
    },
    giveBack,
    forget: async (key) => {
      await counter.delete(key);
    },
  };
}
