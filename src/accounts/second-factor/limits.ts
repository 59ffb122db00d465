import type Redis from 'ioredis';
import { openLimit, type Limit } from '../../stores/limits';

/** Five codes of an account in a quarter of an hour, whoever tries them; a right one begins anew (ASVS 6.3.1). */
export function openCodeLimit(redis: Redis | null): Limit {
  return openLimit(redis, { name: 'second-factor', most: 5, seconds: 15 * 60 });
}
