import { createHash } from 'node:crypto';
import type Redis from 'ioredis';
import { openLimit, type Attempts } from '../stores/limits';
import type { Attempt } from './login/limits';

/**
 * Counters of what an account can set off (ASVS 2.4.1, 6.3.1). Each `try` answers with the seconds to wait, or null.
 */
export interface AccountLimits {
  /**
   * Counts somebody asking for a new password: with an address that has an account or with any other, alike. `device`:
   * the hash of a device this account has logged in with, which does not count among those of its network; else null.
   */
  tryReset(asked: Attempt, attempts: Attempts): Promise<number | null>;
  /** Counts the current password about to be tried, by whoever holds a session. */
  tryPassword(accountId: string, attempts: Attempts): Promise<number | null>;
  /** It was right: the tries before it are forgiven. */
  forgive(accountId: string): Promise<void>;
  /** Counts a letter that an account asks for. */
  tryLetter(accountId: string, attempts: Attempts): Promise<number | null>;
}

const QUARTER = 15 * 60;
const HOUR = 60 * 60;

/**
 * Five resets with one e-mail and twenty from an address in an hour; ten current passwords in a quarter of an hour;
 * five letters in an hour.
 */
export function openAccountLimits(redis: Redis | null): AccountLimits {
  const resetsByEmail = openLimit(redis, { name: 'reset-email', most: 5, seconds: HOUR });
  const resetsByIp = openLimit(redis, { name: 'reset-ip', most: 20, seconds: HOUR });
  const passwords = openLimit(redis, { name: 'account-password', most: 10, seconds: QUARTER });
  const letters = openLimit(redis, { name: 'account-letter', most: 5, seconds: HOUR });
  return {
    tryReset: async ({ email, ip, device }, attempts) =>
      (device === null ? await resetsByIp.take(ip, attempts) : null) ??
      resetsByEmail.take(createHash('sha256').update(email).digest('base64url'), attempts),
    tryPassword: (accountId, attempts) => passwords.take(accountId, attempts),
    forgive: (accountId) => passwords.forget(accountId),
    tryLetter: (accountId, attempts) => letters.take(accountId, attempts),
  };
}
