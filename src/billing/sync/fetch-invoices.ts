import type Stripe from 'stripe';
import { idOf, idOr, moment, momentOr } from '../stripe/values';
import { listAll, type StripeClient } from '../stripe/client';
import type { StripeSnapshot, DraftSnapshot, InvoiceSnapshot } from './snapshot';

interface InvoiceObjects {
  readonly invoices: readonly Stripe.Invoice[];
  readonly charges: readonly Stripe.Charge[];
  readonly refunds: readonly Stripe.Refund[];
  readonly disputes: readonly Stripe.Dispute[];
}

/** Puts invoices together with the charges that paid them, or tried to, and with what became of those. */
export async function readInvoices(
  stripe: StripeClient,
  { invoices, charges, refunds, disputes }: InvoiceObjects,
): Promise<Pick<StripeSnapshot, 'invoices' | 'drafts' | 'refunds' | 'disputes'>> {
  const paymentsOf = new Map(
    await Promise.all(invoices.map(async (one) => [one.id, await readPayments(stripe, one)] as const)),
  );
  const invoiceOf = new Map<string, string>();
  for (const invoice of invoices) {
    for (const { payment } of paymentsOf.get(invoice.id)!) {
      const [intent, charge] = [idOr(payment.payment_intent), idOr(payment.charge)];
      if (intent !== null) invoiceOf.set(intent, invoice.id);
      if (charge !== null) invoiceOf.set(charge, invoice.id);
    }
  }
  const invoiceOfCharge = new Map(
    charges.map((charge) => [
      charge.id,
      invoiceOf.get(idOr(charge.payment_intent) ?? '') ?? invoiceOf.get(charge.id) ?? null,
    ]),
  );
  // One that failed or was taken back has paid nothing back.
  const given = refunds.filter(({ status }) => status !== 'failed' && status !== 'canceled');
  const invoiceOfLink = (charge: string | Stripe.Charge | null) =>
    charge === null ? null : (invoiceOfCharge.get(idOf(charge)) ?? null);
  return {
    invoices: await Promise.all(
      invoices
        .filter(({ status }) => status !== 'draft')
        .map((invoice) => {
          const own = charges
            .filter(({ id }) => invoiceOfCharge.get(id) === invoice.id)
            .sort((a, b) => a.created - b.created);
          return invoiceSnapshot(stripe, invoice, {
            charges: own,
            refunds: given.filter(({ charge }) => invoiceOfLink(charge) === invoice.id),
            payments: paymentsOf.get(invoice.id)!,
          });
        }),
    ),
    drafts: invoices.filter(({ status }) => status === 'draft').map(draftSnapshot),
    refunds: given.map((one) => ({
      id: one.id,
      invoice: invoiceOfLink(one.charge),
      currency: one.currency,
      amountCents: one.amount,
      createdAt: moment(one.created),
    })),
    disputes: disputes.map((one) => ({
      id: one.id,
      invoice: invoiceOfLink(one.charge),
      status: one.status,
      reason: one.reason,
      currency: one.currency,
      amountCents: one.amount,
      createdAt: moment(one.created),
    })),
  };
}

/** What pays an invoice, or is to. The invoice holds the first of them. */
async function readPayments(stripe: StripeClient, { id, payments }: Stripe.Invoice): Promise<Stripe.InvoicePayment[]> {
  if (payments?.has_more) return listAll(stripe.invoicePayments.list({ invoice: id, limit: 100 }));
  return payments?.data ?? [];
}

/** The lines of an invoice. It holds the first ten of them (https://docs.stripe.com/api/invoice-line-item). */
async function readLines(stripe: StripeClient, { id, lines }: Stripe.Invoice): Promise<Stripe.InvoiceLineItem[]> {
  return lines.has_more ? listAll(stripe.invoices.listLineItems(id, { limit: 100 })) : lines.data;
}

function draftSnapshot(it: Stripe.Invoice): DraftSnapshot {
  return {
    id: it.id,
    subscription: idOr(it.parent?.subscription_details?.subscription),
    createdAt: moment(it.created),
    advances: it.auto_advance === true,
    finalizationError: it.last_finalization_error === null ? null : (it.last_finalization_error.code ?? 'unknown'),
  };
}

interface InvoiceContext {
  readonly charges: readonly Stripe.Charge[];
  readonly refunds: readonly Stripe.Refund[];
  readonly payments: readonly Stripe.InvoicePayment[];
}

async function invoiceSnapshot(
  stripe: StripeClient,
  it: Stripe.Invoice,
  { charges, refunds, payments }: InvoiceContext,
): Promise<InvoiceSnapshot> {
  const isOpen = it.status === 'open';
  const { processing, asksForAuthentication } = isOpen ? await readIntents(stripe, payments) : NO_INTENTS;
  const underway = isOpen && (processing || charges.some(({ status }) => status === 'pending'));
  const failures = charges.filter(({ status }) => status === 'failed');
  const [failed] = failures;
  // A bank that asks for its customer refuses without a charge, and leaves no other trace than that it was tried.
  const failing = isOpen && (failed !== undefined || (it.attempt_count > 0 && !underway));
  const paying = charges.findLast(({ status }) => status === 'succeeded') ?? charges.at(-1);
  const refunded = charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
  // A bank that asks for its customer refuses without a charge: then it was the first try, as the invoice was made
  // final.
  const firstFailed = moment(failed?.created ?? it.status_transitions.finalized_at ?? it.created);
  const lines = (await readLines(stripe, it)).filter(
    ({ parent }) => parent?.type === 'subscription_item_details' && !parent.subscription_item_details?.proration,
  );
  return {
    id: it.id,
    subscription: idOr(it.parent?.subscription_details?.subscription),
    number: it.number,
    status: it.status ?? 'unknown',
    billingReason: it.billing_reason,
    currency: it.currency,
    dueCents: it.amount_due,
    paidCents: it.amount_paid,
    refundedCents: refunded,
    periodStart: lines.length === 0 ? null : moment(Math.min(...lines.map(({ period }) => period.start))),
    periodEnd: lines.length === 0 ? null : moment(Math.max(...lines.map(({ period }) => period.end))),
    createdAt: moment(it.created),
    paidAt: momentOr(it.status_transitions.paid_at),
    refundedAt:
      refunded === 0 || refunds.length === 0 ? null : moment(Math.max(...refunds.map(({ created }) => created))),
    attempts: it.attempt_count,
    nextAttemptAt: momentOr(it.next_payment_attempt),
    hostedUrl: it.hosted_invoice_url ?? null,
    pdfUrl: it.invoice_pdf ?? null,
    charge: paying?.id ?? null,
    firstFailedAt: failing ? firstFailed : null,
    failedAt: failing ? firstFailed : momentOr(failed?.created),
    lastFailedAt: failing ? momentOr(failures.at(-1)?.created ?? firstFailed.getTime() / 1000) : null,
    underway,
    asksForAuthentication: failing && asksForAuthentication,
  };
}

const NO_INTENTS = { processing: false, asksForAuthentication: false };

/** How it stands with what is to pay an open invoice: on its way (a debit takes days), or waiting for its owner. */
async function readIntents(
  stripe: StripeClient,
  payments: readonly Stripe.InvoicePayment[],
): Promise<typeof NO_INTENTS> {
  const intents = payments
    .filter(({ status }) => status === 'open')
    .map(({ payment }) => idOr(payment.payment_intent))
    .filter((id): id is string => id !== null);
  const found = await Promise.all(intents.map((id) => stripe.paymentIntents.retrieve(id)));
  return {
    processing: found.some(({ status }) => status === 'processing'),
    asksForAuthentication: found.some(
      ({ status, last_payment_error }) =>
        status === 'requires_action' || last_payment_error?.code === 'authentication_required',
    ),
  };
}
