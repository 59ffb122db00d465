import type Stripe from 'stripe';
import { invalid } from '../failure';
import { idOf, isLiving } from '../find';
import type { World } from '../world';
import { cancel } from './cancel';
import { collect } from './invoices/collect';
import { finalize } from './invoices/invoicing';
import { begin } from './renew';
import { firstItem, hasEnded } from './ties';

const NO_LONGER = { cancel_at: null, cancel_at_period_end: false, canceled_at: null } as const;

/** What a subscription says that is to end with its period, or no longer is. */
export function setCancelAtPeriodEnd(
  world: World,
  subscription: Stripe.Subscription,
  ends: boolean,
): Partial<Stripe.Subscription> {
  if (!ends)
    return {
      ...NO_LONGER,
      cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    };
  return endingAt(world, subscription, firstItem(subscription).current_period_end, true);
}

/** What a subscription says that is to end at a moment. @param moment Unix seconds. */
export function endingAt(
  world: World,
  subscription: Stripe.Subscription,
  moment: number,
  periodEnd = false,
): Partial<Stripe.Subscription> {
  const details = subscription.cancellation_details;
  return {
    cancel_at: moment,
    cancel_at_period_end: periodEnd,
    canceled_at: subscription.canceled_at ?? world.now(),
    cancellation_details: {
      comment: details?.comment ?? null,
      feedback: details?.feedback ?? null,
      feedback_option: null,
      reason: 'cancellation_requested',
    },
  };
}

/** @throws StripeFailure for a subscription that has ended. */
export function assertLasts(subscription: Stripe.Subscription): void {
  if (hasEnded(subscription))
    throw invalid(
      'A canceled subscription can only update its cancellation_details and metadata.',
      'id',
      'resource_missing',
    );
}

/**
 * The trial is over now: the first paid period begins and is collected at once.
 * @throws StripeFailure 400 for a subscription that is in no trial.
 */
export function endTrial(world: World, subscription: Stripe.Subscription): void {
  if (subscription.status !== 'trialing') throw invalid('This subscription is not in a trial.', 'trial_end');
  const now = world.now();
  world.alter('subscriptions', subscription, { trial_end: now });
  const invoice = begin(world, subscription, now, now, true);
  collectAtOnce(world, invoice);
}

/**
 * A subscription that was paused for want of a card goes on, with a new period from now.
 * @throws StripeFailure 400 for one that is not paused.
 */
export function resumePaused(world: World, subscription: Stripe.Subscription): void {
  if (subscription.status !== 'paused')
    throw invalid(`This subscription cannot be resumed because its status is ${subscription.status}.`, 'id');
  const now = world.now();
  const invoice = begin(world, subscription, now, now, true);
  collectAtOnce(world, invoice);
  world.emit('customer.subscription.resumed', subscription);
}

function collectAtOnce(world: World, invoice: Stripe.Invoice): void {
  finalize(world, invoice);
  if (invoice.status === 'open') collect(world, invoice, { present: false });
}

/** A customer is no more: their subscriptions end at once, and of them only the id is left. */
export function deleteCustomer(world: World, customer: Stripe.Customer): Stripe.DeletedCustomer {
  for (const subscription of world.subscriptions.values())
    if (idOf(subscription.customer) === customer.id && !hasEnded(subscription))
      cancel(world, subscription, { reason: 'cancellation_requested' });
  for (const method of world.paymentMethods.values())
    if (method.customer === customer.id) world.alter('paymentMethods', method, { customer: null });
  world.emit('customer.deleted', customer);
  const deleted: Stripe.DeletedCustomer = { id: customer.id, object: 'customer', deleted: true };
  world.add('customers', deleted);
  return deleted;
}

/** Every customer there still is. */
export function livingCustomers(world: World): Stripe.Customer[] {
  return [...world.customers.values()].filter(isLiving);
}
