import type { AlarmDraft } from './alarms';
import { isInquiry, isPaidBack, type Entitlement } from './evaluate-subscription';
import type { StripeSnapshot, DraftSnapshot } from './snapshot';
import { isOngoing, isOursOngoing } from '../running';

/**
 * Milliseconds after which an invoice that makes itself final should have: Stripe waits an hour, and up to three days
 * for a webhook endpoint that does not answer (https://docs.stripe.com/billing/subscriptions/webhooks).
 */
const FINAL_BY_THEN = 4 * 86_400_000;

type Draft = Omit<AlarmDraft, 'accountId'>;

/** What a person should look at, as things stand at Stripe. Each has a subject that is the same at the next sync. */
export function alarmsAbout(
  snapshot: StripeSnapshot,
  entitlements: readonly Entitlement[],
  accountId: string | null,
  now: Date,
): AlarmDraft[] {
  const ongoing = entitlements
    .filter(isOursOngoing)
    .sort((a, b) => a.subscription.startedAt.getTime() - b.subscription.startedAt.getTime());
  const alarms = [
    ...aboutDuplicates(ongoing),
    ...aboutOtherProducts(entitlements),
    ...aboutUnknown(ongoing),
    ...aboutDrafts(snapshot, ongoing, now),
    ...aboutMoneyBack(snapshot, entitlements),
  ];
  return alarms.map((alarm) => ({ ...alarm, accountId }));
}

function aboutDuplicates(ongoing: readonly Entitlement[]): Draft[] {
  const newest = ongoing.at(-1);
  if (!newest || ongoing.length === 1) return [];
  const others = ongoing.slice(0, -1).map(({ subscription }) => subscription.id);
  return [{ kind: 'duplicate-subscription', subject: newest.subscription.id, details: { others: others.join(' ') } }];
}

function aboutOtherProducts(entitlements: readonly Entitlement[]): Draft[] {
  return entitlements
    .filter(({ ours, subscription }) => !ours && isOngoing(subscription))
    .map(({ subscription: { id, items } }) => {
      const prices = items.map(({ price }) => price).join(' ');
      return { kind: 'other-product', subject: `${id} ${prices}`, details: { subscription: id, prices } };
    });
}

function aboutUnknown(ongoing: readonly Entitlement[]): Draft[] {
  return ongoing.flatMap(({ subscription: { id, status }, unknownPrices, access }) => [
    ...(access.reason === 'unknown-status'
      ? [{ kind: 'unknown-status', subject: `${id} ${status}`, details: { subscription: id, status } } as const]
      : []),
    ...unknownPrices.map(
      (price) => ({ kind: 'unknown-price', subject: `${id} ${price}`, details: { subscription: id, price } }) as const,
    ),
  ]);
}

function aboutDrafts({ drafts }: StripeSnapshot, ongoing: readonly Entitlement[], now: Date): Draft[] {
  return drafts.flatMap((draft): Draft[] => {
    const about = ongoing.find(({ subscription }) => subscription.id === draft.subscription);
    if (!about || !isStuck(draft, about, now)) return [];
    const details = { subscription: about.subscription.id, why: draft.finalizationError };
    return [{ kind: 'finalization-failed', subject: draft.id, details }];
  });
}

/** Refunds and disputes of invoices that opened something here. */
function aboutMoneyBack({ refunds, disputes }: StripeSnapshot, entitlements: readonly Entitlement[]): Draft[] {
  const invoices = new Map(entitlements.flatMap((one) => one.invoices.map((invoice) => [invoice.id, invoice])));
  const aboutRefunds = refunds.flatMap(({ id, invoice: about, amountCents, currency }): Draft[] => {
    const invoice = invoices.get(about ?? '');
    if (!invoice) return [];
    const { subscription } = invoice;
    const details = { invoice: invoice.id, subscription, amountCents, currency, full: isPaidBack(invoice) };
    return [{ kind: 'refund', subject: id, details }];
  });
  const aboutDisputes = disputes.flatMap(({ id, invoice, status, amountCents, currency }): Draft[] => {
    if (invoice === null || !invoices.has(invoice)) return [];
    const details = { invoice, status, amountCents, currency };
    return [
      { kind: isInquiry(status) ? 'inquiry' : 'dispute', subject: id, details },
      ...(status === 'lost' ? [{ kind: 'dispute-lost', subject: id, details } as const] : []),
    ];
  });
  return [...aboutRefunds, ...aboutDisputes];
}

/**
 * Will an invoice not become final by itself? Until it does nothing is collected, and the subscription stays active.
 */
function isStuck(
  { finalizationError, advances, createdAt }: DraftSnapshot,
  { subscription: it }: Entitlement,
  now: Date,
): boolean {
  if (finalizationError !== null) return true;
  return advances && it.pause === null && now.getTime() - createdAt.getTime() > FINAL_BY_THEN;
}
