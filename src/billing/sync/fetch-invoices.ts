import type Stripe from 'stripe';
import { idOf, idOr, moment, momentOr } from '../stripe/values';
import type { StripeSnapshot, InvoiceSnapshot } from './snapshot';
import type { StripeClient } from '../stripe/client';

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
): Promise<Pick<StripeSnapshot, 'invoices' | 'refunds' | 'disputes'>> {
  const invoiceOf = new Map<string, string>();
  for (const invoice of invoices) {
    for (const { payment } of invoice.payments?.data ?? []) {
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
          return invoiceSnapshot(
            stripe,
            invoice,
            own,
            given.filter(({ charge }) => invoiceOfLink(charge) === invoice.id),
          );
        }),
    ),
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

async function invoiceSnapshot(
  stripe: StripeClient,
  it: Stripe.Invoice,
  charges: readonly Stripe.Charge[],
  refunds: readonly Stripe.Refund[],
): Promise<InvoiceSnapshot> {
  const open = it.status === 'open' && it.attempt_count > 0;
  const failed = charges.find(({ status }) => status === 'failed');
  const paying = charges.findLast(({ status }) => status === 'succeeded') ?? charges.at(-1);
  const refunded = charges.reduce((sum, { amount_refunded }) => sum + amount_refunded, 0);
  // A bank that asks for its customer refuses without a charge: then it was the first try, as the invoice was made final.
  const firstFailed = momentOr(failed?.created ?? it.status_transitions.finalized_at ?? it.created);
  const lines = it.lines.data.filter(
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
    firstFailedAt: open ? firstFailed : null,
    failedAt: open ? firstFailed : momentOr(failed?.created),
    asksForAuthentication: open && (await asksForAuthentication(stripe, it)),
  };
}

async function asksForAuthentication(stripe: StripeClient, it: Stripe.Invoice): Promise<boolean> {
  const intents = (it.payments?.data ?? [])
    .filter(({ status }) => status === 'open')
    .map(({ payment }) => idOr(payment.payment_intent))
    .filter((id): id is string => id !== null);
  const found = await Promise.all(intents.map((id) => stripe.paymentIntents.retrieve(id)));
  return found.some(
    ({ status, last_payment_error }) =>
      status === 'requires_action' || last_payment_error?.code === 'authentication_required',
  );
}
