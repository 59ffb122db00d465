import type Stripe from 'stripe';
import { findCustomer, idOf, idOrNull } from '../find';
import type { World } from '../world';

/** The intent an invoice is to be paid with, and the tie between the two; undefined when nothing is due. */
export function intentOf(
  world: World,
  invoice: Stripe.Invoice,
): { intent: Stripe.PaymentIntent; payment: Stripe.InvoicePayment } | undefined {
  for (const payment of world.of('invoicePayments', invoice.id)) {
    if (payment.status === 'canceled') continue;
    const intent = world.paymentIntents.get(idOf(payment.payment.payment_intent ?? ''));
    if (intent) return { intent, payment };
  }
  return undefined;
}

/** The subscription an invoice is for. */
export function subscriptionOf(world: World, invoice: Stripe.Invoice): Stripe.Subscription | undefined {
  return world.subscriptions.get(idOf(invoice.parent?.subscription_details?.subscription ?? ''));
}

/** The invoice a subscription got last. */
export function latestInvoiceOf(world: World, subscription: Stripe.Subscription): Stripe.Invoice | undefined {
  return world.invoices.get(idOrNull(subscription.latest_invoice) ?? '');
}

/** The invoices of a subscription, oldest first. */
export function invoicesOf(world: World, subscription: Stripe.Subscription): Stripe.Invoice[] {
  return world.of('invoices', subscription.id);
}

/** What was prorated for a subscription and waits for its next invoice, oldest first. */
export function pendingItemsOf(world: World, subscription: Stripe.Subscription): Stripe.InvoiceItem[] {
  return world.of('invoiceItems', subscription.id).filter(({ invoice }) => invoice === null);
}

/** The card a subscription is paid with: its own, else its customer's. */
export function methodOf(world: World, subscription: Stripe.Subscription): Stripe.PaymentMethod | undefined {
  const own = idOrNull(subscription.default_payment_method);
  const customer = findCustomer(world, idOf(subscription.customer));
  return world.paymentMethods.get(own ?? idOrNull(customer.invoice_settings.default_payment_method) ?? '');
}

/** Is it over for good? */
export function hasEnded({ status }: Stripe.Subscription): boolean {
  return status === 'canceled' || status === 'incomplete_expired';
}

/** The item that stands for the subscription's period: all of ours share one. @throws when there is none. */
export function firstItem(subscription: Stripe.Subscription): Stripe.SubscriptionItem {
  const item = subscription.items.data[0];
  if (!item) throw new Error(`subscription ${subscription.id} has no item`);
  return item;
}

/** Changes a subscription and says what changed, if anything did. */
export function updateSubscription(
  world: World,
  subscription: Stripe.Subscription,
  values: Partial<Stripe.Subscription>,
): void {
  const previous = world.alter('subscriptions', subscription, withItsEnd(subscription, values));
  if (previous) world.emit('customer.subscription.updated', subscription, previous);
}

/** A subscription that ends with its period goes on ending with it when the period becomes another one. */
function withItsEnd(
  subscription: Stripe.Subscription,
  values: Partial<Stripe.Subscription>,
): Partial<Stripe.Subscription> {
  const ends = values.cancel_at_period_end ?? subscription.cancel_at_period_end;
  const end = values.items?.data[0]?.current_period_end;
  return ends && end !== undefined ? { ...values, cancel_at: end } : values;
}

/** As `updateSubscription`, for an invoice. */
export function updateInvoice(world: World, invoice: Stripe.Invoice, values: Partial<Stripe.Invoice>): void {
  const previous = world.alter('invoices', invoice, values);
  if (previous) world.emit('invoice.updated', invoice, previous);
}

/**
 * As `updateSubscription`, for a customer. Invoices that are not final yet say what the customer does
 * (https://docs.stripe.com/api/invoices/object#invoice_object-customer_email).
 */
export function updateCustomer(world: World, customer: Stripe.Customer, values: Partial<Stripe.Customer>): void {
  const previous = world.alter('customers', customer, values);
  if (!previous) return;
  world.emit('customer.updated', customer, previous);
  if (!['address', 'email', 'name', 'phone'].some((key) => key in previous)) return;
  for (const invoice of world.invoices.values()) {
    if (invoice.status !== 'draft' || idOrNull(invoice.customer) !== customer.id) continue;
    world.alter('invoices', invoice, {
      customer_address: customer.address ?? null,
      customer_email: customer.email,
      customer_name: customer.name ?? null,
      customer_phone: customer.phone ?? null,
    });
  }
}
