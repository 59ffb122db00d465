import { currencyOf, SMALL_UNITS } from './currencies';

/** In the smallest unit: a little under what a column of the database holds (2^31). Stripe charges cards far more. */
const HIGHEST = 2_000_000_000;

/** Whole units of a currency: whoever types more for a month or a year has mistyped. */
const UNLIKELY = 99_999;

/** The highest price that is believed in a currency, in its smallest unit. */
export function highestPrice(currency: string): number {
  const { decimals } = currencyOf(currency);
  return SMALL_UNITS.has(currency.toLowerCase()) ? HIGHEST : UNLIKELY * 10 ** decimals;
}

/** The least that can be charged, in the smallest unit: as Stripe documents it, else the smallest that it counts. */
export function lowestCharge(currency: string): number {
  const { minimum, step } = currencyOf(currency);
  return minimum ?? step;
}

/**
 * An amount as a language writes it: `€49`, `1.234,50 €`, `Ft 4,900`. `amount` is in the smallest unit that Stripe
 * counts (cents, whole yen, hundredths of a forint), `currency` its ISO 4217 code in any case. Decimals are left out
 * where there are none.
 */
export function formatMoney(code: string, amount: number, currency: string): string {
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const { decimals } = currencyOf(currency);
  const whole = amount % 10 ** decimals === 0;
  return new Intl.NumberFormat(code, {
    ...style,
    minimumFractionDigits: whole ? 0 : decimals,
    maximumFractionDigits: decimals,
  }).format(amount / 10 ** decimals);
}

/**
 * An amount as somebody types it: `49`, `12.50` or `12,50`, in the smallest unit of the currency. Null: it is none, or
 * none that Stripe could charge.
 */
export function parseMoney(given: string, currency: string): number | null {
  const [, whole, part = ''] = /^\s*(\d{1,10})(?:[.,](\d{1,3}))?\s*$/.exec(given) ?? [];
  const { decimals, step } = currencyOf(currency);
  if (whole === undefined || part.length > decimals) return null;
  const amount = Number(whole + part.padEnd(decimals, '0'));
  return amount % step === 0 ? amount : null;
}

/** An amount as `readMoney` reads it, with a point. */
export function moneyInput(amount: number, currency: string): string {
  const { decimals } = currencyOf(currency);
  return (amount / 10 ** decimals).toFixed(decimals);
}

/** Is nothing smaller charged in a currency than one of its whole units? */
export function isWhole(currency: string): boolean {
  const { decimals, step } = currencyOf(currency);
  return step === 10 ** decimals;
}
