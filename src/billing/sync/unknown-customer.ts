import { accountsViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { missing, type StripeClient } from '../stripe/client';
import type { SyncParts } from '../parts';
import type { CustomerRow } from './apply';
import type { StripeSnapshot } from './snapshot';

/** Prices that are asked for at most: the first that Stripe knows is answer enough. */
const MOST_ASKED = 5;

/** A customer who is gone from Stripe. */
export const goneSnapshot = (id: string): StripeSnapshot => ({
  customer: { id, deleted: true, livemode: null, account: null, email: null },
  subscriptions: [],
  invoices: [],
  drafts: [],
  disputes: [],
  refunds: [],
});

/**
 * Stripe answers 404 for one of our customers: are they gone, or is this another Stripe account, or its other mode
 * (docs/decisions/0031)? Gone they are where Stripe knows a price of what is written down of them, or, where nothing of
 * theirs goes on, one that is offered: a price that was used cannot be deleted, so it is there for good. Where nothing
 * of theirs opens anything any more, closing it takes nothing away.
 * @throws when Stripe does not answer.
 */
export async function isGone({ wall, stripe, clock }: SyncParts, { id }: CustomerRow): Promise<boolean> {
  const now = clock.now();
  const { open, offered } = await wall.read(accountsViewer, async (db) => ({
    open: await db.subscription.findMany({
      where: { customerId: id, endedAt: null },
      select: { priceId: true, accessUntil: true },
    }),
    offered: await db.price.findMany({ where: { offered: true }, select: { stripeId: true }, take: MOST_ASKED }),
  }));
  if (open.length === 0)
    return knowsOneOf(
      stripe,
      offered.map(({ stripeId }) => stripeId),
    );
  if (open.every(({ accessUntil }) => accessUntil === null || accessUntil <= now)) return true;
  return knowsOneOf(
    stripe,
    open.map(({ priceId }) => priceId).filter((price) => price !== null),
  );
}

async function knowsOneOf(stripe: StripeClient, prices: readonly string[]): Promise<boolean> {
  for (const price of [...new Set(prices)].slice(0, MOST_ASKED)) {
    try {
      await stripe.prices.retrieve(price);
      return true;
    } catch (error) {
      if (!missing(error)) throw error;
    }
  }
  return false;
}

/** The other customer that an account is written down with; null: there is none. */
export async function otherCustomer(wall: Wall, accountId: string, stripeId: string): Promise<string | null> {
  const row = await wall.read(accountsViewer, (db) =>
    db.customer.findFirst({
      where: { accountId, deletedAt: null, stripeId: { not: null }, NOT: { stripeId } },
      select: { stripeId: true },
    }),
  );
  return row?.stripeId ?? null;
}
