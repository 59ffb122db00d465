import type Redis from 'ioredis';
import { openLimit, type Limit } from '../../stores/limits';

/** A hundred ceremonies from an address in a quarter of an hour: each begins a session. */
export function openCeremonyLimit(redis: Redis | null): Limit {
  return openLimit(redis, { name: 'passkey-ip', most: 100, seconds: 15 * 60 });
}
