import type Redis from 'ioredis';
import { openLimit } from '../stores/limits';

/** Counts what an account makes us ask Stripe. Each answers with the seconds to wait, or null. */
export interface BillingLimits {
  /** A sync of the account's customer. */
  trySync(accountId: string): Promise<number | null>;
  /** Something to be done: a checkout, a change, a way to Stripe's own pages. */
  tryAct(accountId: string): Promise<number | null>;
  /** The next amount, for a page that says it. */
  tryPreview(accountId: string): Promise<number | null>;
}

/**
 * Sixty syncs, forty actions and a hundred and twenty previews of one account in a quarter of an hour: more than a
 * person needs, fewer than would hurt. They count whatever comes of them: a Stripe that does not answer is asked no
 * more often for it.
 */
export function openBillingLimits(redis: Redis | null): BillingLimits {
  const syncs = openLimit(redis, { name: 'billing-look', most: 60, seconds: 15 * 60 });
  const actions = openLimit(redis, { name: 'billing-act', most: 40, seconds: 15 * 60 });
  const previews = openLimit(redis, { name: 'billing-preview', most: 120, seconds: 15 * 60 });
  return {
    trySync: (id) => syncs.take(id, null),
    tryAct: (id) => actions.take(id, null),
    tryPreview: (id) => previews.take(id, null),
  };
}
