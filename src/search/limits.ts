import type Redis from 'ioredis';
import { openLimit, type Limit } from '../stores/limits';

/**
 * Five thousand searches in five minutes, of an account or of the network that strangers come from. Nobody types so
 * many, nor does everybody behind one address; a program that looks for every word there is, is slowed down. A walk of
 * `npm run leaks`, whose strangers all come from one network, fits in.
 */
export function openSearchLimit(redis: Redis | null): Limit {
  return openLimit(redis, { name: 'search', most: 5_000, seconds: 5 * 60 });
}

/** Whose searches are counted together: those of an account, or of the network that a stranger comes from. */
export const searcherKey = (accountId: string | null, network: string): string =>
  accountId === null ? `network ${network}` : `account ${accountId}`;
