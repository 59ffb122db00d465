import type Stripe from 'stripe';
import { newId } from '../ids';
import type { World } from '../world';
import { planOf } from './price';

export interface SubscriptionValues {
  readonly customer: string;
  readonly currency: string;
  readonly status: Stripe.Subscription.Status;
  readonly items: readonly { readonly price: Stripe.Price; readonly quantity: number }[];
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly anchor: number;
  readonly trial: { readonly start: number; readonly end: number } | null;
  readonly defaultPaymentMethod: string | null;
  readonly metadata: Stripe.Metadata;
  readonly description: string | null;
  readonly automaticTax: boolean;
  readonly missingPaymentMethod: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
}

/** What the sandbox never fills in, or only later. */
const UNUSED = {
  application: null,
  application_fee_percent: null,
  billing_cycle_anchor_config: null,
  billing_thresholds: null,
  cancel_at: null,
  canceled_at: null,
  customer_account: null,
  days_until_due: null,
  default_source: null,
  ended_at: null,
  latest_invoice: null,
  managed_payments: null,
  next_pending_invoice_item_invoice: null,
  on_behalf_of: null,
  pause_collection: null,
  pending_invoice_item_interval: null,
  pending_setup_intent: null,
  pending_update: null,
  schedule: null,
  test_clock: null,
  transfer_data: null,
} as const satisfies Partial<Stripe.Subscription>;

/** A subscription as the API answers it. */
export function newSubscription(world: World, values: SubscriptionValues): Stripe.Subscription {
  const id = newId('sub');
  const now = world.now();
  return {
    id,
    object: 'subscription',
    ...UNUSED,
    automatic_tax: {
      disabled_reason: null,
      enabled: values.automaticTax,
      liability: values.automaticTax ? { type: 'self' } : null,
    },
    billing_cycle_anchor: values.anchor,
    billing_mode: { flexible: { proration_discounts: 'included' }, type: 'flexible', updated_at: now },
    billing_schedules: [],
    cancel_at_period_end: false,
    cancellation_details: { comment: null, feedback: null, feedback_option: null, reason: null },
    collection_method: 'charge_automatically',
    created: now,
    currency: values.currency,
    customer: values.customer,
    default_payment_method: values.defaultPaymentMethod,
    default_tax_rates: [],
    description: values.description,
    discounts: [],
    invoice_settings: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: { type: 'self' },
    },
    items: {
      object: 'list',
      data: values.items.map(({ price, quantity }) =>
        newSubscriptionItem(world, {
          subscription: id,
          price,
          quantity,
          periodStart: values.periodStart,
          periodEnd: values.periodEnd,
        }),
      ),
      has_more: false,
      url: `/v1/subscription_items?subscription=${id}`,
    },
    livemode: false,
    metadata: values.metadata,
    payment_settings: { payment_method_options: null, payment_method_types: null, save_default_payment_method: 'off' },
    start_date: now,
    status: values.status,
    trial_end: values.trial?.end ?? null,
    trial_settings: {
      end_behavior: { billing_cycle_anchor: null, missing_payment_method: values.missingPaymentMethod },
    },
    trial_start: values.trial?.start ?? null,
  };
}

export interface SubscriptionItemValues {
  readonly subscription: string;
  readonly price: Stripe.Price;
  readonly quantity: number;
  readonly periodStart: number;
  readonly periodEnd: number;
}

/** One price of a subscription as the API answers it. */
export function newSubscriptionItem(
  world: World,
  { subscription, price, quantity, periodStart, periodEnd }: SubscriptionItemValues,
): Stripe.SubscriptionItem {
  return {
    id: newId('si', 14),
    object: 'subscription_item',
    billing_thresholds: null,
    created: world.now(),
    current_period_end: periodEnd,
    current_period_start: periodStart,
    current_trial: null,
    discounts: [],
    metadata: {},
    plan: planOf(price),
    price,
    quantity,
    subscription,
    tax_rates: [],
  };
}
