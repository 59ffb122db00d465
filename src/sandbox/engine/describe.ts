import type Stripe from 'stripe';
import { currencyOf } from '../../lib/currencies';
import { idOf } from '../find';
import type { World } from '../world';

/** What is bought, as it stands on a line: `1 × Leadership Alliance (at $29.00 / month)`. */
export function describeItem(world: World, price: Stripe.Price, quantity: number): string {
  return (
    `${quantity} × ${productName(world, price)} (at ${money(price.unit_amount ?? 0, price.currency)} / ` +
    `${intervalWord(price)})`
  );
}

/** The name of what a price is for. */
export function productName(world: World, price: Stripe.Price): string {
  return world.products.get(idOf(price.product))?.name ?? 'Unknown product';
}

/** A day, as in `23 Nov 2026`. @param moment Unix seconds. */
export function day(moment: number): string {
  return new Date(moment * 1000).toLocaleDateString('en-GB', {
    day: '2-digit',
    month: 'short',
    year: 'numeric',
    timeZone: 'UTC',
  });
}

/** An amount in the smallest unit of its currency, as Stripe's English sentences have it: `$29.00`, `¥500`. */
export function money(amount: number, currency: string): string {
  const { decimals } = currencyOf(currency);
  const format = new Intl.NumberFormat('en-US', {
    style: 'currency',
    currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(amount / 10 ** decimals);
}

function intervalWord(price: Stripe.Price): string {
  const { interval, interval_count } = price.recurring ?? { interval: 'once', interval_count: 1 };
  return interval_count === 1 ? String(interval) : `${interval_count} ${interval}s`;
}
