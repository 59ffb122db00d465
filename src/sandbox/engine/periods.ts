import type Stripe from 'stripe';

const DAY = 86_400;

/** How long a price's period is. */
export type Interval = Pick<Stripe.Price.Recurring, 'interval' | 'interval_count'>;

/** The first end of a period after a moment, counted from the anchor. All are Unix seconds. */
export function periodEndAfter(anchor: number, interval: Interval, moment: number): number {
  let n = Math.max(1, Math.floor((moment - anchor) / secondsOf(interval)) - 1);
  while (boundary(anchor, interval, n) <= moment) n++;
  return boundary(anchor, interval, n);
}

/**
 * The end of the nth period from the anchor: the same day of a later month, or its last one where that month is
 * shorter.
 */
export function boundary(anchor: number, { interval, interval_count }: Interval, n: number): number {
  const count = interval_count * n;
  if (interval === 'day') return anchor + count * DAY;
  if (interval === 'week') return anchor + count * 7 * DAY;
  const from = new Date(anchor * 1000);
  const months = from.getUTCMonth() + (interval === 'year' ? 12 * count : count);
  const last = new Date(Date.UTC(from.getUTCFullYear(), months + 1, 0)).getUTCDate();
  const day = Date.UTC(from.getUTCFullYear(), months, Math.min(from.getUTCDate(), last));
  return day / 1000 + (anchor % DAY);
}

// Never shorter than the longest period of its kind, so that counting begins early enough.
function secondsOf({ interval, interval_count }: Interval): number {
  return (
    interval_count *
    { day: 1, week: 7, month: 31, year: 366 }[String(interval) as 'day' | 'week' | 'month' | 'year'] *
    DAY
  );
}

/** When a period ends: at its own end, or before, where its subscription has a date to be canceled at. */
export function shortenedEnd(
  { cancel_at, cancel_at_period_end }: Pick<Stripe.Subscription, 'cancel_at' | 'cancel_at_period_end'>,
  start: number,
  end: number,
): number {
  return cancel_at === null || cancel_at_period_end || cancel_at <= start ? end : Math.min(end, cancel_at);
}

/** Do two prices have periods of the same length? */
export function sameInterval(a: Interval, b: Interval): boolean {
  return a.interval === b.interval && a.interval_count === b.interval_count;
}

/** The period of a recurring price. @throws when it is paid once only. */
export function intervalOf(price: Stripe.Price): Interval {
  if (!price.recurring) throw new Error(`price ${price.id} is paid once`);
  return price.recurring;
}
