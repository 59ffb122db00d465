import type Stripe from 'stripe';
import { newId, letters } from '../ids';
import type { World } from '../world';

export type SessionValues = Pick<
  Stripe.Checkout.Session,
  | 'allow_promotion_codes'
  | 'billing_address_collection'
  | 'cancel_url'
  | 'client_reference_id'
  | 'consent_collection'
  | 'currency'
  | 'customer'
  | 'customer_email'
  | 'discounts'
  | 'expires_at'
  | 'locale'
  | 'metadata'
  | 'payment_method_collection'
  | 'success_url'
  | 'submit_type'
> & {
  readonly automaticTax: boolean;
  readonly taxIds: boolean;
  readonly phone: boolean;
  /** Cents, before and after discounts. */
  readonly subtotal: number;
  readonly total: number;
};

/** What the sandbox never fills in, or only later. */
const UNUSED = {
  after_expiration: null,
  allowed_payment_method_types: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  currency_conversion: null,
  customer_account: null,
  customer_details: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  managed_payments: null,
  origin_context: null,
  payment_intent: null,
  payment_link: null,
  payment_method_configuration_details: null,
  permissions: null,
  recovered_from: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  subscription: null,
  wallet_options: null,
} as const satisfies Partial<Stripe.Checkout.Session>;

/** A checkout that waits for its customer, as the API answers it. */
export function newCheckoutSession(
  world: World,
  { automaticTax, taxIds, phone, subtotal, total, ...values }: SessionValues,
): Stripe.Checkout.Session {
  const id = newId('cs_test', 58);
  return {
    id,
    object: 'checkout.session',
    ...UNUSED,
    adaptive_pricing: { enabled: false },
    amount_subtotal: subtotal,
    amount_total: total,
    automatic_tax: {
      enabled: automaticTax,
      liability: automaticTax ? { type: 'self' } : null,
      provider: automaticTax ? 'stripe' : null,
      status: automaticTax ? 'requires_location_inputs' : null,
    },
    created: world.now(),
    custom_fields: [],
    custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
    customer_creation: values.customer === null ? 'always' : null,
    livemode: false,
    mode: 'subscription',
    payment_method_options: { card: { request_three_d_secure: 'automatic' } },
    payment_method_types: ['card'],
    payment_status: 'unpaid',
    phone_number_collection: { enabled: phone },
    saved_payment_method_options: {
      allow_redisplay_filters: ['always'],
      payment_method_remove: 'disabled',
      payment_method_save: null,
    },
    shipping_options: [],
    status: 'open',
    tax_id_collection: { enabled: taxIds, required: 'never' },
    total_details: { amount_discount: subtotal - total, amount_shipping: 0, amount_tax: 0 },
    ui_mode: 'hosted_page',
    url: `${world.url}/c/pay/${id}`,
    ...values,
  };
}

/** A line of a checkout as the API answers it. */
export function newLineItem(
  price: Stripe.Price,
  quantity: number,
  discount: number,
  description: string,
): Stripe.LineItem {
  const subtotal = (price.unit_amount ?? 0) * quantity;
  return {
    id: `li_${letters(24)}`,
    object: 'item',
    adjustable_quantity: null,
    amount_discount: discount,
    amount_subtotal: subtotal,
    amount_tax: 0,
    amount_total: subtotal - discount,
    currency: price.currency,
    description,
    metadata: {},
    price,
    quantity,
  };
}
