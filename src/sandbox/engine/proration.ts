import type Stripe from 'stripe';
import type { LineValues } from '../objects/invoice-line';
import { newSubscriptionItem } from '../objects/subscription';
import type { World } from '../world';
import { creditLines, named } from './invoices/credits';
import { day } from './describe';
import { discountsOf, shareLeft } from './discounts';
import { itemLines, lineOf } from './invoices/lines';
import { intervalOf, periodEndAfter, sameInterval, shortenedEnd } from './periods';
import { firstItem } from './ties';

export type ProrationBehavior = 'always_invoice' | 'create_prorations' | 'none';

/** What an item is to become. Without an id it is a new one. */
export interface WantedItem {
  readonly id: string | null;
  readonly price: Stripe.Price;
  readonly quantity: number;
  readonly deleted: boolean;
}

/** What a change of items comes to, before it is made. */
export interface PlannedChange {
  readonly items: readonly Stripe.SubscriptionItem[];
  /** Credits and charges, to the cent. */
  readonly lines: readonly LineValues[];
  readonly anchor: number;
  readonly billsNow: boolean;
  readonly at: number;
}

/**
 * A change of prices at a moment: unused time is credited and remaining time charged, by seconds, each rounded half
 * away from zero. Another length of period, or an anchor set to now, begins a whole new period. A trial goes on.
 */
export function planChange(
  world: World,
  subscription: Stripe.Subscription,
  wanted: readonly WantedItem[],
  behavior: ProrationBehavior,
  at: number,
  anchorNow = false,
): PlannedChange {
  const { current_period_start: start, current_period_end: end, price: former } = firstItem(subscription);
  const remaining = wanted.filter(({ deleted }) => !deleted);
  const first = remaining[0]?.price ?? former;
  const trial = subscription.status === 'trialing';
  const resets = !trial && (anchorNow || !sameInterval(intervalOf(first), intervalOf(former)));
  // A new period begins when the change is made, also where time is credited from an earlier moment.
  const from = Math.max(at, world.now());
  const anchor = resets ? from : subscription.billing_cycle_anchor;
  const natural = periodEndAfter(from, intervalOf(first), from);
  const period = resets
    ? { periodStart: from, periodEnd: shortenedEnd(subscription, from, natural) }
    : { periodStart: start, periodEnd: end };
  const items = remaining.map(({ id, price, quantity }) => {
    const old = subscription.items.data.find((item) => item.id === id);
    const fresh = newSubscriptionItem(world, { subscription: subscription.id, price, quantity, ...period });
    return old ? { ...fresh, id: old.id, created: old.created, metadata: old.metadata } : fresh;
  });
  const changed = (item: Stripe.SubscriptionItem, others: readonly Stripe.SubscriptionItem[]) =>
    resets ||
    !others.some(
      ({ id, price, quantity }) => id === item.id && price.id === item.price.id && quantity === item.quantity,
    );
  const share = shareLeft(world, discountsOf(world, subscription));
  const length = periodEndAfter(subscription.billing_cycle_anchor, intervalOf(former), start) - start;
  const part = (item: Stripe.SubscriptionItem) =>
    Math.round(((item.price.unit_amount ?? 0) * (item.quantity ?? 1) * share * (end - at)) / length);
  const prorates = behavior !== 'none' && !trial && at < end;
  const credits = !prorates
    ? []
    : subscription.items.data
        .filter((item) => changed(item, items))
        .flatMap((item) => creditLines(world, subscription, item, at, end));
  const charges =
    resets || !prorates
      ? []
      : items
          .filter((item) => changed(item, subscription.items.data))
          .map((item) => ({
            ...lineOf(subscription, item, { start: at, end }),
            amount: part(item),
            description: `Remaining time on ${named(world, item)} after ${day(at)}`,
            proration: true,
          }));
  const whole = resets ? itemLines(world, subscription, items, discountsOf(world, subscription), { anchor }) : [];
  return {
    items,
    lines: [...credits, ...charges, ...whole],
    anchor,
    billsNow: resets || (behavior === 'always_invoice' && prorates),
    at,
  };
}
