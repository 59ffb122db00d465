import { subscriptionAccess, type SubscriptionFacts, type SubscriptionAccess } from '../../access/subscription';
import type { PriceInterval } from '../../stores/prisma/client';
import { monthlyOf } from './recurring';
import type { StripeSnapshot, InvoiceSnapshot, ItemSnapshot, SubscriptionSnapshot } from './snapshot';

/** A price that opens a tier. */
export interface KnownPrice {
  readonly id: string;
  readonly product: string;
  readonly tier: string;
  readonly rank: number;
  readonly interval: PriceInterval;
}

/** What is sold here. */
export interface PriceCatalogue {
  readonly prices: ReadonlyMap<string, KnownPrice>;
  /** The products that are ours, those without a known price among them. */
  readonly products: ReadonlySet<string>;
}

/** What is written down of a customer already: ids of Stripe's. */
export interface Recorded {
  readonly subscriptions: ReadonlySet<string>;
  readonly invoices: ReadonlySet<string>;
}

/** A subscription that is ours, or was, with what it gives. */
export interface Entitlement {
  readonly subscription: SubscriptionSnapshot;
  /** Is it about something of ours? Else it is known only because it was, and gives nothing any more. */
  readonly ours: boolean;
  /** Null: no price on it that is known. */
  readonly price: KnownPrice | null;
  /** Prices on it that stand for something of ours nobody knows. */
  readonly unknownPrices: readonly string[];
  /** Per interval, all items of ours together; where none is, all there are. */
  readonly amountCents: number;
  /** Per month with lasting discounts taken off, should it bring in anything (src/billing/sync/recurring.ts). */
  readonly monthlyCents: number;
  readonly invoices: readonly InvoiceSnapshot[];
  /** The oldest that is owed and was tried to be collected. */
  readonly owed: InvoiceSnapshot | null;
  readonly facts: SubscriptionFacts;
  readonly access: SubscriptionAccess;
}

/** Stripe's words for a dispute that has come out well, or never became one. */
const CLOSED_WELL = ['won', 'prevented'];

/**
 * Is this an inquiry? A bank asks about a payment before it disputes it: no money has been taken back, and most end
 * here (https://docs.stripe.com/disputes/how-disputes-work#inquiries).
 */
export const isInquiry = (status: string): boolean => status.startsWith('warning_');

/** Does a dispute hold its payment's money back just now? */
export const isOpenDispute = (status: string): boolean =>
  status !== 'lost' && !CLOSED_WELL.includes(status) && !isInquiry(status);

/**
 * Every subscription that is about something of ours or is written down here, with what it gives; others are nobody's
 * business. What is charged for another product's sake does not become a record by it.
 */
export function evaluateSubscriptions(
  snapshot: StripeSnapshot,
  catalogue: PriceCatalogue,
  recorded: Recorded,
  graceDays: number,
  now: Date,
): Entitlement[] {
  return snapshot.subscriptions.flatMap((it) => {
    const ours = it.items.filter(
      ({ price, product }) => catalogue.prices.has(price) || catalogue.products.has(product),
    );
    const isOurs = ours.length > 0;
    if (!isOurs && !recorded.subscriptions.has(it.id)) return [];
    const price = highest(ours, catalogue);
    const invoices = snapshot.invoices.filter(
      ({ id, subscription }) => subscription === it.id && (isOurs || recorded.invoices.has(id)),
    );
    const owed =
      invoices
        .filter(({ firstFailedAt }) => firstFailedAt !== null)
        .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())[0] ?? null;
    const facts = factsOf({ subscription: it, ours: isOurs, priceKnown: price !== null, invoices, owed }, snapshot);
    return [
      {
        subscription: it,
        ours: isOurs,
        price,
        invoices,
        owed,
        facts,
        unknownPrices: ours.filter((item) => !catalogue.prices.has(item.price)).map((item) => item.price),
        amountCents: (isOurs ? ours : it.items).reduce(
          (sum, { unitCents, quantity }) => sum + (unitCents ?? 0) * quantity,
          0,
        ),
        monthlyCents: monthlyOf(ours, it.discounts, now),
        access: subscriptionAccess(facts, graceDays, now),
      },
    ];
  });
}

function highest(items: readonly ItemSnapshot[], { prices }: PriceCatalogue): KnownPrice | null {
  return (
    items
      .map(({ price }) => prices.get(price))
      .filter((one) => one !== undefined)
      .sort((a, b) => b.rank - a.rank)[0] ?? null
  );
}

function factsOf(
  {
    subscription: it,
    ours,
    priceKnown,
    invoices,
    owed,
  }: Pick<Entitlement, 'subscription' | 'ours' | 'invoices' | 'owed'> & { readonly priceKnown: boolean },
  snapshot: StripeSnapshot,
): SubscriptionFacts {
  const paid = invoices
    .filter(({ status }) => status === 'paid')
    .sort((a, b) => paidAt(a) - paidAt(b) || a.createdAt.getTime() - b.createdAt.getTime());
  // What cost nothing has paid for nothing: it does not make up for what was paid back.
  const latest = paid.findLast(({ paidCents }) => paidCents > 0);
  const keptUntil = paid
    .filter((invoice) => !isPaidBack(invoice))
    .map(({ periodEnd }) => periodEnd?.getTime())
    .filter((end) => end !== undefined);
  return {
    status: it.status,
    ours,
    priceKnown,
    startedAt: it.startedAt,
    periodStart: it.periodStart,
    periodEnd: it.periodEnd,
    paidThrough: keptUntil.length === 0 ? null : new Date(Math.max(...keptUntil)),
    trialEnd: it.trialEnd,
    trialConverts: it.trialConverts,
    cancelAt: it.cancelAt,
    endedAt: it.endedAt,
    pause: it.pause,
    firstFailedAt: owed?.firstFailedAt ?? null,
    refundedAt: latest && isPaidBack(latest) ? latest.refundedAt : null,
    dispute: disputeOf(invoices, latest, snapshot),
    customerDeleted: snapshot.customer.deleted,
  };
}

const paidAt = ({ paidAt: at, createdAt }: InvoiceSnapshot): number => (at ?? createdAt).getTime();

/** In full; a part of it changes nothing. */
export const isPaidBack = ({
  paidCents,
  refundedCents,
}: Pick<InvoiceSnapshot, 'paidCents' | 'refundedCents'>): boolean => paidCents > 0 && refundedCents >= paidCents;

function disputeOf(
  invoices: readonly InvoiceSnapshot[],
  latest: InvoiceSnapshot | undefined,
  { disputes }: StripeSnapshot,
): SubscriptionFacts['dispute'] {
  const own = disputes
    .filter(({ invoice }) => invoices.some(({ id }) => id === invoice))
    .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  const open = own.find(({ status }) => isOpenDispute(status));
  if (open) return { state: 'open', since: open.createdAt };
  const lost = own.find(({ status, invoice }) => status === 'lost' && invoice === latest?.id);
  return lost ? { state: 'lost', since: lost.createdAt } : null;
}
