import { formatMoment } from '../../accounts/own/format';
import { isRunning } from '../../billing/stripe/customers';
import { invoiceView } from '../../billing/account/invoice-view';
import type { InvoiceRow, SubscriptionRow } from '../../billing/sync/rows';
import { chargesAgain, nextCharge, subscriptionView } from '../../billing/account/subscription-texts';
import type { UpcomingCharges } from '../../billing/stripe/upcoming';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import type { TierRow } from '../../membership/tiers';
import type { BillingActionName } from './audit-actions';
import type { MemberBillingPage } from './page-types';

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

/** It in words: the subscription in those its owner reads, with Stripe's own beside them. */
export function memberBillingPage(
  language: Language,
  { member, tiers, customers, subscriptions, invoices, disputes, letters }: KnownPayments,
  now: Date,
  graceDays: number,
  upcoming: UpcomingCharges,
): Omit<MemberBillingPage, 'frame'> {
  const { say, prefix } = language;
  const at = `${prefix}/admin/members/${member.id}`;
  const way = (name: BillingActionName, query = '', spoken = '') => ({
    label: say(`admin.billing.action.${name}.name`),
    href: `${at}/billing/${name}${query}`,
    spoken,
    grave: GRAVE.includes(name),
  });
  const owed = invoices
    .filter(({ status }) => status === 'open')
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const moment = (label: string, time: Date | null) =>
    time === null ? [] : [{ label: say(`admin.billing.field.${label}`), text: formatMoment(language, time) }];
  return {
    back: { label: say('admin.action.back', { name: member.name }), href: at },
    who: { name: member.name, email: member.email },
    ways: customers.length === 0 ? [] : [way('sync'), way('letter')],
    customers: customers.map(({ stripeId, syncedAt, deletedAt }) => ({
      id: stripeId!,
      asOf:
        deletedAt !== null
          ? say('admin.billing.member.deleted', { moment: formatMoment(language, deletedAt) })
          : syncedAt === null
            ? say('admin.billing.compare.never')
            : say('admin.billing.compare.as-of', { moment: formatMoment(language, syncedAt) }),
      compare: `${prefix}/admin/billing/compare?customer=${stripeId}`,
    })),
    subscriptions: subscriptions.map((row) => {
      const { tier, price, chip, tone, state } = subscriptionView(
        row,
        { tiers, owed, now, graceDays, upcoming },
        language,
      );
      const query = `?subscription=${row.stripeId}`;
      const ends = row.cancelAt !== null && row.cancelAt > now;
      return {
        tier,
        price,
        chip,
        tone,
        state,
        facts: [
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
          {
            label: say('admin.billing.field.accessUntil'),
            text:
              row.accessUntil === null
                ? say('admin.billing.member.no-access', { reason: row.accessReason })
                : formatMoment(language, row.accessUntil),
          },
        ],
        ways: !isRunning(row)
          ? []
          : [
              ...(ends
                ? [way('keep', query, tier.name)]
                : row.cancelAt === null
                  ? [way('cancel-end', query, tier.name)]
                  : []),
              way('cancel-now', query, tier.name),
            ],
      };
    }),
    invoices: invoices.map((row) => {
      const { number, date, amount, state, tone } = invoiceView(row, language);
      const open = disputes.find(({ invoiceId }) => invoiceId === row.stripeId);
      return {
        number: row.number === null ? row.stripeId : number,
        date,
        amount,
        state: open
          ? say('admin.billing.member.disputed', {
              state,
              status: open.status,
              amount: formatMoney(language.code, open.amountCents, open.currency),
            })
          : state,
        wrong: tone === 'wrong' || open !== undefined,
        ways:
          row.status === 'paid' && row.paidCents > row.refundedCents && row.chargeId !== null
            ? [way('refund', `?invoice=${row.stripeId}`, `${number}, ${date}`)]
            : [],
      };
    }),
    letters: letters.map(({ kind, createdAt, sentAt, failure }) => ({
      kind: say(`admin.billing.letter.${kind}`),
      at: formatMoment(language, createdAt),
      state:
        sentAt !== null
          ? say('admin.letter.sent', { moment: formatMoment(language, sentAt) })
          : failure === null
            ? say('admin.letter.waits')
            : say('admin.letter.failed', { why: failure }),
    })),
  };
}
