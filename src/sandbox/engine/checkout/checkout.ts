import type Stripe from 'stripe';
import type { Outcome, Payment } from '../../outcome';
import { invalid } from '../../failure';
import { find, findCustomer, idOf, idOrNull } from '../../find';
import type { Order } from '../../kinds';
import { newCustomer } from '../../objects/customer';
import { newPaymentIntent } from '../../objects/payment-intent';
import { newPaymentMethod } from '../../objects/payment-method';
import type { World } from '../../world';
import { collect, refuse } from '../invoices/collect';
import { couponOfSession } from './checkout-lines';
import { assertOneCurrency } from '../currencies';
import { discountOn, usableCode } from '../discounts';
import { keepCard } from '../renew';
import { subscribe } from '../subscribe';
import { updateCustomer } from '../ties';
import { verdictOn, verdictOnKeeping, type Verdict } from '../verdict';

/**
 * The customer presses the button of a hosted checkout. Nothing comes to be unless the card is good for it.
 * @throws StripeFailure 400 for a session that is over.
 */
export function payCheckout(world: World, sessionId: string, payment: Payment): Outcome {
  const session = find(world, 'checkoutSessions', sessionId);
  if (session.status !== 'open')
    throw invalid(
      'This Checkout Session is no longer active.',
      'id',
      session.status === 'complete' ? 'checkout_session_completed' : 'checkout_session_expired',
    );
  const order = find(world, 'orders', sessionId);
  if (payment.promotionCode) applyCode(world, session, payment.promotionCode);
  const trialEnd = trialEndOf(world, order);
  const known = idOrNull(session.customer);
  const customer = known === null ? null : findCustomer(world, known);
  if (customer) assertOneCurrency(world, customer, session.currency ?? '');
  const email = payment.email ?? customer?.email ?? session.customer_email;
  if (!email) throw invalid('Your email is required.', 'email', 'email_invalid');
  const due = trialEnd === null ? (session.amount_total ?? 0) : 0;
  const keeps = due > 0 || session.payment_method_collection !== 'if_required';
  const method = newPaymentMethod(world, payment.card, null, { email, name: payment.name ?? customer?.name ?? null });
  const verdict: Verdict = !keeps
    ? { kind: 'approved' }
    : due > 0
      ? verdictOn(world, customer?.id ?? '', method, { present: true, authenticated: payment.authenticated })
      : verdictOnKeeping(method, { present: true, authenticated: payment.authenticated });
  if (verdict.kind === 'authenticate') return { outcome: 'authenticate' };
  if (verdict.kind === 'declined') {
    if (customer && due > 0) leaveTraces(world, session, customer, method, due, verdict);
    return { outcome: 'declined', code: verdict.code, message: verdict.message };
  }
  complete(
    world,
    session,
    order,
    customer ?? welcome(world, email, payment.name),
    keeps ? method : null,
    trialEnd,
    email,
    payment.name,
  );
  return { outcome: 'paid' };
}

/** The code that was typed, where it can be used in this session. @throws StripeFailure when it cannot. */
export function codeFor(world: World, session: Stripe.Checkout.Session, typed: string): Stripe.PromotionCode {
  return usableCode(world, typed, { customer: idOrNull(session.customer), currency: session.currency ?? '' });
}

/** A code the customer typed takes something off what the session asks. @throws StripeFailure when it cannot. */
export function applyCode(world: World, session: Stripe.Checkout.Session, typed: string): void {
  if (!session.allow_promotion_codes) throw invalid('Promotion codes are not accepted here.', 'promotion_code');
  const code = codeFor(world, session, typed);
  const coupon = find(world, 'coupons', idOf(code.promotion.coupon ?? ''));
  const subtotal = session.amount_subtotal ?? 0;
  const off = discountOn(coupon, subtotal);
  world.alter('checkoutSessions', session, {
    amount_total: subtotal - off,
    discounts: [{ coupon: null, promotion_code: code.id }],
    total_details: { amount_discount: off, amount_shipping: 0, amount_tax: 0 },
  });
}

function trialEndOf(world: World, { trialEnd, trialDays }: Order): number | null {
  if (trialEnd !== null) return trialEnd > world.now() ? trialEnd : null;
  return trialDays === null ? null : world.now() + trialDays * 86_400;
}

function welcome(world: World, email: string, name: string | undefined): Stripe.Customer {
  const customer = newCustomer(world, { email, name: name ?? null });
  world.add('customers', customer);
  world.emit('customer.created', customer);
  return customer;
}

function leaveTraces(
  world: World,
  session: Stripe.Checkout.Session,
  customer: Stripe.Customer,
  method: Stripe.PaymentMethod,
  amount: number,
  verdict: Extract<Verdict, { kind: 'declined' }>,
): void {
  const intent = world.add(
    'paymentIntents',
    newPaymentIntent(world, {
      amount,
      currency: session.currency ?? 'usd',
      customer: customer.id,
      description: 'Subscription creation',
      paymentMethod: null,
    }),
  );
  world.emit('payment_intent.created', intent);
  refuse(world, intent, method, verdict);
}

function complete(
  world: World,
  session: Stripe.Checkout.Session,
  order: Order,
  customer: Stripe.Customer,
  method: Stripe.PaymentMethod | null,
  trialEnd: number | null,
  email: string,
  name: string | undefined,
): void {
  if (method) {
    world.add('paymentMethods', { ...method, customer: customer.id });
    world.emit('payment_method.attached', find(world, 'paymentMethods', method.id));
  }
  updateCustomer(world, customer, { email: customer.email ?? email, name: customer.name ?? name ?? null });
  const code = idOrNull(session.discounts?.[0]?.promotion_code);
  const coupon = couponOfSession(world, session);
  const { subscription, invoice } = subscribe(world, {
    customer,
    trialEnd,
    paymentMethod: method?.id ?? null,
    metadata: { ...order.metadata },
    description: order.description,
    automaticTax: session.automatic_tax.enabled,
    missingPaymentMethod: order.missingPaymentMethod,
    items: order.lines.flatMap(({ price, quantity }) => (price ? [{ price, quantity: quantity ?? 1 }] : [])),
    redeemed: coupon && { coupon: coupon.id, promotionCode: code, session: session.id },
  });
  // The bank has been asked and has agreed; nobody asks it twice.
  if (invoice.status === 'open' && method) collect(world, invoice, { present: true, authenticated: true });
  if (method && trialEnd !== null) keepCard(world, customer, method);
  const free = invoice.amount_due === 0;
  world.alter('checkoutSessions', session, {
    automatic_tax: { ...session.automatic_tax, status: session.automatic_tax.enabled ? 'complete' : null },
    customer: customer.id,
    customer_details: {
      address: customer.address ?? null,
      business_name: null,
      email,
      individual_name: null,
      name: customer.name ?? null,
      phone: customer.phone ?? null,
      tax_exempt: 'none',
      tax_ids: [],
    },
    invoice: invoice.id,
    payment_status: free ? 'no_payment_required' : 'paid',
    status: 'complete',
    subscription: subscription.id,
    url: null,
  });
  world.emit('checkout.session.completed', session);
}
