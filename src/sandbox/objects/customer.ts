import type Stripe from 'stripe';
import { letters, newId } from '../ids';
import type { World } from '../world';

export type CustomerValues = Partial<
  Pick<
    Stripe.Customer,
    | 'address'
    | 'balance'
    | 'description'
    | 'email'
    | 'metadata'
    | 'name'
    | 'phone'
    | 'preferred_locales'
    | 'shipping'
    | 'tax_exempt'
  >
>;

/** A customer as the API answers it. */
export function newCustomer(world: World, values: CustomerValues): Stripe.Customer {
  return {
    id: newId('cus', 14),
    object: 'customer',
    address: null,
    balance: 0,
    created: world.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: letters(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
    ...values,
  };
}
