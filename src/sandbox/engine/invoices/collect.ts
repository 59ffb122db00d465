import type Stripe from 'stripe';
import type { Outcome } from '../../outcome';
import { findCustomer, idOf } from '../../find';
import { newCharge } from '../../objects/charge';
import type { World } from '../../world';
import { failed } from './dunning';
import { paidInFull } from './paid';
import { intentOf, methodOf, subscriptionOf } from '../ties';
import { verdictOn, verdictOnAsking, type Presence, type Verdict } from '../verdict';

const NO_CARD: Verdict = {
  kind: 'declined',
  code: 'invoice_payment_intent_requires_action',
  message: 'This customer has no attached payment source or default payment method.',
};

/**
 * Tries to collect an open invoice. Whatever comes of it, the subscription follows. @param card another than the one on
 * file.
 */
export function collect(
  world: World,
  invoice: Stripe.Invoice,
  presence: Presence,
  card?: Stripe.PaymentMethod,
): Outcome {
  const tie = intentOf(world, invoice);
  const subscription = subscriptionOf(world, invoice);
  if (!tie || !subscription) {
    paidInFull(world, invoice);
    return { outcome: 'paid' };
  }
  const { intent, payment } = tie;
  const customer = findCustomer(world, idOf(subscription.customer));
  const method = card ?? methodOf(world, subscription);
  // What the bank asked for while nobody was there, it still asks for.
  const asked = card === undefined && presence.present && intent.status === 'requires_action';
  const verdict = !method
    ? NO_CARD
    : asked
      ? verdictOnAsking(presence)
      : verdictOn(world, customer.id, method, presence);
  if (verdict.kind === 'authenticate') {
    if (!presence.present) requireAction(world, invoice, intent, method);
    return { outcome: 'authenticate' };
  }
  if (verdict.kind === 'declined') {
    refuse(world, intent, method, verdict);
    failed(world, invoice, presence.present);
    return { outcome: 'declined', code: verdict.code, message: verdict.message };
  }
  succeed(world, intent, method);
  world.alter('invoicePayments', payment, {
    amount_paid: intent.amount,
    status: 'paid',
    status_transitions: { ...payment.status_transitions, paid_at: world.now() },
  });
  world.emit('invoice_payment.paid', payment);
  world.alter('invoices', invoice, { attempt_count: invoice.attempt_count + 1 });
  paidInFull(world, invoice);
  return { outcome: 'paid' };
}

function succeed(world: World, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod | undefined): void {
  if (!method) return;
  const charge = world.add('charges', newCharge(world, intent, method, null));
  world.alter('paymentIntents', intent, {
    amount_received: intent.amount,
    last_payment_error: null,
    latest_charge: charge.id,
    next_action: null,
    payment_method: method.id,
    status: 'succeeded',
  });
  world.emit('charge.succeeded', charge);
  world.emit('payment_intent.succeeded', intent);
}

/** Leaves behind the traces of a charge the bank refused. */
export function refuse(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod | undefined,
  { code, message }: Extract<Verdict, { kind: 'declined' }>,
): void {
  const charge =
    method && code === 'card_declined'
      ? world.add('charges', newCharge(world, intent, method, { code, message }))
      : null;
  world.alter('paymentIntents', intent, {
    last_payment_error: {
      ...(charge ? { charge: charge.id } : {}),
      code,
      ...(code === 'card_declined' ? { decline_code: 'generic_decline' } : {}),
      doc_url: `https://docs.stripe.com/error-codes/${code.replaceAll('_', '-')}`,
      message,
      ...(method ? { payment_method: method } : {}),
      type: 'card_error',
    },
    latest_charge: charge?.id ?? intent.latest_charge,
    next_action: null,
    payment_method: null,
    status: 'requires_payment_method',
  });
  if (charge) world.emit('charge.failed', charge);
  world.emit('payment_intent.payment_failed', intent);
}

function requireAction(
  world: World,
  invoice: Stripe.Invoice,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod | undefined,
): void {
  const url = invoice.hosted_invoice_url ?? world.url;
  world.alter('paymentIntents', intent, {
    next_action: { redirect_to_url: { return_url: null, url }, type: 'redirect_to_url' },
    payment_method: method?.id ?? null,
    status: 'requires_action',
  });
  world.emit('payment_intent.requires_action', intent);
  world.emit('invoice.payment_action_required', invoice);
  failed(world, invoice, false);
}
