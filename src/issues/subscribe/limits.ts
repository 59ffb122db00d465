import { createHash } from 'node:crypto';
import type { Response } from 'express';
import type Redis from 'ioredis';
import { attemptsOf } from '../../http/attempts';
import { openLimit } from '../../stores/limits';

/** Counts letters that somebody asks for by an address alone; each answers with the seconds to wait, or null. */
export interface SubscribeLimits {
  tryLetter(from: { readonly ip: string; readonly email: string }, res: Response): Promise<number | null>;
}

/** Three letters to one e-mail and fifty from an address of the net in an hour. */
export function openSubscribeLimits(redis: Redis | null): SubscribeLimits {
  const byIp = openLimit(redis, { name: 'subscribe-ip', most: 50, seconds: 3_600 });
  const byEmail = openLimit(redis, { name: 'subscribe-email', most: 3, seconds: 3_600 });
  return {
    tryLetter: async ({ ip, email }, res) =>
      (await byIp.take(ip, attemptsOf(res))) ??
      byEmail.take(createHash('sha256').update(email).digest('base64url'), attemptsOf(res)),
  };
}
