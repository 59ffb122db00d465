import { graceEnd, SUBSCRIPTION_REASONS, type SubscriptionReason } from '../../access/subscription';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { tierTextsIn, wayInto, type TierRow } from '../../membership/tiers';
import type { Invoice, Subscription } from '../../stores/prisma/client';
import type { UpcomingCharge, UpcomingCharges } from '../stripe/upcoming';
import type { SubscriptionView } from '../page-types';
import { chargesAgain, isRunning } from '../running';

/** In these, what is owed keeps the door shut or soon will: the way to pay comes first. */
const TO_PAY: readonly string[] = ['grace', 'unpaid', 'incomplete', 'refunded-owed'];
/** In these, another period can be bought and the end be set. */
const RUNNING: readonly SubscriptionReason[] = ['active', 'trialing'];

interface SubscriptionContext {
  readonly tiers: readonly TierRow[];
  readonly owed: readonly Invoice[];
  readonly now: Date;
  readonly graceDays: number;
  /** What is charged next, as Stripe says. */
  readonly upcoming: UpcomingCharges;
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

/** The next charge in a line: how much, when, what was taken off; when alone where Stripe does not say how much. */
export function nextCharge(
  { periodEnd, trialEnd, status }: Pick<Subscription, 'periodEnd' | 'trialEnd' | 'status'>,
  next: UpcomingCharge | undefined,
  language: Language,
): string {
  const date = (status === 'trialing' ? trialEnd : null) ?? periodEnd;
  const renews = date ? language.day(date) : '';
  if (!next) return renews;
  const amount = language.say('billing.fact.next.value', {
    next: formatMoney(language.code, next.dueCents, next.currency),
    renews,
  });
  const less = takenOff(next, language).map(({ term, value }) => `${term}: ${value}`);
  return less.length === 0 ? amount : `${amount} (${less.join('; ')})`;
}

/** What the next charge is less than its price by, and what credit is left after it. */
export function takenOff(
  { discountCents, creditCents, creditLeftCents, currency }: UpcomingCharge,
  { say, code }: Language,
): { readonly term: string; readonly value: string }[] {
  return [
    { term: 'discount', cents: discountCents },
    { term: 'credit', cents: creditCents },
    { term: 'credit-left', cents: creditLeftCents },
  ]
    .filter(({ cents }) => cents > 0)
    .map(({ term, cents }) => ({ term: say(`billing.fact.${term}`), value: formatMoney(code, cents, currency) }));
}

/** A price with its period: `€49 a month`. */
export function formatPrice(
  { amountCents, currency, interval }: Pick<Subscription, 'amountCents' | 'currency' | 'interval'>,
  { say, code }: Language,
): string {
  const amount = formatMoney(code, amountCents, currency);
  return interval === null ? amount : say('billing.price', { amount, per: say(`pricing.per.${interval}`) });
}

/** What the phrases about a subscription may say. */
function valuesOf(
  row: Subscription,
  reason: SubscriptionReason,
  invoice: Invoice | undefined,
  {
    now,
    graceDays,
    next,
  }: Pick<SubscriptionContext, 'now' | 'graceDays'> & { readonly next?: UpcomingCharge | undefined },
  language: Language,
) {
  const { code } = language;
  const day = (moment: Date | null) => (moment ? language.day(moment) : '');
  return {
    price: formatPrice(row, language),
    next: next ? formatMoney(code, next.dueCents, next.currency) : '',
    owed: invoice
      ? formatMoney(code, invoice.dueCents - invoice.paidCents, invoice.currency)
      : formatMoney(code, row.amountCents, row.currency),
    end: day(row.endedAt ?? row.cancelAt ?? row.accessUntil ?? row.periodEnd ?? now),
    failed: day(row.firstFailedAt ?? row.periodStart ?? row.startedAt),
    grace: day(row.accessUntil ?? graceEnd(row, graceDays)),
    renews: day(row.trialEnd !== null && reason === 'trialing' ? row.trialEnd : row.periodEnd),
    paid: day(row.periodEnd),
    resumes: day(row.resumesAt),
  };
}

/** Since when it runs, what is charged next, and until when it pauses. */
function factsOf(
  row: Subscription,
  next: UpcomingCharge | undefined,
  values: ReturnType<typeof valuesOf>,
  language: Language,
): SubscriptionView['facts'] {
  const { say } = language;
  return [
    { term: say('billing.fact.since'), value: language.day(row.startedAt) },
    ...(chargesAgain(row)
      ? [
          { term: say('billing.fact.next'), value: next ? say('billing.fact.next.value', values) : values.renews },
          ...(next ? takenOff(next, language) : []),
        ]
      : []),
    ...(row.paused !== null && isRunning(row)
      ? [
          {
            term: say('billing.fact.paused'),
            value: row.resumesAt ? say('billing.fact.resumes', values) : say('billing.fact.paused.value'),
          },
        ]
      : []),
  ];
}

/** A subscription as its owner sees it: how it stands, until when, and what can be done. */
export function subscriptionView(
  row: Subscription,
  { tiers, owed, now, graceDays, upcoming }: SubscriptionContext,
  language: Language,
): SubscriptionView {
  const { say, prefix } = language;
  const reason = reasonNow(row, now);
  const tier = tiers.find(({ slug }) => slug === row.tierSlug);
  const live = isRunning(row);
  const invoice = owed.find(({ subscriptionId }) => subscriptionId === row.stripeId);
  const at = (way: string) => `${prefix}/account/billing/${way}?subscription=${row.stripeId}`;
  const next = upcoming.get(row.stripeId);
  const values = valuesOf(row, reason, invoice, { now, graceDays, next }, language);
  const shownAs = shownAsOf(row, reason, invoice);
  const running = live && RUNNING.includes(reason) && row.paused === null;
  return {
    id: row.stripeId,
    tier: tier ? tierTextsIn(tier, language) : { slug: '', name: say('billing.no-tier') },
    price: values.price,
    state: say(`billing.state.${shownAs}${shownAs === 'trialing' && next ? '-charged' : ''}`, values),
    more: language.has(`billing.more.${shownAs}`) ? say(`billing.more.${shownAs}`, values) : null,
    chip: say(`billing.chip.${shownAs === 'underway' ? shownAs : reason}`),
    tone: RUNNING.includes(reason) || reason === 'ending' ? 'good' : live ? 'warning' : 'past',
    facts: factsOf(row, next, values, language),
    pay:
      live && invoice && TO_PAY.includes(shownAs)
        ? { label: say('billing.pay', values), href: `${prefix}/account/billing/invoice?id=${invoice.stripeId}` }
        : null,
    changes: running && reason === 'active' ? changesOf(row, tiers, at('plan'), language) : [],
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

/** What a running subscription can be changed to: the same tier paid otherwise, and the other tiers that are sold. */
function changesOf(
  { tierSlug, interval }: Subscription,
  tiers: readonly TierRow[],
  at: string,
  language: Language,
): SubscriptionView['changes'] {
  if (interval === null || tierSlug === null) return [];
  const other = interval === 'month' ? 'year' : 'month';
  const has = (tier: TierRow, one: 'month' | 'year') =>
    (one === 'year' ? tier.yearlyCents : tier.monthlyCents) !== null;
  return tiers
    .filter((tier) => wayInto(tier) === 'paid')
    .flatMap((tier) => {
      if (tier.slug === tierSlug)
        return has(tier, other) ? [{ label: language.say(`billing.change.${other}`), href: `${at}&to=${other}` }] : [];
      const { name } = tierTextsIn(tier, language);
      const per = has(tier, interval) ? interval : other;
      return [
        { label: language.say('billing.change.tier', { tier: name }), href: `${at}&to=${per}&tier=${tier.slug}` },
      ];
    });
}
