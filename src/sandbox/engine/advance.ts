import type Stripe from 'stripe';
import type { World } from '../world';
import { closed } from './invoices/paid';
import { collect } from './invoices/collect';
import { finalize } from './invoices/invoicing';
import { subscriptionOf, updateInvoice, updateSubscription } from './ties';
import { annul } from './invoices/void';

/** A draft nobody touched becomes final and is collected, unless collection is paused. */
export function finishDraft(world: World, invoice: Stripe.Invoice): void {
  const pause = subscriptionOf(world, invoice)?.pause_collection;
  finalize(world, invoice);
  if (invoice.status !== 'open') return;
  if (pause?.behavior === 'void') voidInvoice(world, invoice);
  else if (pause?.behavior === 'mark_uncollectible') markUncollectible(world, invoice);
  else collect(world, invoice, { present: false });
}

/** Nobody owes this invoice any more. */
export function voidInvoice(world: World, invoice: Stripe.Invoice): void {
  annul(world, invoice);
  closed(world, invoice);
}

/** Nobody expects this invoice to be paid any more. */
export function markUncollectible(world: World, invoice: Stripe.Invoice): void {
  updateInvoice(world, invoice, {
    auto_advance: false,
    next_payment_attempt: null,
    status: 'uncollectible',
    status_transitions: { ...invoice.status_transitions, marked_uncollectible_at: world.now() },
  });
  world.emit('invoice.marked_uncollectible', invoice);
  closed(world, invoice);
}

/** Invoices are collected again from now on. */
export function resumeCollection(world: World, subscription: Stripe.Subscription): void {
  updateSubscription(world, subscription, { pause_collection: null });
}
