import type Stripe from 'stripe';
import { idOrNull, isLiving } from '../../find';
import type { World } from '../../world';
import { updateCustomer, updateInvoice } from '../ties';

/** An invoice counts as if there had never been one: what it had taken of the customer's credit is theirs again. */
export function annul(world: World, invoice: Stripe.Invoice): void {
  const used = (invoice.ending_balance ?? invoice.starting_balance) - invoice.starting_balance;
  const customer = world.customers.get(idOrNull(invoice.customer) ?? '');
  if (used !== 0 && customer && isLiving(customer))
    updateCustomer(world, customer, { balance: customer.balance - used });
  updateInvoice(world, invoice, {
    amount_remaining: 0,
    auto_advance: false,
    next_payment_attempt: null,
    status: 'void',
    status_transitions: { ...invoice.status_transitions, voided_at: world.now() },
  });
  world.emit('invoice.voided', invoice);
}
