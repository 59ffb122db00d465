import { accountsViewer } from '../../access/viewer';
import type { SyncParts } from '../parts';
import { raise } from '../sync/alarms';
import { summarizeError, isStripeError, unavailable } from './client';

/** Why Stripe did not do something: it does not answer now, or it refuses, and will refuse again. */
export type Trouble = 'away' | 'refused';

/**
 * What became of a request of Stripe's that failed. A refusal is nothing its owner could mend (a price that was
 * archived, a key that may not, a portal that nobody has set up): the log and an alarm tell whoever can.
 * @param asked what Stripe was asked for, in a word or two; no ids.
 * @throws the error itself where it is none of Stripe's.
 */
export async function troubleOf(
  { wall, clock, log }: Pick<SyncParts, 'wall' | 'clock' | 'log'>,
  error: unknown,
  asked: string,
): Promise<Trouble> {
  if (unavailable(error)) return 'away';
  if (!isStripeError(error)) throw error;
  const why = summarizeError(error);
  log.error({ asked, why }, 'Stripe refuses what it was asked for');
  await wall
    .write(accountsViewer, (db) => raise(db, { kind: 'stripe-refused', subject: asked, details: { why } }, clock.now()))
    .catch((failure: unknown) => log.warn({ err: failure }, 'an alarm could not be raised'));
  return 'refused';
}
