import { formatMoment } from '../../accounts/own/format';
import { invoiceView } from '../../billing/account/invoice-view';
import type { InvoiceRow, SubscriptionRow } from '../../billing/sync/rows';
import { nextCharge, subscriptionView } from '../../billing/account/subscription-texts';
import type { UpcomingCharges } from '../../billing/stripe/upcoming';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import type { TierRow } from '../../membership/tiers';
import { formatLetterState } from '../members/letter-state';
import type { BillingActionName } from './audit-actions';
import type { MemberBillingPage } from './page-types';
import { chargesAgain, isRunning } from '../../billing/running';

/** What is known of one member's payments. */
export interface KnownPayments {
  readonly member: { readonly id: string; readonly name: string; readonly email: string };
  readonly tiers: readonly TierRow[];
  readonly customers: readonly {
    readonly stripeId: string | null;
    readonly syncedAt: Date | null;
    readonly deletedAt: Date | null;
  }[];
  readonly subscriptions: readonly SubscriptionRow[];
  readonly invoices: readonly InvoiceRow[];
  readonly disputes: readonly {
    readonly invoiceId: string | null;
    readonly status: string;
    readonly amountCents: number;
    readonly currency: string;
  }[];
  readonly letters: readonly {
    readonly kind: string;
    readonly createdAt: Date;
    readonly sentAt: Date | null;
    readonly failure: string | null;
  }[];
}

const GRAVE: readonly BillingActionName[] = ['cancel-end', 'cancel-now', 'refund'];

type Part<Name extends keyof MemberBillingPage> = MemberBillingPage[Name];

/** The ways to what can be done to a member's payments. */
const waysOf =
  ({ say, prefix }: Language, memberId: string) =>
  (name: BillingActionName, query = '', hiddenText = '') => ({
    label: say(`admin.billing.action.${name}.name`),
    href: `${prefix}/admin/members/${memberId}/billing/${name}${query}`,
    hiddenText,
    grave: GRAVE.includes(name),
  });
type Ways = ReturnType<typeof waysOf>;

/** It in words: the subscription in those its owner reads, with Stripe's own beside them. */
export function memberBillingPage(
  language: Language,
  known: KnownPayments,
  now: Date,
  graceDays: number,
  upcoming: UpcomingCharges,
): Omit<MemberBillingPage, 'frame'> {
  const { say, prefix } = language;
  const { member, tiers, customers, subscriptions, invoices, disputes, letters } = known;
  const way = waysOf(language, member.id);
  const owed = invoices
    .filter(({ status }) => status === 'open')
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  return {
    back: { label: say('admin.action.back', { name: member.name }), href: `${prefix}/admin/members/${member.id}` },
    who: { name: member.name, email: member.email },
    ways: customers.length === 0 ? [] : [way('sync'), way('letter')],
    customers: customers.map((customer) => customerLine(language, customer)),
    subscriptions: subscriptions.map((row) => {
      const texts = subscriptionTexts(language, row, { tiers, owed, now, graceDays, upcoming });
      return {
        ...texts,
        facts: subscriptionFacts(language, row, upcoming),
        ways: subscriptionWays(way, row, texts.tier.name, now),
      };
    }),
    invoices: invoices.map((row) => invoiceLine(language, way, row, disputes)),
    letters: letters.map(({ kind, createdAt, sentAt, failure }) => ({
      kind: say(`admin.billing.letter.${kind}`),
      at: formatMoment(language, createdAt),
      state: formatLetterState(language, { sentAt, failure }),
    })),
  };
}

function customerLine(
  language: Language,
  { stripeId, syncedAt, deletedAt }: KnownPayments['customers'][number],
): Part<'customers'>[number] {
  const { say, prefix } = language;
  const asOf =
    deletedAt !== null
      ? say('admin.billing.member.deleted', { moment: formatMoment(language, deletedAt) })
      : syncedAt === null
        ? say('admin.billing.compare.never')
        : say('admin.billing.compare.as-of', { moment: formatMoment(language, syncedAt) });
  return { id: stripeId!, asOf, compare: `${prefix}/admin/billing/compare?customer=${stripeId}` };
}

type SubscriptionAround = Parameters<typeof subscriptionView>[1];

function subscriptionTexts(language: Language, row: SubscriptionRow, around: SubscriptionAround) {
  const { tier, price, chip, tone, state } = subscriptionView(row, around, language);
  return { tier, price, chip, tone, state };
}

function subscriptionFacts(
  language: Language,
  row: SubscriptionRow,
  upcoming: UpcomingCharges,
): Part<'subscriptions'>[number]['facts'] {
  const { say } = language;
  const moment = (label: string, time: Date | null) =>
    time === null ? [] : [{ label: say(`admin.billing.field.${label}`), text: formatMoment(language, time) }];
  const access =
    row.accessUntil === null
      ? say('admin.billing.member.no-access', { reason: row.accessReason })
      : formatMoment(language, row.accessUntil);
  return [
    { label: say('admin.fact.subscription'), text: row.stripeId },
    { label: say('admin.billing.field.status'), text: row.status },
    ...moment('startedAt', row.startedAt),
    ...moment('periodEnd', row.periodEnd),
    ...(chargesAgain(row)
      ? [{ label: say('billing.fact.next'), text: nextCharge(row, upcoming.get(row.stripeId), language) }]
      : []),
    ...moment('trialEnd', row.trialEnd),
    ...moment('cancelAt', row.cancelAt),
    ...moment('endedAt', row.endedAt),
    ...moment('firstFailedAt', row.firstFailedAt),
    { label: say('admin.billing.field.accessUntil'), text: access },
  ];
}

function subscriptionWays(way: Ways, row: SubscriptionRow, tier: string, now: Date): ReturnType<Ways>[] {
  if (!isRunning(row)) return [];
  const query = `?subscription=${row.stripeId}`;
  const ends = row.cancelAt !== null && row.cancelAt > now;
  const other = ends ? 'keep' : row.cancelAt === null ? 'cancel-end' : null;
  return [...(other === null ? [] : [way(other, query, tier)]), way('cancel-now', query, tier)];
}

function invoiceLine(
  language: Language,
  way: Ways,
  row: InvoiceRow,
  disputes: KnownPayments['disputes'],
): Part<'invoices'>[number] {
  const { number, date, amount, state, tone } = invoiceView(row, language);
  const open = disputes.find(({ invoiceId }) => invoiceId === row.stripeId);
  const disputed = open && {
    state,
    status: open.status,
    amount: formatMoney(language.code, open.amountCents, open.currency),
  };
  const isRefundable = row.status === 'paid' && row.paidCents > row.refundedCents && row.chargeId !== null;
  return {
    number: row.number === null ? row.stripeId : number,
    date,
    amount,
    state: disputed ? language.say('admin.billing.member.disputed', disputed) : state,
    wrong: tone === 'bad' || open !== undefined,
    ways: isRefundable ? [way('refund', `?invoice=${row.stripeId}`, `${number}, ${date}`)] : [],
  };
}
