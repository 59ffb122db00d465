import type { ServerResponse } from 'node:http';
import { Failure } from '../lib/failure';

/** When to come back, in seconds (RFC 6585, 4). */
const retryAfter = (seconds: number) => ({ 'Retry-After': String(seconds) });

/** The one refusal of whoever asks too often: 429, and after how many seconds to come back. `what` is for the log. */
export function tooManyRequests(what: string, seconds: number): Failure {
  return new Failure(429, `too many ${what}`, { headers: retryAfter(seconds) });
}

/**
 * Goes on while a limiter lets it: it answers with the seconds to wait, or null.
 * @throws Failure 429 otherwise.
 */
export async function withinLimit(wait: Promise<number | null>, what: string): Promise<void> {
  const seconds = await wait;
  if (seconds !== null) throw tooManyRequests(what, seconds);
}

/** The same refusal for answers with a page or JSON of their own: sets the header and says the status. */
export function limitedFor(res: ServerResponse, seconds: number): 429 {
  for (const [name, value] of Object.entries(retryAfter(seconds))) res.setHeader(name, value);
  return 429;
}
