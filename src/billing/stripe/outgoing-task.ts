import type { Attempt } from '../../stores/postgres/jobs';
import type { SyncParts } from '../parts';
import { summarizeError, refused } from './client';

/**
 * Does the part of a job that tells Stripe something, and writes down why it could not be told. What Stripe refuses is
 * not asked again.
 * @param about whose it is, as ids; `what` is said in the log.
 * @throws what else went wrong, so that the job is tried again.
 */
export async function outgoingTask(
  { log }: Pick<SyncParts, 'log'>,
  { last }: Attempt,
  about: Readonly<Record<string, string>>,
  what: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    const details = { ...about, why: summarizeError(error) };
    if (last || refused(error)) log.error(details, `Stripe could not be told ${what}, and this job will not try again`);
    else log.warn(details, `Stripe could not be told ${what} yet`);
    if (!refused(error)) throw error;
  }
}
