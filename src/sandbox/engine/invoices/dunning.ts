import type Stripe from 'stripe';
import { findCustomer, idOf, idOrNull } from '../../find';
import type { World } from '../../world';
import { cancel } from '../cancel';
import { hasEnded, subscriptionOf, updateCustomer, updateInvoice, updateSubscription } from '../ties';

const DAY = 86_400;

/**
 * An attempt to collect an invoice has failed: it is tried again on the days that are set, and after the last of
 * them the subscription ends, or goes on unpaid. Attempts of the customer's own do not count.
 */
export function failed(world: World, invoice: Stripe.Invoice, byCustomer: boolean): void {
  const subscription = subscriptionOf(world, invoice);
  const waits =
    !subscription ||
    hasEnded(subscription) ||
    subscription.status === 'incomplete' ||
    subscription.pending_update !== null;
  const attempts = invoice.attempt_count + (byCustomer && invoice.attempted ? 0 : 1);
  const next = waits
    ? null
    : byCustomer && invoice.attempted
      ? invoice.next_payment_attempt
      : nextAttempt(world, invoice, attempts);
  updateInvoice(world, invoice, { attempt_count: attempts, attempted: true, next_payment_attempt: next });
  world.emit('invoice.payment_failed', invoice);
  if (!subscription || waits) return;
  if (
    idOrNull(subscription.latest_invoice) === invoice.id &&
    (subscription.status === 'active' || subscription.status === 'trialing')
  )
    updateSubscription(world, subscription, { status: 'past_due' });
  const customer = findCustomer(world, idOf(subscription.customer));
  if (!customer.delinquent) updateCustomer(world, customer, { delinquent: true });
  if (next === null && !byCustomer) giveUp(world, subscription);
}

function nextAttempt(world: World, invoice: Stripe.Invoice, attempts: number): number | null {
  const days = world.settings.retryDays[attempts - 1];
  const from = invoice.status_transitions.finalized_at ?? world.now();
  return days === undefined ? null : Math.max(from + days * DAY, world.now());
}

function giveUp(world: World, subscription: Stripe.Subscription): void {
  if (world.settings.afterLastAttempt === 'cancel') cancel(world, subscription, { reason: 'payment_failed' });
  else if (world.settings.afterLastAttempt === 'unpaid') updateSubscription(world, subscription, { status: 'unpaid' });
}
