import type Stripe from 'stripe';
import type { CardName } from '../cards';
import { find, idOf } from '../find';
import { newPaymentMethod } from '../objects/payment-method';
import type { World } from '../world';
import { hasEnded, updateCustomer, updateSubscription } from './ties';

/** Gives a customer a card. */
export function attach(world: World, method: Stripe.PaymentMethod, customer: Stripe.Customer): Stripe.PaymentMethod {
  if (!world.paymentMethods.has(method.id)) world.add('paymentMethods', method);
  world.alter('paymentMethods', method, { customer: customer.id });
  world.emit('payment_method.attached', method);
  return method;
}

/** Takes a card from its customer, and from what it was to pay. */
export function detach(world: World, method: Stripe.PaymentMethod): Stripe.PaymentMethod {
  const previous = world.alter('paymentMethods', method, { customer: null });
  for (const subscription of world.subscriptions.values())
    if (subscription.default_payment_method === method.id)
      updateSubscription(world, subscription, { default_payment_method: null });
  for (const customer of world.customers.values()) {
    if (customer.deleted || customer.invoice_settings.default_payment_method !== method.id) continue;
    updateCustomer(world, customer, {
      invoice_settings: { ...customer.invoice_settings, default_payment_method: null },
    });
  }
  world.emit('payment_method.detached', method, previous);
  return method;
}

/** A customer's card is replaced wherever it would have been charged. */
export function replaceCard(world: World, customer: Stripe.Customer, card: CardName): Stripe.PaymentMethod {
  const method = attach(
    world,
    newPaymentMethod(world, card, customer.id, { email: customer.email, name: customer.name ?? null }),
    customer,
  );
  updateCustomer(world, customer, {
    invoice_settings: { ...customer.invoice_settings, default_payment_method: method.id },
  });
  for (const subscription of world.subscriptions.values()) {
    if (idOf(subscription.customer) === customer.id && !hasEnded(subscription))
      updateSubscription(world, subscription, { default_payment_method: method.id });
  }
  return find(world, 'paymentMethods', method.id);
}
