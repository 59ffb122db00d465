import type Stripe from 'stripe';
import { newSubscription } from '../objects/subscription';
import type { World } from '../world';
import { discountsOf, redeem, spendDiscounts } from './discounts';
import { finalize, draftInvoice } from './invoices/invoicing';
import { itemLines, type LineItem } from './invoices/lines';
import { intervalOf, periodEndAfter } from './periods';
import { latestInvoiceOf, updateSubscription } from './ties';
import { annul } from './invoices/void';

export interface NewSubscription {
  readonly customer: Stripe.Customer;
  readonly items: readonly LineItem[];
  /** Unix seconds. */
  readonly trialEnd: number | null;
  readonly paymentMethod: string | null;
  readonly metadata: Stripe.Metadata;
  readonly description: string | null;
  readonly automaticTax: boolean;
  readonly missingPaymentMethod: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
  readonly redeemed: {
    readonly coupon: string;
    readonly promotionCode: string | null;
    readonly session: string | null;
  } | null;
}

/**
 * Starts a subscription with its first invoice, final but not yet collected: until it is paid the subscription is
 * incomplete. A trial starts at once.
 * @throws where there is nothing to subscribe to.
 */
export function subscribe(
  world: World,
  wanted: NewSubscription,
): { subscription: Stripe.Subscription; invoice: Stripe.Invoice } {
  const now = world.now();
  const { trialEnd } = wanted;
  const first = wanted.items[0];
  if (!first) throw new Error('nothing to subscribe to');
  const periodEnd = trialEnd ?? periodEndAfter(now, intervalOf(first.price), now);
  const subscription = newSubscription(world, {
    customer: wanted.customer.id,
    currency: first.price.currency,
    status: trialEnd === null ? 'incomplete' : 'trialing',
    items: wanted.items,
    periodStart: now,
    periodEnd,
    anchor: trialEnd ?? now,
    trial: trialEnd === null ? null : { start: now, end: trialEnd },
    defaultPaymentMethod: wanted.paymentMethod,
    metadata: wanted.metadata,
    description: wanted.description,
    automaticTax: wanted.automaticTax,
    missingPaymentMethod: wanted.missingPaymentMethod,
  });
  world.add('subscriptions', subscription);
  if (wanted.redeemed) redeem(world, subscription, wanted.redeemed);
  world.emit('customer.subscription.created', subscription);
  const lines = itemLines(world, subscription, subscription.items.data, discountsOf(world, subscription), {
    free: trialEnd !== null,
  });
  const invoice = draftInvoice(world, subscription, {
    reason: 'subscription_create',
    lines,
    periodStart: now,
    periodEnd: now,
  });
  world.alter('subscriptions', subscription, { latest_invoice: invoice.id });
  finalize(world, invoice);
  if (trialEnd === null) spendDiscounts(world, subscription);
  return { subscription, invoice };
}

/** A subscription whose first invoice was not paid in time is nothing any more. */
export function expireIncomplete(world: World, subscription: Stripe.Subscription): void {
  const invoice = latestInvoiceOf(world, subscription);
  if (invoice?.status === 'open') annul(world, invoice);
  updateSubscription(world, subscription, { status: 'incomplete_expired', ended_at: world.now() });
}
