import type Stripe from 'stripe';
import { invalid } from '../failure';
import { find, findCustomer, idOf, idOrNull } from '../find';
import { newDiscount } from '../objects/coupon';
import type { World } from '../world';
import { boundary } from './periods';

/** What a coupon takes off an amount, in cents, rounded half up; never more than the amount. */
export function discountOn(coupon: Stripe.Coupon, amount: number): number {
  if (amount <= 0) return 0;
  if (coupon.percent_off !== null) return Math.round((amount * coupon.percent_off) / 100);
  return Math.min(coupon.amount_off ?? 0, amount);
}

/** The coupon behind a discount. */
export function couponOf(world: World, discount: Stripe.Discount): Stripe.Coupon {
  return find(world, 'coupons', idOf(discount.source.coupon ?? ''));
}

/** The discounts a subscription has now. */
export function discountsOf(world: World, subscription: Stripe.Subscription): Stripe.Discount[] {
  return subscription.discounts
    .map((one) => find(world, 'discounts', idOf(one)))
    .filter(({ end }) => end === null || end > world.now());
}

/**
 * What each discount takes off a line, one after the other. An amount off is spent once per invoice: `spent` remembers
 * how much of it is gone.
 */
export function discountAmounts(
  world: World,
  discounts: readonly Stripe.Discount[],
  amount: number,
  spent = new Map<string, number>(),
): { amount: number; discount: string }[] {
  let left = amount;
  return discounts.map((discount) => {
    const coupon = couponOf(world, discount);
    const gone = spent.get(discount.id) ?? 0;
    const off =
      coupon.amount_off === null ? discountOn(coupon, left) : Math.max(0, Math.min(coupon.amount_off - gone, left));
    spent.set(discount.id, gone + off);
    left -= off;
    return { amount: off, discount: discount.id };
  });
}

/** What prorated amounts are multiplied with: an amount off is not prorated. */
export function shareLeft(world: World, discounts: readonly Stripe.Discount[]): number {
  return discounts.reduce((share, discount) => share * (1 - (couponOf(world, discount).percent_off ?? 0) / 100), 1);
}

/** The promotion code that reads so and can be used now. @throws StripeFailure in words for whoever typed it. */
export function usableCode(
  world: World,
  typed: string,
  { customer, currency }: { readonly customer: string | null; readonly currency: string },
): Stripe.PromotionCode {
  const now = world.now();
  const found = [...world.promotionCodes.values()].find(
    ({ code, active, expires_at, max_redemptions, times_redeemed, ...rest }) =>
      code.toLowerCase() === typed.trim().toLowerCase() &&
      active &&
      (expires_at === null || expires_at > now) &&
      (max_redemptions === null || times_redeemed < max_redemptions) &&
      (rest.customer === null || idOf(rest.customer) === customer),
  );
  if (!found) throw invalid('This code is invalid.', 'promotion_code', 'promotion_code_invalid');
  const coupon = find(world, 'coupons', idOf(found.promotion.coupon ?? ''));
  if (!isOfCurrency(coupon, currency))
    throw invalid('This code is invalid.', 'promotion_code', 'promotion_code_invalid');
  assertUsable(world, coupon);
  return found;
}

/** @throws StripeFailure when a coupon can be redeemed no more. */
export function assertUsable(world: World, coupon: Stripe.Coupon): void {
  const spent = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  if (!coupon.valid || spent || (coupon.redeem_by !== null && coupon.redeem_by <= world.now()))
    throw invalid(`Coupon expired: ${coupon.id}`, 'coupon', 'coupon_expired');
}

/** Can what a coupon takes off be taken off in this currency? A percentage can in any. */
function isOfCurrency(coupon: Stripe.Coupon, currency: string): boolean {
  return coupon.amount_off === null || coupon.currency === currency;
}

/** @throws StripeFailure when a coupon takes off an amount in another currency. @param param what named the coupon. */
export function assertCurrency(coupon: Stripe.Coupon, currency: string, param: string): void {
  if (!isOfCurrency(coupon, currency))
    throw invalid(
      `The coupon specified only supports \`${String(coupon.currency)}\`. This doesn't match the expected ` +
        `currency: \`${currency}\`.`,
      param,
    );
}

/** A subscription's customer redeems a coupon. */
export function redeem(
  world: World,
  subscription: Stripe.Subscription,
  { coupon: id, promotionCode, session }: { coupon: string; promotionCode: string | null; session: string | null },
): Stripe.Discount {
  const coupon = find(world, 'coupons', id);
  const end =
    coupon.duration === 'repeating'
      ? boundary(world.now(), { interval: 'month', interval_count: coupon.duration_in_months ?? 1 }, 1)
      : null;
  const customer = findCustomer(world, idOf(subscription.customer));
  const discount = newDiscount(world, {
    coupon: id,
    customer: customer.id,
    subscription: subscription.id,
    promotion_code: promotionCode,
    checkout_session: session,
    end,
  });
  world.add('discounts', discount);
  world.alter('coupons', coupon, { times_redeemed: coupon.times_redeemed + 1 });
  const code = promotionCode === null ? undefined : world.promotionCodes.get(promotionCode);
  if (code) world.alter('promotionCodes', code, { times_redeemed: code.times_redeemed + 1 });
  world.alter('subscriptions', subscription, { discounts: [...subscription.discounts.map(idOf), discount.id] });
  world.emit('customer.discount.created', discount);
  return discount;
}

/** Takes off a subscription what it used up with the invoice just made: a coupon for once, one whose time is over. */
export function spendDiscounts(world: World, subscription: Stripe.Subscription): void {
  const left = discountsOf(world, subscription)
    .filter((discount) => couponOf(world, discount).duration !== 'once')
    .map(({ id }) => id);
  if (left.length === subscription.discounts.length) return;
  const gone = subscription.discounts.map((one) => idOrNull(one) ?? '').filter((id) => !left.includes(id));
  world.alter('subscriptions', subscription, { discounts: left });
  for (const id of gone) world.emit('customer.discount.deleted', find(world, 'discounts', id));
}
