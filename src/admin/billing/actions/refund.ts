import { formatMoment } from '../../../accounts/own/format';
import { isOpenDispute } from '../../../billing/sync/evaluate-subscription';
import { askOnce } from '../../../billing/stripe/idempotency';
import { listAll } from '../../../billing/stripe/client';
import type { InvoiceSnapshot, SubscriptionSnapshot } from '../../../billing/sync/snapshot';
import { isOngoing } from '../../../billing/running';
import { cancel } from '../../../billing/sync/sync-customer';
import type { Language } from '../../../lib/language';
import { parseMoney, formatMoney, moneyInput } from '../../../lib/money';
import type { Facts } from '../../../stores/postgres/audit';
import { inputField, selectField } from '../../fields';
import type { CustomerEvaluation } from '../evaluate-customer';
import {
  previewChange,
  refused,
  withSubscription,
  type BillingAction,
  type BillingCase,
  type BillingPrepared,
} from './action';

/** Marks a refund with the form that asked for it, so that it is found when Stripe's answer was lost. */
const MARK = 'dossier_form';

/** Pays an invoice back, in full or a part of it. */
export const refund: BillingAction = {
  name: 'refund',
  reasoned: true,
  grave: true,
  about: ['invoice'],
  prepare: (context) => {
    const found = refundable(context);
    if ('is' in found) return found;
    const cents = centsOf(found, context.asked['amount']);
    return cents === null ? askAmount(context, found) : prepareRefund(context, found, cents);
  },
  already: async (context, submissionId) => {
    const found = invoiceOf(context);
    if (!found || found.invoice.charge === null) return null;
    const made = (await listAll(context.sync.stripe.refunds.list({ charge: found.invoice.charge, limit: 100 }))).find(
      ({ metadata }) => metadata?.[MARK] === submissionId,
    );
    // The money went back, and the answer was lost before the end was asked for.
    const { subscription } = found.invoice;
    if (made && context.asked['end'] === 'yes' && subscription !== null)
      await cancel(context.sync.stripe, subscription);
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

type FoundInvoice = NonNullable<ReturnType<typeof invoiceOf>>;

/** An invoice that can be paid back, with what is left of it. */
interface Refundable extends FoundInvoice {
  readonly charge: string;
  /** Of it, in the smallest unit of its currency. */
  readonly left: number;
  /** The subscription of the invoice, while Stripe goes on with it. */
  readonly ongoing: SubscriptionSnapshot | undefined;
}

/** The invoice a form names, or why nothing of it can be paid back. */
function refundable(context: BillingCase): Refundable | BillingPrepared {
  const { say } = context.language;
  const found = invoiceOf(context);
  if (!found) return refused(say('admin.billing.refused.invoice'));
  const { invoice, evaluation } = found;
  const { charge } = invoice;
  const left = invoice.paidCents - invoice.refundedCents;
  if (charge === null || invoice.status !== 'paid' || invoice.paidCents === 0)
    return refused(say('admin.billing.refused.unpaid'));
  if (left <= 0) return refused(say('admin.billing.refused.paid-back'));
  if (evaluation.snapshot.disputes.some((one) => one.invoice === invoice.id && isOpenDispute(one.status)))
    return refused(say('admin.billing.refused.disputed'));
  // One that ends by itself is asked about too: until then nobody can join again.
  const ongoing = evaluation.entitlements.find(
    ({ subscription: it, ours }) => it.id === invoice.subscription && ours && isOngoing(it),
  )?.subscription;
  return { ...found, charge, left, ongoing };
}

/** The amount that was typed, where it is one that can be paid back. */
function centsOf({ invoice, left }: Refundable, typed: string | undefined): number | null {
  const cents = typed === undefined ? null : parseMoney(typed, invoice.currency);
  return cents === null || cents < 1 || cents > left ? null : cents;
}

function askAmount(
  { language, asked: { amount, end } }: BillingCase,
  { invoice: { currency }, left, ongoing }: Refundable,
): BillingPrepared {
  const { say, code } = language;
  const most = formatMoney(code, left, currency);
  const ends = selectField(language, 'end', end === 'no' ? 'no' : 'yes', [
    { value: 'yes', label: say('admin.field.end.yes') },
    { value: 'no', label: say('admin.field.end.no') },
  ]);
  return {
    is: 'open',
    fields: [
      inputField(language, 'amount', 'text', amount ?? moneyInput(left, currency), {
        hint: say('admin.field.amount.hint', { currency: currency.toUpperCase(), most }),
        error: amount === undefined ? null : say('admin.wrong.amount', { most }),
      }),
      ...(ongoing ? [ends] : []),
    ],
  };
}

/** What the refund of an amount does. */
function prepareRefund(context: BillingCase, found: Refundable, cents: number): BillingPrepared {
  const {
    now,
    asked: { amount, end },
  } = context;
  const { invoice, evaluation, ongoing } = found;
  const refundedCents = invoice.refundedCents + cents;
  const full = refundedCents >= invoice.paidCents;
  const ending = full && end !== 'no' ? ongoing : undefined;
  const { changes, before, after } = previewChange(context, evaluation, {
    ...(ending ? withSubscription(evaluation, ending.id, { status: 'canceled', endedAt: now, canceledAt: now }) : {}),
    invoices: evaluation.snapshot.invoices.map((one) =>
      one.id === invoice.id ? { ...one, refundedCents, refundedAt: now } : one,
    ),
  });
  const refund = { cents, full, ending, endsAccess: before['rank'] !== after['rank'] };
  return {
    is: 'ready',
    customer: evaluation.customer,
    chosen: {
      invoice: invoice.id,
      amount: amount!,
      ...(full && ongoing ? { end: ending ? 'yes' : 'no' } : {}),
    },
    changes,
    happens: consequences(context, found, refund),
    before: { ...before, 'refunded-cents': invoice.refundedCents },
    after: {
      ...after,
      'refunded-cents': refundedCents,
      currency: invoice.currency,
      ...(ending ? { ends: now.toISOString() } : {}),
    },
    restsOn: [invoice.id, invoice.paidCents, invoice.refundedCents, cents, ending?.id ?? null],
    ask: (submissionId) => refundAtStripe(context, found, refund, submissionId),
  };
}

interface Refund {
  readonly cents: number;
  /** Is nothing left of the invoice? */
  readonly full: boolean;
  readonly ending: SubscriptionSnapshot | undefined;
  /** Does the member read less for it? */
  readonly endsAccess: boolean;
}

function consequences({ language }: BillingCase, { invoice, ongoing }: Refundable, refund: Refund): readonly string[] {
  const { say, code } = language;
  const { cents, full, ending, endsAccess } = refund;
  const amount = formatMoney(code, cents, invoice.currency);
  const access = endsAccess ? 'ends' : full ? 'keeps' : 'part';
  return [
    say('admin.billing.happens.refund', { amount, invoice: invoice.number ?? invoice.id }),
    say(`admin.billing.happens.refund.${access}`),
    ...(ongoing ? [sayOfSubscription(language, ongoing, ending !== undefined)] : []),
    say('admin.billing.happens.letter-refund'),
    ...(ending ? [say('admin.billing.happens.letter-end')] : []),
    say('admin.billing.happens.no-undo'),
  ];
}

/** Nobody looks between the refund and the end: the member is told what came of both. */
const refundAtStripe = (
  { sync: { stripe, wall, locks } }: BillingCase,
  { invoice, charge, evaluation }: Refundable,
  { cents, ending }: Refund,
  submissionId: string,
): Promise<Facts> =>
  locks.hold(`customer ${evaluation.customer}`, async () => {
    const metadata = { [MARK]: submissionId };
    const asked = { charge, amount: cents, reason: 'requested_by_customer', metadata } as const;
    const { id, status } = await askOnce(wall, `admin ${submissionId}`, (idempotencyKey) =>
      stripe.refunds.create(asked, { idempotencyKey }),
    );
    if (ending) await cancel(stripe, ending.id);
    return { invoice: invoice.id, refund: id, 'refund-status': status, cents };
  });

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
}: BillingCase): { readonly evaluation: CustomerEvaluation; readonly invoice: InvoiceSnapshot } | null {
  for (const evaluation of evaluations) {
    const invoice = evaluation.entitlements
      .flatMap(({ invoices }) => invoices)
      .find(({ id }) => id === asked['invoice']);
    if (invoice) return { evaluation, invoice };
  }
  return null;
}
