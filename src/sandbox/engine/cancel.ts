import type Stripe from 'stripe';
import type { World } from '../world';
import { invoicesOf, pendingItemsOf, updateInvoice } from './ties';

export interface Cancellation {
  readonly reason: Stripe.Subscription.CancellationDetails.Reason;
  readonly comment?: string | null;
  readonly feedback?: Stripe.Subscription.CancellationDetails.Feedback | null;
}

/**
 * Ends a subscription now. Nobody tries to collect its invoices any more, and what waited to be invoiced is dropped.
 */
export function cancel(
  world: World,
  subscription: Stripe.Subscription,
  { reason, comment, feedback }: Cancellation,
): void {
  const now = world.now();
  for (const invoice of invoicesOf(world, subscription)) {
    if (invoice.status !== 'draft' && invoice.status !== 'open') continue;
    updateInvoice(world, invoice, {
      auto_advance: false,
      automatically_finalizes_at: null,
      next_payment_attempt: null,
    });
  }
  for (const item of pendingItemsOf(world, subscription)) {
    world.remove('invoiceItems', item.id);
    world.emit('invoiceitem.deleted', item);
  }
  const details = subscription.cancellation_details;
  world.alter('subscriptions', subscription, {
    canceled_at: subscription.canceled_at ?? now,
    cancellation_details: {
      comment: comment ?? details?.comment ?? null,
      feedback: feedback ?? details?.feedback ?? null,
      feedback_option: null,
      reason: details?.reason ?? reason,
    },
    ended_at: now,
    pending_update: null,
    status: 'canceled',
  });
  world.emit('customer.subscription.deleted', subscription);
}
