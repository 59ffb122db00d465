import type Stripe from 'stripe';
import { invalid } from '../failure';
import { idOf } from '../find';
import type { World } from '../world';
import { hasEnded } from './ties';

/**
 * A customer is charged in one currency at a time.
 * @throws StripeFailure while something of theirs goes on in another.
 */
export function assertOneCurrency(world: World, customer: Stripe.Customer, currency: string): void {
  const others = [
    ...[...world.subscriptions.values()].filter((one) => idOf(one.customer) === customer.id && !hasEnded(one)),
    ...[...world.invoiceItems.values()].filter((one) => idOf(one.customer) === customer.id && one.invoice === null),
  ].filter((one) => one.currency !== currency);
  const [other] = others;
  if (other)
    throw invalid(
      'You cannot combine currencies on a single customer. This customer has an active subscription, ' +
        `subscription schedule, discount, quote, or invoice item with currency ${other.currency}`,
    );
}

/**
 * The customer is charged in this currency from now on; the balance they have in another waits until it is used again.
 */
export function useCurrency(world: World, customer: Stripe.Customer, currency: string): void {
  if (customer.currency === currency) return;
  const { currency: former, balance } = customer;
  if (!former) return void world.alter('customers', customer, { currency });
  const balances = { ...customer.invoice_credit_balance, [former]: balance };
  world.alter('customers', customer, {
    currency,
    balance: balances[currency] ?? 0,
    invoice_credit_balance: balances,
  });
}
