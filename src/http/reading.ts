import type { IncomingMessage } from 'node:http';
import { isbot } from 'isbot';

/** Characters of what a program says of itself that are looked at. */
const LONGEST = 500;

/**
 * Does somebody read what is asked for? Not with HEAD, not a program that says it is one, and not a browser that
 * fetches ahead what nobody has asked for yet. Nothing of the request is kept.
 */
export function isReading({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>): boolean {
  const agent = headers['user-agent']?.slice(0, LONGEST);
  return (
    method === 'GET' &&
    agent !== undefined &&
    !isbot(agent) &&
    !/prefetch|prerender/.test(String(headers['sec-purpose'] ?? headers['purpose'] ?? ''))
  );
}
