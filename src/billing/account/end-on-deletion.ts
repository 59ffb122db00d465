import { accountsViewer } from '../../access/viewer';
import { listAll, missing, refused } from '../stripe/client';
import type { SyncParts } from '../parts';
import { cancel, syncCustomer } from '../sync/sync-customer';
import { isOngoing } from '../running';

/**
 * Ends at Stripe whatever could still charge an account that is about to be deleted: pages to pay on that are open, and
 * subscriptions. Afterwards nothing is taken any more, whether the account is deleted or not.
 * @returns the same once more, for when the account is gone: a page may have been opened in another window meanwhile,
 * and
 * whoever opens one later finds no account (`openCheckout`).
 * @throws when Stripe does not answer: then the account must stay.
 */
export async function endStripeBilling(parts: SyncParts, accountId: string): Promise<() => Promise<void>> {
  const customers = await parts.wall.read(accountsViewer, (db) =>
    db.customer.findMany({
      where: { accountId, deletedAt: null, stripeId: { not: null } },
      select: { stripeId: true },
    }),
  );
  const end = async () => {
    for (const { stripeId } of customers) await endAll(parts, stripeId!);
  };
  await end();
  return end;
}

async function endAll(parts: SyncParts, customer: string): Promise<void> {
  const { stripe } = parts;
  const open = await listAll(stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 })).catch(
    async (error: unknown) => {
      if (!missing(error)) throw error;
      // Of one who is gone nothing can be charged; of one whom another Stripe may have, that is not known.
      if ((await syncCustomer(parts, customer)).outcome === 'unknown' && (await hasOpen(parts, customer))) throw error;
      return null;
    },
  );
  if (open === null) return;
  for (const { id } of open) await expire(stripe, id);
  const subscriptions = await listAll(stripe.subscriptions.list({ customer, status: 'all', limit: 100 }));
  for (const { id, status, ended_at } of subscriptions)
    if (status === 'incomplete' || isOngoing({ status, endedAt: ended_at === null ? null : new Date(ended_at * 1000) }))
      await cancel(stripe, id);
  await syncCustomer(parts, customer);
}

/** Is a subscription of theirs written down as going on? */
const hasOpen = ({ wall }: SyncParts, customer: string): Promise<boolean> =>
  wall.read(
    accountsViewer,
    async (db) => (await db.subscription.count({ where: { customer: { stripeId: customer }, endedAt: null } })) > 0,
  );

async function expire(stripe: SyncParts['stripe'], id: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(id);
  } catch (error) {
    // Paid or expired meanwhile; what was bought is found among the subscriptions.
    if (!refused(error)) throw error;
  }
}
