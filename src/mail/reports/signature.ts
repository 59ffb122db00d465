import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Seconds by which the clock of whoever signs may differ from ours, as the specification has it. */
const TOLERANCE = 300;

/** What a webhook says of itself in its head. */
export interface SignedHead {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
}

/** Do two secrets say the same? How far they agree does not show in the time it takes. */
export const isSameSecret = (one: string, other: string): boolean =>
  timingSafeEqual(createHash('sha256').update(one).digest(), createHash('sha256').update(other).digest());

/**
 * When a webhook was signed, if one of our secrets signed it a short while ago: HMAC-SHA256 over its id, its timestamp
 * and its body, as the Standard Webhooks specification 1.0 has it. Null: nobody we know has.
 * @param secrets each `whsec_` and the key in base64
 * @param now milliseconds of the machine's clock
 */
export function signedAt(
  { id, timestamp, signature }: SignedHead,
  body: Buffer,
  secrets: readonly string[],
  now: number,
): Date | null {
  if (!id || id.length > 256 || !timestamp || !/^\d{1,12}$/.test(timestamp) || !signature) return null;
  if (Math.abs(now / 1_000 - Number(timestamp)) > TOLERANCE) return null;
  const given = signature
    .split(' ')
    .slice(0, 10)
    .flatMap((one) => (one.startsWith('v1,') ? [one.slice(3)] : []));
  const signs = secrets.some((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
    const made = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
    return given.some((one) => isSameSecret(one, made));
  });
  return signs ? new Date(Number(timestamp) * 1_000) : null;
}
