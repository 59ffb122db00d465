import type Redis from 'ioredis';
import { openLimit, type Limit } from '../stores/limits';

/**
 * A thousand wrong tokens from an address in a quarter of an hour. Nobody guesses a token of 256 bits: this keeps
 * whoever tries from keeping Postgres busy, and leaves room for programs with a forgotten token and for `npm run
 * leaks`.
 */
export function openTokenLimit(redis: Redis | null): Limit {
  return openLimit(redis, { name: 'api-token-ip', most: 1_000, seconds: 15 * 60 });
}
