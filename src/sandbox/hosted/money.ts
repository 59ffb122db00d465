import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';

/** An amount in the smallest unit of its currency as the language writes it. */
export const money = ({ code }: Pick<Language, 'code'>, amount: number, currency: string): string =>
  formatMoney(code, amount, currency);

/** A price with how often it is paid: `€29 a month`. */
export function priceOf(language: Language, price: Stripe.Price, quantity = 1): string {
  const amount = money(language, (price.unit_amount ?? 0) * quantity, price.currency);
  if (!price.recurring) return amount;
  const { interval, interval_count: count } = price.recurring;
  return language.say(`sandbox.every.${count === 1 ? 'one' : 'more'}.${interval}`, { amount, n: count });
}

/** A moment in Unix seconds as a day. */
export const dayOf = (language: Pick<Language, 'day'>, seconds: number): string =>
  language.day(new Date(seconds * 1000));
