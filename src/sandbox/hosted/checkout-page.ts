import type Stripe from 'stripe';
import type { Language } from '../../lib/language';
import type { CardName } from '../cards';
import { codeFor } from '../engine/checkout/checkout';
import { couponOfSession, linesOfSession } from '../engine/checkout/checkout-lines';
import { StripeFailure } from '../failure';
import { find, idOf } from '../find';
import { billOf, discountOf } from './bill';
import { cardChoices } from './cards';
import type { PageParts } from './frame';
import { dayOf, money, priceOf } from './money';
import type { CheckoutPage } from './page-types';

/** What was typed, and what is wrong with it. */
export interface Typed {
  readonly card: CardName;
  readonly email: string;
  readonly code: string;
  readonly error: string | null;
  readonly emailError: string | null;
}

/** The open checkout as it is printed. */
export function checkoutPage(
  { sandbox: { world } }: Pick<PageParts, 'sandbox'>,
  language: Language,
  session: Stripe.Checkout.Session,
  email: string | null,
  typed: Typed,
): CheckoutPage {
  const { say } = language;
  const order = world.orders.get(session.id);
  const items = order ? linesOfSession(world, session) : [];
  const currency = session.currency ?? 'eur';
  const subtotal = items.reduce((sum, line) => sum + line.amount_subtotal, 0);
  const found = typed.code === '' ? null : promotionOf(world, session, typed.code);
  const given = items.reduce((sum, line) => sum + line.amount_discount, 0);
  const discount = found ? discountOf(found.coupon, subtotal) : given;
  const trialEnd = order?.trialEnd ?? (order?.trialDays ? world.now() + order.trialDays * 86_400 : null);
  const total = Math.max(0, subtotal - discount);
  const price = items.map((line) => (line.price ? priceOf(language, line.price, line.quantity ?? 1) : '')).join(' + ');
  const later = money(language, total, currency);
  return {
    heading: items.map((line) => nameOf(world, line)).join(', '),
    price,
    terms: [
      ...(trialEnd === null ? [] : [say('sandbox.pay.trial', { date: dayOf(language, trialEnd), amount: later })]),
      say('sandbox.pay.renews', { price }),
    ],
    bill: billOf(language, {
      lines: items.map((line) => ({
        what: nameOf(world, line),
        note: (line.quantity ?? 1) > 1 ? say('sandbox.bill.quantity', { n: line.quantity ?? 1 }) : null,
        amount: money(language, line.amount_subtotal, currency),
      })),
      currency,
      subtotal,
      discount,
      discountName: found?.name ?? couponOfSession(world, session)?.name ?? null,
      tax: session.automatic_tax.enabled ? 0 : null,
      credit: 0,
      total: trialEnd === null ? total : 0,
      totalLabel: say('sandbox.pay.today'),
    }),
    action: `/c/pay/${session.id}`,
    email: { value: email ?? typed.email, fixed: email !== null, error: typed.emailError },
    cards: cardChoices(language, typed.card),
    code: session.allow_promotion_codes
      ? {
          value: typed.code,
          error: typed.code !== '' && !found ? say('sandbox.pay.code-wrong') : null,
          applied: found
            ? say('sandbox.pay.code-applied', { code: typed.code, amount: money(language, discount, currency) })
            : null,
        }
      : null,
    error: typed.error,
    submit: trialEnd === null ? say('sandbox.pay.submit', { amount: later }) : say('sandbox.pay.start-trial'),
    cancel: session.cancel_url,
  };
}

function nameOf(world: PageParts['sandbox']['world'], { description, price }: Stripe.LineItem): string {
  return (price && world.products.get(idOf(price.product))?.name) ?? description ?? '';
}

/**
 * The coupon of a promotion code that was typed and can be used in this session.
 * @throws what is no refusal of the sandbox's API.
 */
export function promotionOf(
  world: PageParts['sandbox']['world'],
  session: Stripe.Checkout.Session,
  typed: string,
): { readonly coupon: Stripe.Coupon; readonly name: string } | null {
  try {
    const { code, promotion } = codeFor(world, session, typed);
    const coupon = find(world, 'coupons', idOf(promotion.coupon ?? ''));
    return { coupon, name: coupon.name ?? code };
  } catch (error) {
    if (error instanceof StripeFailure) return null;
    throw error;
  }
}
