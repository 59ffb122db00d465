import { CHARGED_STATUSES } from '../../billing/running';
import type { WallTransaction } from '../../stores/postgres/wall';

/** How often a price is charged. */
export type Interval = 'month' | 'year';

/** A price as Stripe has it, with how many pay it now. Cents. */
export interface KnownPrice {
  readonly stripeId: string;
  readonly tierSlug: string;
  readonly interval: Interval;
  readonly currency: string;
  readonly amountCents: number;
  readonly offered: boolean;
  readonly subscriptions: number;
}

/** Every price there is or was, those on offer first. As the registrar. */
export async function readPrices(db: WallTransaction): Promise<KnownPrice[]> {
  const paid = await db.subscription.groupBy({
    by: ['priceId'],
    where: { status: { in: [...CHARGED_STATUSES] } },
    _count: true,
  });
  const rows = await db.price.findMany({
    orderBy: [{ offered: 'desc' }, { interval: 'asc' }, { createdAt: 'desc' }, { stripeId: 'asc' }],
  });
  return rows.map(({ stripeId, tierSlug, interval, currency, amountCents, offered }) => ({
    stripeId,
    tierSlug,
    interval,
    currency,
    amountCents,
    offered,
    subscriptions: paid.find(({ priceId }) => priceId === stripeId)?._count ?? 0,
  }));
}
