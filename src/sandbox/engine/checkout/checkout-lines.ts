import type Stripe from 'stripe';
import { find, idOf, idOrNull } from '../../find';
import type { World } from '../../world';
import { discountOn } from '../discounts';

/** The coupon that is redeemed with a session, named itself or by a code. */
export function couponOfSession(world: World, { discounts }: Stripe.Checkout.Session): Stripe.Coupon | null {
  const redeemed = discounts?.[0];
  const code = redeemed?.promotion_code ? find(world, 'promotionCodes', idOf(redeemed.promotion_code)) : null;
  const coupon = code ? idOrNull(code.promotion.coupon) : idOrNull(redeemed?.coupon);
  return coupon === null ? null : find(world, 'coupons', coupon);
}

/** What is bought in a session, with what its coupon takes off each line; an amount off is used up line by line. */
export function linesOfSession(world: World, session: Stripe.Checkout.Session): Stripe.LineItem[] {
  const coupon = couponOfSession(world, session);
  let left = coupon?.amount_off ?? Infinity;
  return find(world, 'orders', session.id).lines.map((line) => {
    const off = coupon ? Math.min(left, discountOn(coupon, line.amount_subtotal)) : 0;
    left -= off;
    return { ...line, amount_discount: off, amount_total: line.amount_subtotal - off };
  });
}
