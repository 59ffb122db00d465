import { SUBSCRIPTION_REASONS, type SubscriptionReason } from '../../access/subscription';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { tierTextsIn, type TierRow } from '../../membership/tiers';
import type { Invoice, Subscription } from '../../stores/prisma/client';
import { isRunning } from '../stripe/customers';
import type { SubscriptionView } from '../page-types';

/** In these, what is owed keeps the door shut or soon will: the way to pay comes first. */
const TO_PAY: readonly string[] = ['grace', 'unpaid', 'incomplete', 'refunded-owed'];
/** In these, another period can be bought and the end be set. */
const RUNNING: readonly SubscriptionReason[] = ['active', 'trialing'];

/** Stripe's words for one that it charges for each period. */
const CHARGED = ['active', 'trialing', 'past_due'];

interface SubscriptionContext {
  readonly tiers: readonly TierRow[];
  readonly owed: readonly Invoice[];
  readonly now: Date;
  readonly graceDays: number;
}

/** Why a subscription gives what it gives, at this moment. */
export function reasonNow(
  { accessReason, accessUntil }: Pick<Subscription, 'accessReason' | 'accessUntil'>,
  now: Date,
): SubscriptionReason {
  const reason = SUBSCRIPTION_REASONS.find((one) => one === accessReason) ?? 'unknown-status';
  if (accessUntil === null || accessUntil > now) return reason;
  return reason === 'grace' ? 'unpaid' : reason === 'ending' ? 'canceled' : reason;
}

/** Will Stripe charge it once more by itself, as far as is known? What is owed now is not meant. */
export function chargesAgain(
  row: Pick<Subscription, 'status' | 'endedAt' | 'accessReason' | 'cancelAt' | 'paused' | 'periodEnd'>,
): boolean {
  return (
    isRunning(row) &&
    CHARGED.includes(row.status) &&
    row.cancelAt === null &&
    row.paused === null &&
    row.periodEnd !== null
  );
}

/** The state in whose words it is told: the reason, and where that matters whether Stripe goes on charging. */
function shownAsOf(row: Subscription, reason: SubscriptionReason, owed: Invoice | undefined): string {
  // What is on its way is not asked for again.
  if (isRunning(row) && owed?.underway === true && TO_PAY.includes(reason)) return 'underway';
  if (reason === 'disputed' && chargesAgain(row)) return 'disputed-goes-on';
  if (reason !== 'refunded' || !isRunning(row)) return reason;
  if (row.cancelAt !== null) return 'refunded-ends';
  if (owed !== undefined && owed.attempts > 0 && !owed.underway) return 'refunded-owed';
  return chargesAgain(row) ? 'refunded-goes-on' : 'refunded-waits';
}

/** A price with its period: `€49 a month`. */
export function formatPrice(
  { amountCents, currency, interval }: Pick<Subscription, 'amountCents' | 'currency' | 'interval'>,
  { say, code }: Language,
): string {
  const amount = formatMoney(code, amountCents, currency);
  return interval === null ? amount : say('billing.price', { amount, per: say(`pricing.per.${interval}`) });
}

/** A subscription as its owner sees it: how it stands, until when, and what can be done. */
export function subscriptionView(
  row: Subscription,
  { tiers, owed, now, graceDays }: SubscriptionContext,
  language: Language,
): SubscriptionView {
  const { say, prefix, code } = language;
  const day = (moment: Date) => language.day(moment);
  const reason = reasonNow(row, now);
  const tier = tiers.find(({ slug }) => slug === row.tierSlug);
  const live = isRunning(row);
  const invoice = owed.find(({ subscriptionId }) => subscriptionId === row.stripeId);
  const at = (way: string) => `${prefix}/account/billing/${way}?subscription=${row.stripeId}`;
  const end = row.endedAt ?? row.cancelAt ?? row.accessUntil ?? row.periodEnd ?? now;
  const failed = row.firstFailedAt ?? row.periodStart ?? row.startedAt;
  const graceEnd = row.accessUntil ?? new Date(failed.getTime() + graceDays * 86_400_000);
  const renews = row.trialEnd !== null && reason === 'trialing' ? row.trialEnd : row.periodEnd;
  const values = {
    amount: formatMoney(code, row.amountCents, row.currency),
    price: formatPrice(row, language),
    owed: invoice
      ? formatMoney(code, invoice.dueCents - invoice.paidCents, invoice.currency)
      : formatMoney(code, row.amountCents, row.currency),
    end: day(end),
    failed: day(failed),
    grace: day(graceEnd),
    renews: renews ? day(renews) : '',
    paid: row.periodEnd ? day(row.periodEnd) : '',
    resumes: row.resumesAt ? day(row.resumesAt) : '',
  };
  const shownAs = shownAsOf(row, reason, invoice);
  const running = live && RUNNING.includes(reason) && row.paused === null;
  const other = row.interval === 'month' ? 'year' : 'month';
  return {
    id: row.stripeId,
    tier: tier ? tierTextsIn(tier, language) : { slug: '', name: say('billing.no-tier') },
    price: values.price,
    state: say(`billing.state.${shownAs}`, values),
    more: language.has(`billing.more.${shownAs}`) ? say(`billing.more.${shownAs}`, values) : null,
    chip: say(`billing.chip.${shownAs === 'underway' ? shownAs : reason}`),
    tone: RUNNING.includes(reason) || reason === 'ending' ? 'sure' : live ? 'heed' : 'past',
    facts: [
      { term: say('billing.fact.since'), value: day(row.startedAt) },
      ...(chargesAgain(row) ? [{ term: say('billing.fact.next'), value: say('billing.fact.next.value', values) }] : []),
      ...(row.paused !== null && live
        ? [
            {
              term: say('billing.fact.paused'),
              value: row.resumesAt ? say('billing.fact.resumes', values) : say('billing.fact.paused.value'),
            },
          ]
        : []),
    ],
    pay:
      live && invoice && TO_PAY.includes(shownAs)
        ? { label: say('billing.pay', values), href: `${prefix}/account/billing/invoice?id=${invoice.stripeId}` }
        : null,
    change:
      running &&
      reason === 'active' &&
      row.interval !== null &&
      tier &&
      (other === 'year' ? tier.yearlyCents : tier.monthlyCents) !== null
        ? { label: say(`billing.change.${other}`), href: `${at('plan')}&to=${other}` }
        : null,
    cancel:
      live && (row.cancelAt === null || reason === 'refunded')
        ? { label: say('billing.cancel'), href: at('cancel') }
        : null,
    keep:
      live && row.cancelAt !== null && row.cancelAt > now
        ? { action: `${prefix}/account/billing/keep`, label: say('billing.keep') }
        : null,
  };
}
