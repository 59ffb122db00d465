import Stripe from 'stripe';
import { newId } from '../ids';
import type { World } from '../world';

export type PriceValues = {
  readonly product: string;
  readonly currency: string;
  readonly unit_amount: number;
  readonly recurring: Stripe.Price.Recurring | null;
} & Partial<Pick<Stripe.Price, 'active' | 'lookup_key' | 'metadata' | 'nickname' | 'tax_behavior'>>;

/** A price as the API answers it. */
export function newPrice(world: World, { unit_amount, recurring, ...values }: PriceValues): Stripe.Price {
  return {
    id: newId('price'),
    object: 'price',
    active: true,
    billing_scheme: 'per_unit',
    created: world.now(),
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    recurring,
    tax_behavior: 'unspecified',
    tiers_mode: null,
    transform_quantity: null,
    type: recurring ? 'recurring' : 'one_time',
    unit_amount,
    unit_amount_decimal: Stripe.Decimal.from(unit_amount),
    ...values,
  };
}

/** The same price in the form older parts of the API still answer. */
export function planOf(price: Stripe.Price): Stripe.Plan {
  return {
    id: price.id,
    object: 'plan',
    active: price.active,
    amount: price.unit_amount,
    amount_decimal: price.unit_amount_decimal,
    billing_scheme: price.billing_scheme,
    created: price.created,
    currency: price.currency,
    interval: price.recurring?.interval ?? 'month',
    interval_count: price.recurring?.interval_count ?? 1,
    livemode: false,
    metadata: price.metadata,
    meter: null,
    nickname: price.nickname,
    product: price.product,
    tiers_mode: null,
    transform_usage: null,
    trial_period_days: price.recurring?.trial_period_days ?? null,
    usage_type: price.recurring?.usage_type ?? 'licensed',
  };
}
