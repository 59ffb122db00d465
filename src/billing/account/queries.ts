import { accountsViewer } from '../../access/viewer';
import { findTiers, type TierRow } from '../../membership/tiers';
import type { Invoice, Subscription } from '../../stores/prisma/client';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { isRunning } from '../running';

/** Invoices on a page of the section. */
const PAGE = 12;

/** What is known of one account's payments, as Stripe was last looked at. */
export interface MemberBilling {
  /** Live ones, the newest first; where there is none, the last that was. */
  readonly subscriptions: readonly Subscription[];
  readonly tiers: readonly TierRow[];
  /** What is owed, the oldest first. */
  readonly owed: readonly Invoice[];
  readonly invoices: readonly Invoice[];
  readonly page: number;
  readonly pages: number;
  /** Does Stripe know a customer of this account, and when was it last looked at? */
  readonly customer: { readonly stripeId: string; readonly syncedAt: Date | null } | null;
}

/** Reads it for the owner; asks nothing of Stripe. */
export function readBilling(wall: Wall, accountId: string, page: number): Promise<MemberBilling> {
  return wall.read(accountsViewer, async (db) => {
    const of = { customer: { accountId } };
    const subscriptions = await db.subscription.findMany({
      where: of,
      orderBy: [{ startedAt: 'desc' }, { stripeId: 'asc' }],
    });
    const live = subscriptions.filter(isRunning);
    // A draft may change until it is sent; one without an amount is nobody's to pay.
    const shown = {
      ...of,
      status: { not: 'draft' },
      OR: [{ dueCents: { not: 0 } }, { status: 'open' }, { billingReason: 'subscription_create' }],
    };
    const count = await db.invoice.count({ where: shown });
    const customer = await db.customer.findFirst({
      where: { accountId, deletedAt: null, stripeId: { not: null } },
      select: { stripeId: true, syncedAt: true },
    });
    return {
      subscriptions: live.length > 0 ? live : subscriptions.slice(0, 1),
      tiers: await findTiers(db),
      owed: await db.invoice.findMany({ where: { ...of, status: 'open' }, orderBy: { createdAt: 'asc' } }),
      invoices: await db.invoice.findMany({
        where: shown,
        orderBy: [{ createdAt: 'desc' }, { stripeId: 'asc' }],
        skip: (page - 1) * PAGE,
        take: PAGE,
      }),
      page,
      pages: Math.max(1, Math.ceil(count / PAGE)),
      customer: customer && { stripeId: customer.stripeId!, syncedAt: customer.syncedAt },
    };
  });
}

/** The oldest invoice of a subscription that is owed. */
export const findOwed = (db: WallTransaction, subscription: string): Promise<Invoice | null> =>
  db.invoice.findFirst({
    where: { subscriptionId: subscription, status: 'open' },
    orderBy: { createdAt: 'asc' },
  });

/** One subscription of this account that Stripe has not ended, with the customer it is of; null: there is none. */
export async function findSubscription(
  db: WallTransaction,
  accountId: string,
  stripeId: string,
): Promise<(Subscription & { readonly customerStripeId: string }) | null> {
  const found = await db.subscription.findFirst({
    where: { stripeId, customer: { accountId, stripeId: { not: null } } },
    include: { customer: { select: { stripeId: true } } },
  });
  return found && isRunning(found) ? { ...found, customerStripeId: found.customer.stripeId! } : null;
}
