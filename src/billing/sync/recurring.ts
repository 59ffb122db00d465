import type { DiscountSnapshot, ItemSnapshot, SubscriptionSnapshot } from './snapshot';

/**
 * How much of a month an interval of Stripe's is, in twelfths of the year's months: a week is 52 of 12, a year 1 of 12.
 */
const IN_A_YEAR: Readonly<Record<string, number>> = { day: 365, week: 52, month: 12, year: 1 };

/**
 * Stripe's words for a subscription that brings something in. The others bring in nothing: one on trial has not been
 * paid for, one that is incomplete has not begun, one that is unpaid, paused or canceled is not collected any more, and
 * of a status nobody knows nothing is claimed.
 */
const BRINGS_IN = ['active', 'past_due'];

/**
 * Does a subscription count in the monthly recurring revenue now? One that is going to end does until it has ended. One
 * that is past due does for as long as Stripe still tries to collect. One whose collection is paused, in whichever way,
 * does not. Money sent back or disputed changes nothing: it was paid once, and what recurs goes on.
 */
export function bringsIn({
  status,
  endedAt,
  pause,
}: Pick<SubscriptionSnapshot, 'status' | 'endedAt' | 'pause'>): boolean {
  return BRINGS_IN.includes(status) && endedAt === null && pause === null;
}

/**
 * What items bring in a month, in the smallest unit of their currency: the one definition of monthly recurring revenue.
 * A year's price is a twelfth of it a month, a week's 52/12. Discounts that last (for ever, or for months that are not
 * over) are taken off as Stripe takes them off an invoice, one after the other; one for a single invoice does not recur
 * and is not. Tax that a price includes is in it, as in the price. It is rounded to the whole unit once for each
 * subscription, half up, so a sum of subscriptions is a sum of whole cents. What Stripe works out in some other way (by
 * usage) counts nothing.
 */
export function monthlyOf(
  items: readonly Pick<ItemSnapshot, 'unitCents' | 'quantity' | 'interval' | 'intervalCount'>[],
  discounts: readonly DiscountSnapshot[],
  now: Date,
): number {
  const sums = items.map(({ unitCents, quantity, interval, intervalCount }) => ({
    invoiced: (unitCents ?? 0) * quantity,
    yearly: ((unitCents ?? 0) * quantity * (IN_A_YEAR[interval ?? ''] ?? 0)) / intervalCount,
  }));
  const invoiced = sums.reduce((sum, one) => sum + one.invoiced, 0);
  if (invoiced <= 0) return 0;
  const left = discounts
    .filter(({ duration, end }) => duration !== 'once' && (end === null || end > now))
    .reduce((rest, { percentOff, amountOffCents }) => rest - off(rest, percentOff, amountOffCents), invoiced);
  return Math.round((sums.reduce((sum, one) => sum + one.yearly, 0) * left) / (12 * invoiced));
}

const off = (amount: number, percent: number | null, cents: number | null): number =>
  percent === null ? Math.min(cents ?? 0, amount) : Math.round((amount * percent) / 100);
