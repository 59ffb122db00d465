import type Stripe from 'stripe';
import type { Outcome } from '../outcome';
import { declined } from '../failure';
import { findCustomer, idOf } from '../find';
import { newInvoiceLine } from '../objects/invoice-line';
import { sums } from '../objects/invoice';
import type { World } from '../world';
import { collect } from './invoices/collect';
import { spendDiscounts } from './discounts';
import { draftInvoice, finalize } from './invoices/invoicing';
import { waitingLines } from './invoices/lines';
import { keepForLater } from './invoices/pending';
import type { PlannedChange, ProrationBehavior } from './proration';
import { firstItem, latestInvoiceOf, methodOf, updateSubscription } from './ties';
import { verdictOn } from './verdict';
import { annul } from './invoices/void';

/** What is to become of a change that cannot be paid for. */
export type PaymentBehavior =
  'allow_incomplete' | 'default_incomplete' | 'error_if_incomplete' | 'pending_if_incomplete';

/** Hours a change waits to be paid for. */
const PENDING = 23 * 3_600;

/**
 * Makes a planned change, and collects at once what it brings if it is to be billed now.
 * @throws StripeFailure 402 when it must be paid for and cannot be: then nothing has changed.
 */
export function applyChange(
  world: World,
  subscription: Stripe.Subscription,
  plan: PlannedChange,
  behavior: ProrationBehavior,
  payment: PaymentBehavior,
  rest: Partial<Stripe.Subscription> = {},
): Outcome {
  const values: Partial<Stripe.Subscription> = {
    ...rest,
    items: { ...subscription.items, data: [...plan.items] },
    billing_cycle_anchor: plan.anchor,
  };
  if (!plan.billsNow) {
    if (behavior !== 'none') keepForLater(world, subscription, plan.lines);
    updateSubscription(world, subscription, values);
    return { outcome: 'paid' };
  }
  const lines = [...waitingLines(world, subscription), ...plan.lines];
  const customer = findCustomer(world, idOf(subscription.customer));
  const due = sums(
    customer.balance,
    lines.map((line) => newInvoiceLine(null, line)),
    false,
  ).amount_due;
  if (payment === 'error_if_incomplete' && due > 0) assertPays(world, subscription, customer.id);
  const former = firstItem(subscription);
  const invoice = draftInvoice(world, subscription, {
    reason: 'subscription_update',
    lines,
    periodStart: former.current_period_start,
    periodEnd: plan.at,
    prorationDate: plan.at,
  });
  if (payment === 'pending_if_incomplete' && due > 0) return payFirst(world, subscription, invoice, plan, values);
  updateSubscription(world, subscription, { ...values, latest_invoice: invoice.id });
  finalize(world, invoice);
  spendDiscounts(world, subscription);
  if (invoice.status === 'paid') return { outcome: 'paid' };
  if (payment !== 'default_incomplete') return collect(world, invoice, { present: false });
  updateSubscription(world, subscription, { status: 'past_due' });
  return { outcome: 'authenticate' };
}

// Only what is paid for is changed; until then the change waits on the subscription.
function payFirst(
  world: World,
  subscription: Stripe.Subscription,
  invoice: Stripe.Invoice,
  plan: PlannedChange,
  values: Partial<Stripe.Subscription>,
): Outcome {
  const pending: Stripe.Subscription.PendingUpdate = {
    billing_cycle_anchor: plan.anchor === subscription.billing_cycle_anchor ? null : plan.anchor,
    cancel_at_period_end: null,
    discount: null,
    discounts: null,
    expires_at: world.now() + PENDING,
    metadata: null,
    subscription_items: [...plan.items],
    trial_end: null,
    trial_from_plan: null,
  };
  world.alter('subscriptions', subscription, { pending_update: pending });
  finalize(world, invoice);
  const outcome = collect(world, invoice, { present: false });
  world.alter('subscriptions', subscription, { pending_update: null });
  if (outcome.outcome === 'paid') updateSubscription(world, subscription, { ...values, latest_invoice: invoice.id });
  else updateSubscription(world, subscription, { pending_update: pending, latest_invoice: invoice.id });
  return outcome;
}

function assertPays(world: World, subscription: Stripe.Subscription, customer: string): void {
  const method = methodOf(world, subscription);
  const verdict = method ? verdictOn(world, customer, method, { present: false }) : null;
  if (verdict?.kind === 'approved') return;
  if (verdict?.kind === 'declined') throw declined(verdict.code, verdict.message);
  if (verdict)
    throw declined(
      'subscription_payment_intent_requires_action',
      'Payment for this subscription requires additional user action before it can be completed successfully. ' +
        'Payment can be completed using the PaymentIntent associated with `subscription.latest_invoice`.',
    );
  throw declined(
    'resource_missing',
    'This customer has no attached payment source or default payment method. Please consider adding a default ' +
      'payment method.',
  );
}

/** A change that was not paid for in time is dropped, and so is its invoice. */
export function dropPending(world: World, subscription: Stripe.Subscription): void {
  const invoice = latestInvoiceOf(world, subscription);
  updateSubscription(world, subscription, { pending_update: null });
  world.emit('customer.subscription.pending_update_expired', subscription);
  if (invoice?.status === 'open') annul(world, invoice);
}
