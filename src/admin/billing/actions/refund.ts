import { formatMoment } from '../../../accounts/own/format';
import { isOngoing, isOpenDispute } from '../../../billing/sync/evaluate-subscription';
import { askOnce } from '../../../billing/stripe/idempotency';
import { listAll } from '../../../billing/stripe/client';
import type { InvoiceSnapshot, SubscriptionSnapshot } from '../../../billing/sync/snapshot';
import { cancel } from '../../../billing/sync/sync-customer';
import type { Language } from '../../../lib/language';
import { parseMoney, formatMoney, moneyInput } from '../../../lib/money';
import { inputField, selectField } from '../../fields';
import type { CustomerEvaluation } from '../evaluate-customer';
import { previewChange, refused, withSubscription, type BillingAction, type BillingCase } from './action';

/** Marks a refund with the form that asked for it, so that it is found when Stripe's answer was lost. */
const MARK = 'dossier_form';

/** Pays an invoice back, in full or a part of it. */
export const refund: BillingAction = {
  name: 'refund',
  reasoned: true,
  grave: true,
  about: ['invoice'],
  prepare: (asked) => {
    const {
      language,
      sync: { stripe, wall, locks },
      now,
      asked: { amount: typedAmount, end },
    } = asked;
    const { say, code } = language;
    const found = invoiceOf(asked);
    if (!found) return refused(say('admin.billing.refused.invoice'));
    const { invoice, sight: evaluation } = found;
    const { charge, currency } = invoice;
    const left = invoice.paidCents - invoice.refundedCents;
    const money = (cents: number) => formatMoney(code, cents, currency);
    if (charge === null || invoice.status !== 'paid' || invoice.paidCents === 0)
      return refused(say('admin.billing.refused.unpaid'));
    if (left <= 0) return refused(say('admin.billing.refused.paid-back'));
    if (evaluation.snapshot.disputes.some((one) => one.invoice === invoice.id && isOpenDispute(one.status)))
      return refused(say('admin.billing.refused.disputed'));
    const cents = typedAmount === undefined ? null : parseMoney(typedAmount, currency);
    // One that ends by itself is asked about too: until then nobody can join again.
    const goesOn = evaluation.entitlements.find(
      ({ subscription: it, ours }) => it.id === invoice.subscription && ours && isOngoing(it),
    );
    if (cents === null || cents < 1 || cents > left) {
      return {
        is: 'open',
        fields: [
          inputField(language, 'amount', 'text', typedAmount ?? moneyInput(left, currency), {
            hint: say('admin.field.amount.hint', { currency: currency.toUpperCase(), most: money(left) }),
            error: typedAmount === undefined ? null : say('admin.wrong.amount', { most: money(left) }),
          }),
          ...(goesOn
            ? [
                selectField(language, 'end', end === 'no' ? 'no' : 'yes', [
                  { value: 'yes', label: say('admin.field.end.yes') },
                  { value: 'no', label: say('admin.field.end.no') },
                ]),
              ]
            : []),
        ],
      };
    }
    const refundedCents = invoice.refundedCents + cents;
    const invoices = evaluation.snapshot.invoices.map((one) =>
      one.id === invoice.id ? { ...one, refundedCents, refundedAt: now } : one,
    );
    const full = refundedCents >= invoice.paidCents;
    const ending = full && end !== 'no' ? goesOn?.subscription : undefined;
    const { changes, before, after } = previewChange(asked, evaluation, {
      ...(ending ? withSubscription(evaluation, ending.id, { status: 'canceled', endedAt: now, canceledAt: now }) : {}),
      invoices,
    });
    const ends = before['rank'] !== after['rank'];
    return {
      is: 'ready',
      customer: evaluation.customer,
      chosen: {
        invoice: invoice.id,
        amount: typedAmount!,
        ...(full && goesOn ? { end: ending ? 'yes' : 'no' } : {}),
      },
      changes,
      happens: [
        say('admin.billing.happens.refund', { amount: money(cents), invoice: invoice.number ?? invoice.id }),
        say(
          ends
            ? 'admin.billing.happens.refund.ends'
            : full
              ? 'admin.billing.happens.refund.keeps'
              : 'admin.billing.happens.refund.part',
        ),
        ...(goesOn ? [sayOfSubscription(language, goesOn.subscription, ending !== undefined)] : []),
        say('admin.billing.happens.letter-refund'),
        ...(ending ? [say('admin.billing.happens.letter-end')] : []),
        say('admin.billing.happens.no-undo'),
      ],
      before: { ...before, 'refunded-cents': invoice.refundedCents },
      after: { ...after, 'refunded-cents': refundedCents, currency, ...(ending ? { ends: now.toISOString() } : {}) },
      restsOn: [invoice.id, invoice.paidCents, invoice.refundedCents, cents, ending?.id ?? null],
      ask: (submissionId) =>
        // Nobody looks between the two: the member is told what came of both.
        locks.hold(`customer ${evaluation.customer}`, async () => {
          const asked = {
            charge,
            amount: cents,
            reason: 'requested_by_customer',
            metadata: { [MARK]: submissionId },
          } as const;
          const { id, status } = await askOnce(wall, `admin ${submissionId}`, (idempotencyKey) =>
            stripe.refunds.create(asked, { idempotencyKey }),
          );
          if (ending) await cancel(stripe, ending.id);
          return { invoice: invoice.id, refund: id, 'refund-status': status, cents };
        }),
    };
  },
  already: async (asked, submissionId) => {
    const found = invoiceOf(asked);
    if (!found || found.invoice.charge === null) return null;
    const made = (await listAll(asked.sync.stripe.refunds.list({ charge: found.invoice.charge, limit: 100 }))).find(
      ({ metadata }) => metadata?.[MARK] === submissionId,
    );
    // The money went back, and the answer was lost before the end was asked for.
    const { subscription } = found.invoice;
    if (made && asked.asked['end'] === 'yes' && subscription !== null) await cancel(asked.sync.stripe, subscription);
    return made
      ? {
          invoice: found.invoice.id,
          refund: made.id,
          'refund-status': made.status,
          cents: made.amount,
          currency: made.currency,
        }
      : null;
  },
};

/** What becomes of the subscription whose invoice is paid back: it ends now, later, or is charged again. */
function sayOfSubscription(language: Language, { cancelAt }: SubscriptionSnapshot, ends: boolean): string {
  if (ends) return language.say('admin.billing.happens.refund.end');
  if (cancelAt === null) return language.say('admin.billing.happens.refund.goes-on');
  return language.say('admin.billing.happens.refund.stays-set', { moment: formatMoment(language, cancelAt) });
}

/** The invoice the form names, if it is one of ours and of this member's. */
function invoiceOf({
  evaluations,
  asked,
}: BillingCase): { readonly sight: CustomerEvaluation; readonly invoice: InvoiceSnapshot } | null {
  for (const evaluation of evaluations) {
    const invoice = evaluation.entitlements
      .flatMap(({ invoices }) => invoices)
      .find(({ id }) => id === asked['invoice']);
    if (invoice) return { sight: evaluation, invoice };
  }
  return null;
}
