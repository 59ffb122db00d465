/** Currencies that have no hundredths, but are counted in hundredths all the same (Stripe, "Zero-decimal currencies"). */
const IN_HUNDREDTHS = new Set(['isk', 'ugx']);

/**
 * An amount as a language writes it: `€49`, `1.234,50 €`. `amount` is in the smallest unit of the currency (cents, whole
 * yen), `currency` its ISO 4217 code in any case. Hundredths are left out where there are none.
 */
export function sayMoney(code: string, amount: number, currency: string): string {
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const;
  const digits = digitsOf(currency);
  const whole = amount % 10 ** digits === 0;
  return new Intl.NumberFormat(code, {
    ...style,
    minimumFractionDigits: whole ? 0 : digits,
    maximumFractionDigits: digits,
  }).format(amount / 10 ** digits);
}

/** An amount as somebody types it: `49`, `12.50` or `12,50`, in the smallest unit of the currency. Null: it is none. */
export function readMoney(given: string, currency: string): number | null {
  const [, whole, part = ''] = /^\s*(\d{1,9})(?:[.,](\d{1,3}))?\s*$/.exec(given) ?? [];
  const digits = digitsOf(currency);
  return whole === undefined || part.length > digits ? null : Number(whole + part.padEnd(digits, '0'));
}

/** An amount as `readMoney` reads it, with a point. */
export function writeMoney(amount: number, currency: string): string {
  return (amount / 10 ** digitsOf(currency)).toFixed(digitsOf(currency));
}

/** Places behind the point that a currency is counted in. */
function digitsOf(currency: string): number {
  return IN_HUNDREDTHS.has(currency.toLowerCase())
    ? 2
    : (new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2);
}
