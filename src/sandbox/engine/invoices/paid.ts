import type Stripe from 'stripe';
import { findCustomer, idOf, idOrNull } from '../../find';
import type { World } from '../../world';
import { subscriptionOf, updateCustomer, updateSubscription } from '../ties';

/** An invoice is settled, with money or because nothing is due: its subscription is in order again. */
export function paidInFull(world: World, invoice: Stripe.Invoice): void {
  const previous = world.alter('invoices', invoice, {
    amount_paid: invoice.amount_due,
    amount_remaining: 0,
    attempted: true,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'paid',
    status_transitions: { ...invoice.status_transitions, paid_at: world.now() },
  });
  world.emit('invoice.updated', invoice, previous);
  world.emit('invoice.paid', invoice);
  world.emit('invoice.payment_succeeded', invoice);
  closed(world, invoice);
}

/** No more is expected of this invoice: a subscription that waited for it goes on. */
export function closed(world: World, invoice: Stripe.Invoice): void {
  const subscription = subscriptionOf(world, invoice);
  if (!subscription || idOrNull(subscription.latest_invoice) !== invoice.id) return;
  const pending = subscription.pending_update;
  if (pending) {
    const paid = invoice.status === 'paid';
    updateSubscription(world, subscription, {
      pending_update: null,
      ...(paid && pending.subscription_items
        ? { items: { ...subscription.items, data: pending.subscription_items } }
        : {}),
      ...(paid && pending.billing_cycle_anchor !== null ? { billing_cycle_anchor: pending.billing_cycle_anchor } : {}),
    });
    world.emit(
      paid ? 'customer.subscription.pending_update_applied' : 'customer.subscription.pending_update_expired',
      subscription,
    );
  }
  const first = subscription.status === 'incomplete';
  if (first && invoice.status === 'void')
    updateSubscription(world, subscription, { status: 'incomplete_expired', ended_at: world.now() });
  else if (first || subscription.status === 'past_due' || subscription.status === 'unpaid')
    updateSubscription(world, subscription, { status: 'active' });
  const customer = world.customers.get(idOf(subscription.customer));
  if (customer && !customer.deleted && customer.delinquent)
    updateCustomer(world, findCustomer(world, customer.id), { delinquent: false });
}
