import { accountsViewer } from '../../access/viewer';
import type { SyncParts } from '../../billing/parts';
import { idOf } from '../../billing/stripe/values';
import { addJob } from '../../stores/postgres/jobs';
import type { WallTransaction } from '../../stores/postgres/wall';
import { queueSyncs } from '../jobs/write-applied';

/** A price that was found at Stripe, with the tier it is mapped to; null: to none. */
export interface PriceRow {
  readonly stripeId: string;
  readonly productId: string;
  readonly name: string;
  readonly currency: string;
  readonly amountCents: number | null;
  readonly interval: string | null;
  readonly intervalCount: number;
  readonly subscriptions: number;
  readonly countedAt: Date;
  readonly tier: string | null;
}

/** Prices that were found, those of most subscriptions first. */
export async function readFoundPrices(db: WallTransaction): Promise<PriceRow[]> {
  const found = await db.foundPrice.findMany({ orderBy: [{ subscriptions: 'desc' }, { stripeId: 'asc' }] });
  const known = await db.price.findMany({
    where: { stripeId: { in: found.map(({ stripeId }) => stripeId) } },
    select: { stripeId: true, tierSlug: true },
  });
  const tiers = new Map(known.map(({ stripeId, tierSlug }) => [stripeId, tierSlug]));
  return found.map((one) => ({ ...one, tier: tiers.get(one.stripeId) ?? null }));
}

/** Why a price cannot stand for a tier here; null: it can. */
export function adoptionFault({ amountCents, interval, intervalCount }: PriceRow): 'amount' | 'interval' | null {
  if (amountCents === null) return 'amount';
  return (interval !== 'month' && interval !== 'year') || intervalCount !== 1 ? 'interval' : null;
}

/**
 * Lets a price of another's open a tier, in the registrar's transaction: whoever pays it goes on paying it, and it is
 * offered to nobody. Everybody who pays it is looked at afterwards.
 */
export async function adoptPrice(db: WallTransaction, price: PriceRow, tier: string): Promise<void> {
  const { stripeId, productId, currency, amountCents, interval } = price;
  const row = {
    ...{ stripeId, productId, currency, tierSlug: tier, offered: false },
    lookupKey: `adopted-${stripeId}`,
    interval: interval as 'month' | 'year',
    amountCents: amountCents ?? 0,
  };
  await db.price.upsert({ where: { stripeId }, create: row, update: { tierSlug: tier } });
  await addJob(db, 'price-adopted', { price: stripeId });
}

/** Puts everybody known here who pays a price into the queue, to be looked at. @throws when Stripe does not answer. */
export async function syncPayers({ wall, stripe }: Pick<SyncParts, 'wall' | 'stripe'>, price: string): Promise<void> {
  let payers: string[] = [];
  const queue = async () => {
    const some = payers;
    payers = [];
    await wall.write(accountsViewer, async (db) => {
      const known = await db.customer.findMany({ where: { stripeId: { in: some } }, select: { stripeId: true } });
      await queueSyncs(
        db,
        known.map(({ stripeId }) => stripeId!),
      );
    });
  };
  for await (const { customer } of stripe.subscriptions.list({ price, status: 'all', limit: 100 })) {
    payers.push(idOf(customer));
    if (payers.length === 100) await queue();
  }
  await queue();
}
