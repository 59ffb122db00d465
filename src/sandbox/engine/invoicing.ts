import type Stripe from 'stripe';
import { findCustomer, idOf } from '../find';
import { newId } from '../ids';
import { newInvoice } from '../objects/invoice';
import { newInvoicePayment } from '../objects/invoice-payment';
import { newInvoiceLine, type LineValues } from '../objects/invoice-line';
import { newPaymentIntent } from '../objects/payment-intent';
import type { World } from '../world';
import { paidInFull } from './paid';

export interface Draft {
  readonly reason: Stripe.Invoice.BillingReason;
  readonly lines: readonly LineValues[];
  readonly periodStart: number;
  readonly periodEnd: number;
  readonly finalizesAt?: number | null;
  readonly autoAdvance?: boolean;
  readonly prorationDate?: number;
}

/** An invoice of a subscription that nobody has been told of. */
export function composeInvoice(
  world: World,
  subscription: Stripe.Subscription,
  draft: Draft,
  id = newId('in'),
): Stripe.Invoice {
  const lines = draft.lines.map((line) => newInvoiceLine(id, line));
  return newInvoice(world, {
    id,
    customer: findCustomer(world, idOf(subscription.customer)),
    subscription,
    reason: draft.reason,
    lines,
    discounts: [...new Set(lines.flatMap(({ discounts }) => discounts.map(idOf)))],
    periodStart: draft.periodStart,
    periodEnd: draft.periodEnd,
    finalizesAt: draft.finalizesAt ?? null,
    autoAdvance: draft.autoAdvance ?? true,
    prorationDate: draft.prorationDate ?? null,
  });
}

/** Draws up a draft of an invoice, with what waited for it. */
export function draftInvoice(world: World, subscription: Stripe.Subscription, draft: Draft): Stripe.Invoice {
  const invoice = composeInvoice(world, subscription, draft);
  for (const { invoiceItem } of draft.lines) {
    const item = invoiceItem === null ? undefined : world.invoiceItems.get(invoiceItem);
    if (item) world.alter('invoiceItems', item, { invoice: invoice.id });
  }
  world.add('invoices', invoice);
  world.emit('invoice.created', invoice);
  return invoice;
}

/** Makes a draft final: it gets a number, an address and, where something is due, an intent to be paid with. Nothing is collected. */
export function finalize(world: World, invoice: Stripe.Invoice): void {
  const customer = findCustomer(world, idOf(invoice.customer ?? ''));
  const sequence = customer.next_invoice_sequence ?? 1;
  // A balance below 0 is to the customer's credit: it is used first, and an invoice in their favour adds to it.
  const applied = invoice.total > 0 ? Math.max(customer.balance, -invoice.total) : 0;
  const due = Math.max(0, invoice.total + applied);
  const balance = invoice.total > 0 ? customer.balance - applied : customer.balance + invoice.total;
  if (balance !== customer.balance)
    announceCustomer(
      world,
      customer,
      world.alter('customers', customer, { balance, next_invoice_sequence: sequence + 1, currency: invoice.currency }),
    );
  else world.alter('customers', customer, { next_invoice_sequence: sequence + 1, currency: invoice.currency });
  world.alter('invoices', invoice, {
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: null,
    effective_at: world.now(),
    ending_balance: balance,
    hosted_invoice_url: `${world.url}/i/${invoice.id}`,
    invoice_pdf: `${world.url}/i/${invoice.id}/pdf`,
    next_payment_attempt: null,
    number: `${customer.invoice_prefix}-${String(sequence).padStart(4, '0')}`,
    status: 'open',
    status_transitions: { ...invoice.status_transitions, finalized_at: world.now() },
  });
  world.emit('invoice.finalized', invoice);
  if (invoice.amount_due === 0) paidInFull(world, invoice);
  else intendPayment(world, invoice, customer.id);
}

function intendPayment(world: World, invoice: Stripe.Invoice, customer: string): void {
  const description =
    invoice.billing_reason === 'subscription_create' ? 'Subscription creation' : 'Subscription update';
  const intent = world.add(
    'paymentIntents',
    newPaymentIntent(world, {
      amount: invoice.amount_due,
      currency: invoice.currency,
      customer,
      description,
      paymentMethod: null,
    }),
  );
  world.emit('payment_intent.created', intent);
  world.add('invoicePayments', newInvoicePayment(world, invoice, intent.id));
}

function announceCustomer(world: World, customer: Stripe.Customer, previous: Record<string, unknown> | null): void {
  if (previous) world.emit('customer.updated', customer, previous);
}
