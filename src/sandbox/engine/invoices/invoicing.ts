import type Stripe from 'stripe';
import { findCustomer, idOf } from '../../find';
import { newId } from '../../ids';
import { newInvoice } from '../../objects/invoice';
import { newInvoicePayment } from '../../objects/invoice-payment';
import { newInvoiceLine, type LineValues } from '../../objects/invoice-line';
import { newPaymentIntent } from '../../objects/payment-intent';
import type { World } from '../../world';
import { settledWith } from '../../balance';
import { useCurrency } from '../currencies';
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
  const lines = linesOn(id, draft.lines);
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

/** The lines of an invoice. A credit for what had waited names the line that this has become, which is beside it. */
function linesOn(invoice: string, values: readonly LineValues[]): Stripe.InvoiceLineItem[] {
  const lines = values.map((line) => newInvoiceLine(invoice, line));
  const places = new Map(values.map(({ invoiceItem }, place) => [invoiceItem, place]));
  return lines.map((line, at) => {
    const credited = values[at]?.credited;
    const place = credited && 'invoiceItem' in credited ? places.get(credited.invoiceItem) : undefined;
    const debit = place === undefined ? undefined : lines[place];
    return debit
      ? { ...newInvoiceLine(invoice, { ...values[at]!, credited: { invoice, lines: [debit.id] } }), id: line.id }
      : line;
  });
}

/** Draws up a draft of an invoice, with what waited for it. */
export function draftInvoice(world: World, subscription: Stripe.Subscription, draft: Draft): Stripe.Invoice {
  useCurrency(world, findCustomer(world, idOf(subscription.customer)), subscription.currency);
  const invoice = composeInvoice(world, subscription, draft);
  for (const { invoiceItem } of draft.lines) {
    const item = invoiceItem === null ? undefined : world.invoiceItems.get(invoiceItem);
    if (item) world.alter('invoiceItems', item, { invoice: invoice.id });
  }
  world.add('invoices', invoice);
  world.emit('invoice.created', invoice);
  return invoice;
}

/**
 * Makes a draft final: it gets a number, an address and, where something is due, an intent to be paid with. Nothing is
 * collected.
 */
export function finalize(world: World, invoice: Stripe.Invoice): void {
  const customer = findCustomer(world, idOf(invoice.customer ?? ''));
  const sequence = customer.next_invoice_sequence ?? 1;
  const starting = customer.balance;
  const { due, balance } = settledWith(starting, invoice.total, invoice.currency);
  const changed = world.alter('customers', customer, { balance, next_invoice_sequence: sequence + 1 });
  if (balance !== starting) announceCustomer(world, customer, changed);
  world.alter('invoices', invoice, {
    amount_due: due,
    amount_remaining: due,
    automatically_finalizes_at: null,
    effective_at: world.now(),
    starting_balance: starting,
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
