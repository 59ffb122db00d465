import type Stripe from 'stripe';
import type { LineValues } from '../objects/invoice-line';
import type { World } from '../world';
import { cancel, type Cancellation } from './cancel';
import { creditLines, named } from './invoices/credits';
import { day } from './describe';
import { discountsOf, shareLeft } from './discounts';
import { lineOf } from './invoices/lines';
import { billAtOnce, keepForLater } from './invoices/pending';
import { intervalOf, periodEndAfter, shortenedEnd } from './periods';
import type { ProrationBehavior } from './proration';
import { firstItem, updateSubscription } from './ties';

/**
 * A period ends where its subscription does: a date to cancel at before the period's own end shortens it, and the time
 * that is lost is credited; without that date it is as long as before, and what was credited is charged for again
 * (https://docs.stripe.com/api/subscriptions/update#update_subscription-cancel_at).
 */
export function adjustEnd(world: World, subscription: Stripe.Subscription, behavior: ProrationBehavior): void {
  if (!['active', 'past_due', 'unpaid'].includes(subscription.status)) return;
  const { current_period_start: start, current_period_end: end, price } = firstItem(subscription);
  const whole = periodEndAfter(subscription.billing_cycle_anchor, intervalOf(price), start);
  const wanted = shortenedEnd(subscription, start, whole);
  if (wanted === end) return;
  const lines =
    behavior === 'none'
      ? []
      : subscription.items.data.flatMap((item) =>
          wanted < end
            ? creditLines(world, subscription, item, wanted, end)
            : chargeAgain(world, subscription, item, {
                from: end,
                until: wanted,
                share: (wanted - end) / (whole - start),
              }),
        );
  const items = subscription.items.data.map((item) => ({ ...item, current_period_end: wanted }));
  updateSubscription(world, subscription, { items: { ...subscription.items, data: items } });
  if (behavior === 'always_invoice') billAtOnce(world, subscription, lines);
  else keepForLater(world, subscription, lines);
}

function chargeAgain(
  world: World,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  { from, until, share }: { readonly from: number; readonly until: number; readonly share: number },
): LineValues[] {
  // It was not credited when the period was shortened.
  if (creditLines(world, subscription, item, from, until).length > 0) return [];
  const price =
    (item.price.unit_amount ?? 0) * (item.quantity ?? 1) * shareLeft(world, discountsOf(world, subscription));
  return [
    {
      ...lineOf(subscription, item, { start: from, end: until }),
      amount: Math.round(price * share),
      description: `Remaining time on ${named(world, item)} after ${day(from)}`,
      proration: true,
    },
  ];
}

/** A subscription reaches the moment it was to end at. What was prorated before is invoiced once more. */
export function endAsPlanned(world: World, subscription: Stripe.Subscription): void {
  billAtOnce(world, subscription, [], 'subscription_cycle');
  cancel(world, subscription, { reason: 'cancellation_requested' });
}

/**
 * Ends a subscription at once. @param prorate unused time is credited. @param invoiceNow what waits to be invoiced is
 * invoiced with it; else what waited is dropped, and a credit waits for ever.
 */
export function endNow(
  world: World,
  subscription: Stripe.Subscription,
  { prorate, invoiceNow }: { readonly prorate: boolean; readonly invoiceNow: boolean },
  cancellation: Cancellation,
): void {
  const end = firstItem(subscription).current_period_end;
  const lines =
    prorate && subscription.status !== 'trialing'
      ? subscription.items.data.flatMap((item) => creditLines(world, subscription, item, world.now(), end))
      : [];
  if (invoiceNow) billAtOnce(world, subscription, lines);
  cancel(world, subscription, cancellation);
  if (!invoiceNow) keepForLater(world, subscription, lines);
}
