import type Stripe from 'stripe';
import { idOf } from '../../find';
import { creditedBy, type LineValues } from '../../objects/invoice-line';
import type { World } from '../../world';
import { describeItem, productName } from '../describe';
import { discountAmounts } from '../discounts';
import { periodEndAfter, intervalOf } from '../periods';
import { pendingItemsOf } from '../ties';

/** A price somebody wants, and how many of it. */
export interface LineItem {
  readonly price: Stripe.Price;
  readonly quantity: number;
}

/**
 * One line for each item and its current period; for one that was shortened, the part of it.
 * @param free during a trial, when the lines cost nothing. @param anchor what periods are counted from.
 */
export function itemLines(
  world: World,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  discounts: readonly Stripe.Discount[],
  { free = false, anchor = subscription.billing_cycle_anchor } = {},
): LineValues[] {
  const spent = new Map<string, number>();
  return items.map((item) => {
    const quantity = item.quantity ?? 1;
    const { current_period_start: start, current_period_end: end } = item;
    const share = free ? 0 : (end - start) / (periodEndAfter(anchor, intervalOf(item.price), start) - start);
    const amount = Math.round((item.price.unit_amount ?? 0) * quantity * share);
    return {
      ...lineOf(subscription, item, { start, end }),
      amount,
      description: free
        ? `Trial period for ${productName(world, item.price)}`
        : describeItem(world, item.price, quantity),
      discountAmounts: free ? [] : discountAmounts(world, discounts, amount, spent),
    };
  });
}

/** What every line of an item says, whatever it costs. */
export function lineOf(
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  period: LineValues['period'],
): Omit<LineValues, 'amount' | 'description'> {
  return {
    currency: item.price.currency,
    discountAmounts: [],
    subscription: subscription.id,
    item: item.id,
    price: item.price,
    quantity: item.quantity ?? 1,
    period,
    proration: false,
    credited: null,
    invoiceItem: null,
    metadata: { ...subscription.metadata },
    automaticTax: subscription.automatic_tax.enabled,
  };
}

/** The lines of what has been prorated before and waits for the next invoice. */
export function waitingLines(world: World, subscription: Stripe.Subscription): LineValues[] {
  return pendingItemsOf(world, subscription).flatMap((item) => {
    const price = world.prices.get(idOf(item.pricing?.price_details?.price ?? ''));
    if (!price) return [];
    return [
      {
        amount: item.amount,
        currency: item.currency,
        description: item.description ?? '',
        discountAmounts: [],
        subscription: subscription.id,
        item: item.parent?.subscription_details?.subscription_item ?? '',
        price,
        quantity: item.quantity,
        period: item.period,
        proration: item.proration,
        credited: creditedBy(item),
        invoiceItem: item.id,
        metadata: item.metadata ?? {},
        automaticTax: subscription.automatic_tax.enabled,
      },
    ];
  });
}
