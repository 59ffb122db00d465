import { createHash } from 'node:crypto';
import type Redis from 'ioredis';
import { openLimit, type Attempts, type Limit } from '../../stores/limits';

/** Who knocks, as the limits count them. */
export interface Attempt {
  /** In its one form (`forms.ts`), so that no spelling of it has a counter of its own. */
  readonly email: string;
  /** As Express understands it from TRUST_PROXY; what a stranger writes into a header does not count. */
  readonly ip: string;
  /** The hash of a device cookie this account has logged in with, or null. */
  readonly device: string | null;
}

/** The doors' counters (ASVS 6.3.1). Each answers with the seconds to wait, or null. */
export interface AuthLimits {
  /** Counts a password about to be tried. */
  tryPassword(attempt: Attempt, attempts: Attempts): Promise<number | null>;
  /** The password was right: the tries before it are forgiven. */
  forgive(attempt: Attempt): Promise<void>;
  /**
   * Counts somebody about to join. Where many have joined from one address, the rest do so by letter: a whole office or
   * conference comes from one.
   */
  tryJoin(
    attempt: Pick<Attempt, 'email' | 'ip'>,
    attempts: Attempts,
  ): Promise<'at once' | 'by letter' | { readonly wait: number }>;
}

const QUARTER = 15 * 60;
const HOUR = 60 * 60;

/**
 * Ten wrong passwords for an account and fifty from an address in a quarter of an hour; ten joinings at once from an
 * address in an hour and a thousand more by letter, five with one e-mail. The owner's own device counts apart from
 * everybody else: strangers who fail do not lock the owner out (ASVS 6.1.1).
 */
export function openAuthLimits(redis: Redis | null): AuthLimits {
  const byAccount = openLimit(redis, { name: 'login-account', most: 10, seconds: QUARTER });
  const byDevice = openLimit(redis, { name: 'login-device', most: 10, seconds: QUARTER });
  const byIp = openLimit(redis, { name: 'login-ip', most: 50, seconds: QUARTER });
  const joinsByIp = openLimit(redis, { name: 'join-ip', most: 10, seconds: HOUR });
  const joinLettersByIp = openLimit(redis, { name: 'join-letter-ip', most: 1_000, seconds: HOUR });
  const joinsByEmail = openLimit(redis, { name: 'join-email', most: 5, seconds: HOUR });

  const ownOf = ({ email, device }: Attempt): [Limit, string] =>
    device === null ? [byAccount, hashed(email)] : [byDevice, hashed(`${device} ${email}`)];

  return {
    tryPassword: async (attempt, attempts) => {
      const [own, key] = ownOf(attempt);
      if (attempt.device !== null) return own.take(key, attempts);
      return (await byIp.take(attempt.ip, attempts)) ?? own.take(key, attempts);
    },
    forgive: async (attempt) => {
      const [own, key] = ownOf(attempt);
      await own.forget(key);
      if (attempt.device === null) await byIp.giveBack(attempt.ip);
    },
    tryJoin: async ({ email, ip }, attempts) => {
      const ofEmail = await joinsByEmail.take(hashed(email), attempts);
      if (ofEmail !== null) return { wait: ofEmail };
      if ((await joinsByIp.take(ip, attempts)) === null) return 'at once';
      const ofLetters = await joinLettersByIp.take(ip, attempts);
      return ofLetters === null ? 'by letter' : { wait: ofLetters };
    },
  };
}

// What is counted is nobody's to read in Redis.
function hashed(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
