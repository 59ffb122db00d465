import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import { withTimeout } from '../../lib/wait';
import type { Task } from '../../stores/postgres/jobs';
import { customerEmailTask } from '../stripe/customer-email';
import { handleEvent } from './handle-event';
import { requeueStale } from '../stripe/inbox';
import { productTextsTask } from '../stripe/product-texts';
import { eachOf, reconcileAll, reconcileChanged, type ReconcileParts } from './reconcile';
import { syncCustomer } from './sync-customer';
import { TRIAL_NOTICE } from './notify';

/** When what is done by itself is done, in UTC. A failed one comes again with the next. */
export const BILLING_CRONTAB = [
  '* * * * * due ?max=2',
  '*/15 * * * * reconcile-changed ?max=2',
  '17 3 * * * reconcile-all ?max=4',
  '41 4 * * * clean-inbox ?max=2',
].join('\n');

/**
 * Milliseconds after which the next event is handled even if the last one still is. One takes less, unless Stripe is
 * slow to answer. More of them at once would delay the acknowledgement of webhooks.
 */
const NEXT = 150;

/** Seconds an event may wait before its job counts as lost with its process. */
const LEFT_BEHIND = 60;

/** Days after which what Stripe sent is forgotten; that it came is not. */
const KEPT_DAYS = 90;

const customerPayload = z.object({ customer: z.string() });

/** What billing does behind the pages. */
export function billingTasks(parts: ReconcileParts): Readonly<Record<string, Task>> {
  const { wall } = parts;
  const withinTime = withTimeout(NEXT);
  const handle = handleEvent(parts);
  return {
    event: (payload, attempt) => withinTime(() => handle(payload, attempt)),
    sync: async (payload) => {
      await syncCustomer(parts, customerPayload.parse(payload).customer);
    },
    // Put into the queue by the accounts, which know of no billing, and by the admin's sections.
    'address-changed': customerEmailTask(parts),
    'tier-worded': productTextsTask(parts),
    due: async () => {
      await requeueStale(wall, LEFT_BEHIND);
      await syncDue(parts);
    },
    'reconcile-changed': async () => {
      await reconcileChanged(parts);
    },
    'reconcile-all': async () => {
      await reconcileAll(parts);
    },
    'clean-inbox': async () => {
      await wall.write(
        accountsViewer,
        (db) =>
          db.$executeRaw`UPDATE inbox SET payload = NULL WHERE payload IS NOT NULL AND state <> 'received'
            AND received_at < clock_timestamp() - make_interval(days => ${KEPT_DAYS}::int)`,
      );
      // Stripe repeats no answer that is as old.
      await wall.write(
        accountsViewer,
        (db) => db.$executeRaw`DELETE FROM idempotency_failures WHERE at < clock_timestamp() - interval '30 days'`,
      );
    },
  };
}

/**
 * Looks again at whoever's access has come to its end since they were last looked at, or whose trial is about to: the
 * clock alone changes what is to be told, and Stripe sends no event for a grace that is over. By the application's
 * clock, which the sandbox can move.
 * @returns how many customers.
 */
export async function syncDue(parts: ReconcileParts): Promise<number> {
  const { wall, clock } = parts;
  const now = clock.now();
  const soon = new Date(now.getTime() + TRIAL_NOTICE);
  const due = await wall.read(
    accountsViewer,
    (db) => db.$queryRaw<{ stripe_id: string }[]>`
    SELECT DISTINCT c.stripe_id FROM subscriptions s JOIN customers c ON c.id = s.customer_id
    WHERE c.stripe_id IS NOT NULL AND c.deleted_at IS NULL AND (
      (s.access_until <= ${now} AND s.synced_at < s.access_until)
      OR (s.status = 'trialing' AND s.trial_end <= ${soon} AND s.synced_at < s.trial_end - interval '3 days'))`,
  );
  await eachOf(
    due.map(({ stripe_id: customer }) => customer),
    async (customer) => {
      await syncCustomer(parts, customer);
    },
  );
  return due.length;
}
