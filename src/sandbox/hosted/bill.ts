import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { money } from './money';
import type { Bill, BillLine } from './page-types';

export interface Sums {
  readonly lines: readonly BillLine[];
  readonly currency: string;
  /** All in cents. Tax is null where it is not reckoned. */
  readonly subtotal: number;
  readonly discount: number;
  readonly discountName: string | null;
  readonly tax: number | null;
  readonly credit: number;
  readonly total: number;
  readonly totalLabel: string;
}

/** A bill as it is printed: the steps between lines and total only where there are any. */
export function billOf(language: Language, sums: Sums): Bill {
  const { say } = language;
  const amount = (cents: number) => money(language, cents, sums.currency);
  const steps = [
    { label: say('sandbox.bill.subtotal'), amount: amount(sums.subtotal) },
    ...(sums.discount > 0
      ? [
          {
            label:
              sums.discountName === null
                ? say('sandbox.bill.discount')
                : say('sandbox.bill.discount-named', { name: sums.discountName }),
            amount: amount(-sums.discount),
          },
        ]
      : []),
    ...(sums.tax === null ? [] : [{ label: say('sandbox.bill.tax'), amount: amount(sums.tax) }]),
    ...(sums.credit === 0 ? [] : [{ label: say('sandbox.bill.credit'), amount: amount(sums.credit) }]),
  ];
  return {
    lines: sums.lines,
    between: steps.length > 1 ? steps : [],
    totalLabel: sums.totalLabel,
    total: amount(sums.total),
  };
}

/** What a coupon takes off, in cents. */
export function discountOf(coupon: Pick<Stripe.Coupon, 'amount_off' | 'percent_off'>, subtotal: number): number {
  const off = coupon.amount_off ?? Math.round((subtotal * (coupon.percent_off ?? 0)) / 100);
  return Math.min(off, subtotal);
}
