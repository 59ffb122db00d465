import { currencyOf } from '../lib/currencies';

/**
 * What an invoice of this total asks for, and what the balance is afterwards (less than 0: to the customer's credit).
 */
export function settledWith(
  balance: number,
  total: number,
  currency: string,
): { readonly due: number; readonly balance: number } {
  // An invoice in the customer's favour adds to their credit; any other uses it first.
  if (total <= 0) return { due: 0, balance: balance + total };
  const applied = Math.max(balance, -total);
  const due = total + applied;
  // Too little to be charged is owed with the next invoice.
  const least = currencyOf(currency).minimum ?? 0;
  return due > 0 && due < least ? { due: 0, balance: balance - applied + due } : { due, balance: balance - applied };
}
