import { accountsViewer } from '../../../access/viewer';
import { isRunning } from '../../../billing/running';
import { cancel, syncCustomer } from '../../../billing/sync/sync-customer';
import type { WallTransaction } from '../../../stores/postgres/wall';
import type { AlarmRead } from './lines';
import type { AdminBillingParts } from '../parts';
import { askStripe } from '../stripe-result';

/** A subscription whose payment has gone back, and that Stripe goes on charging. */
export interface RefundedSubscription {
  readonly stripeId: string;
  readonly customer: string;
  readonly accountId: string | null;
}

/**
 * The subscriptions that settling an alarm asks about, by the alarm's id: those that go on though their last payment
 * has gone back, by a refund in full or a dispute that was lost.
 */
export async function refundedSubscriptions(
  db: WallTransaction,
  alarms: readonly Pick<AlarmRead, 'id' | 'kind' | 'details' | 'settledAt'>[],
): Promise<ReadonlyMap<string, RefundedSubscription>> {
  const invoices = new Map(
    alarms
      .filter(({ kind, settledAt }) => settledAt === null && (kind === 'refund' || kind === 'dispute-lost'))
      .map(({ id, details }) => [id, (details as { readonly invoice?: unknown } | null)?.invoice]),
  );
  const rows = await db.invoice.findMany({
    where: { stripeId: { in: [...invoices.values()].filter((one) => typeof one === 'string') } },
    select: { stripeId: true, subscriptionId: true },
  });
  const subscriptions = await db.subscription.findMany({
    where: {
      stripeId: { in: rows.map(({ subscriptionId }) => subscriptionId).filter((one) => one !== null) },
      accessReason: 'refunded',
    },
    include: { customer: { select: { stripeId: true, accountId: true } } },
  });
  return new Map(
    [...invoices].flatMap(([id, invoice]) => {
      const about = rows.find(({ stripeId }) => stripeId === invoice)?.subscriptionId;
      const found = subscriptions.find(({ stripeId }) => stripeId === about);
      const customer = found?.customer.stripeId;
      return found && customer && isRunning(found)
        ? [[id, { stripeId: found.stripeId, customer, accountId: found.customer.accountId }] as const]
        : [];
    }),
  );
}

/**
 * Ends the subscription that an alarm asks about, if it still goes on, and looks at what came of it.
 * @returns what was ended; null: nothing was to be. `away` when Stripe did not do it.
 */
export async function endRefunded(
  { wall, sync, accountChanged }: Pick<AdminBillingParts, 'wall' | 'sync' | 'accountChanged'>,
  alarmId: string,
): Promise<RefundedSubscription | 'away' | null> {
  const about = await wall.read(accountsViewer, async (db) => {
    const alarm = await db.alarm.findUnique({ where: { id: alarmId } });
    return alarm === null ? null : ((await refundedSubscriptions(db, [alarm])).get(alarmId) ?? null);
  });
  if (about === null) return null;
  const answer = await askStripe(async () => {
    await cancel(sync.stripe, about.stripeId);
    await syncCustomer(sync, about.customer);
  });
  if (answer.is !== 'answered') return 'away';
  if (about.accountId !== null) accountChanged(about.accountId);
  return about;
}
