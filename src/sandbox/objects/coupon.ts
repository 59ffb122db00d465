import type Stripe from 'stripe';
import { letters, newId } from '../ids';
import type { World } from '../world';

export type CouponValues = Pick<Stripe.Coupon, 'duration'> &
  Partial<
    Pick<
      Stripe.Coupon,
      | 'id'
      | 'amount_off'
      | 'currency'
      | 'duration_in_months'
      | 'max_redemptions'
      | 'metadata'
      | 'name'
      | 'percent_off'
      | 'redeem_by'
    >
  >;

/** A coupon as the API answers it. */
export function newCoupon(world: World, values: CouponValues): Stripe.Coupon {
  return {
    id: letters(8),
    object: 'coupon',
    amount_off: null,
    created: world.now(),
    currency: null,
    duration_in_months: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    name: null,
    percent_off: null,
    redeem_by: null,
    times_redeemed: 0,
    valid: true,
    ...values,
  };
}

export type PromotionCodeValues = { readonly coupon: string } & Partial<
  Pick<Stripe.PromotionCode, 'active' | 'code' | 'customer' | 'expires_at' | 'max_redemptions' | 'metadata'>
>;

/** A code customers may type, as the API answers it. */
export function newPromotionCode(world: World, { coupon, ...values }: PromotionCodeValues): Stripe.PromotionCode {
  return {
    id: newId('promo'),
    object: 'promotion_code',
    active: true,
    code: letters(8).toUpperCase(),
    created: world.now(),
    customer: null,
    customer_account: null,
    expires_at: null,
    livemode: false,
    max_redemptions: null,
    metadata: {},
    promotion: { coupon, type: 'coupon' },
    restrictions: { first_time_transaction: false, minimum_amount: null, minimum_amount_currency: null },
    times_redeemed: 0,
    ...values,
  };
}

export type DiscountValues = Pick<
  Stripe.Discount,
  'customer' | 'subscription' | 'promotion_code' | 'checkout_session' | 'end'
> & { readonly coupon: string };

/** A coupon somebody has redeemed, as the API answers it. */
export function newDiscount(world: World, { coupon, ...values }: DiscountValues): Stripe.Discount {
  return {
    id: newId('di'),
    object: 'discount',
    customer_account: null,
    invoice: null,
    invoice_item: null,
    source: { coupon, type: 'coupon' },
    start: world.now(),
    subscription_item: null,
    ...values,
  };
}
