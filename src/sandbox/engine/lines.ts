import type Stripe from 'stripe';
import { idOf } from '../find';
import type { LineValues } from '../objects/invoice-line';
import type { World } from '../world';
import { describeItem, productName } from './describe';
import { discountAmounts } from './discounts';

/** A price somebody wants, and how many of it. */
export interface LineItem {
  readonly price: Stripe.Price;
  readonly quantity: number;
}

/** One line for each item and its current period. @param free during a trial, when the lines cost nothing. */
export function itemLines(
  world: World,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  discounts: readonly Stripe.Discount[],
  { free = false } = {},
): LineValues[] {
  const spent = new Map<string, number>();
  return items.map((item) => {
    const quantity = item.quantity ?? 1;
    const amount = free ? 0 : (item.price.unit_amount ?? 0) * quantity;
    return {
      ...lineOf(subscription, item, { start: item.current_period_start, end: item.current_period_end }),
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
  return [...world.invoiceItems.values()]
    .filter((item) => item.invoice === null && item.parent?.subscription_details?.subscription === subscription.id)
    .flatMap((item) => {
      const price = world.prices.get(idOf(item.pricing?.price_details?.price ?? ''));
      const credited = item.proration_details?.credited_items?.invoice_line_item_details;
      return price
        ? [
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
              credited: credited ? { invoice: credited.invoice, lines: credited.invoice_line_items } : null,
              invoiceItem: item.id,
              metadata: item.metadata ?? {},
              automaticTax: subscription.automatic_tax.enabled,
            },
          ]
        : [];
    });
}
