import type Stripe from 'stripe';
import { idOf } from '../find';
import type { World } from '../world';

/** What is bought, as it stands on a line: `1 × Leadership Alliance (at $29.00 / month)`. */
export function describeItem(world: World, price: Stripe.Price, quantity: number): string {
  return `${quantity} × ${productName(world, price)} (at ${money(price.unit_amount ?? 0, price.currency)} / ${intervalWord(price)})`;
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

function money(cents: number, currency: string): string {
  return new Intl.NumberFormat('en-US', { style: 'currency', currency }).format(cents / 100);
}

function intervalWord(price: Stripe.Price): string {
  const { interval, interval_count } = price.recurring ?? { interval: 'once', interval_count: 1 };
  return interval_count === 1 ? String(interval) : `${interval_count} ${interval}s`;
}
