import { createHash } from 'node:crypto';
import { StripeFailure } from '../failure';
import type { StoredAnswer } from '../settings';
import type { World } from '../world';

/** Seconds an answer is kept for whoever asks again under the same key. */
const KEPT = 24 * 3_600;

/** What makes two requests the same. */
export function hashOf(method: string, path: string, body: string): string {
  return createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');
}

/**
 * The answer given before under this key, if any.
 * @throws StripeFailure when the key was used for another request.
 */
export function answerUnder(world: World, key: string, path: string, hash: string): StoredAnswer | undefined {
  if (key.length > 255)
    throw new StripeFailure(400, 'Idempotency keys can be at most 255 characters long.', { type: 'idempotency_error' });
  const stored = world.answers.get(key);
  if (!stored || stored.at + KEPT < world.now()) return undefined;
  if (stored.hash === hash) return stored;
  if (stored.path !== undefined && stored.path !== path)
    throw new StripeFailure(
      400,
      'Keys for idempotent requests can only be used for the same endpoint they were first used for ' +
        `('${stored.path}'). Try using a key other than '${key}' if you meant to execute a different request.`,
      { type: 'idempotency_error' },
    );
  throw new StripeFailure(
    400,
    'Keys for idempotent requests can only be used with the same parameters they were first used with. Try ' +
      `using a key other than '${key}' if you meant to execute a different request.`,
    { type: 'idempotency_error' },
  );
}

/** Keeps an answer, and forgets those whose time is over. */
export function keepAnswer(world: World, key: string, answer: StoredAnswer): void {
  for (const [old, { at }] of world.answers) {
    if (at + KEPT >= world.now()) break;
    world.answers.delete(old);
    world.touch('answers', old);
  }
  world.answers.set(key, answer);
  world.touch('answers', key);
}
