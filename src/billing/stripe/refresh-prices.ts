import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import type { PriceInterval } from '../../stores/prisma/client';
import { listAll } from './client';
import type { SyncParts } from '../parts';
import { idOf } from './values';

/** What a price is found by, whichever id it has: the tier, how often it is charged, and the currency. */
export const lookupKey = (tier: string, interval: PriceInterval, currency: string): string =>
  `dossier-${tier}-${interval}-${currency.toLowerCase()}`;

const INTERVALS: readonly string[] = ['month', 'year'] satisfies PriceInterval[];

/**
 * Makes our table of prices say what Stripe has of them. A price is ours when it says for which tier it is and its
 * product says the same; those no longer offered stay known, because somebody may still pay them.
 * @throws when Stripe does not answer.
 */
export function refreshPrices({ stripe, wall, locks, livemode }: SyncParts): Promise<void> {
  return locks.hold('prices', async () => {
    const tiers = (await wall.read(accountsViewer, (db) => db.tier.findMany({ select: { slug: true } }))).map(
      ({ slug }) => slug,
    );
    const products = (await findProducts(stripe, tiers)).filter((product) => product.livemode === livemode);
    const rows: PriceRow[] = [];
    for (const product of products) {
      for (const price of await listAll(stripe.prices.list({ product: product.id, limit: 100 })))
        rows.push(...rowsOf(price, product));
    }
    await wall.write(accountsViewer, async (db) => {
      const known = await db.price.findMany({ where: { offered: true }, select: { stripeId: true } });
      const gone = known
        .filter(({ stripeId }) => !rows.some((row) => row.stripeId === stripeId && row.offered))
        .map(({ stripeId }) => stripeId);
      await db.price.updateMany({ where: { stripeId: { in: gone } }, data: { offered: false } });
      for (const row of rows) await db.price.upsert({ where: { stripeId: row.stripeId }, create: row, update: row });
    });
  });
}

/** The products that stand for our tiers, by tier; of several the oldest comes first. */
export async function findProducts(stripe: SyncParts['stripe'], tiers: readonly string[]): Promise<Stripe.Product[]> {
  const found = await listAll(stripe.products.list({ limit: 100 }));
  return found.filter(({ metadata }) => tiers.includes(metadata['tier'] ?? '')).sort((a, b) => a.created - b.created);
}

interface PriceRow {
  readonly stripeId: string;
  readonly productId: string;
  readonly tierSlug: string;
  readonly lookupKey: string;
  readonly interval: PriceInterval;
  readonly currency: string;
  readonly amountCents: number;
  readonly trialDays: number;
  readonly offered: boolean;
}

function rowsOf(price: Stripe.Price, product: Stripe.Product): PriceRow[] {
  const tier = product.metadata['tier'];
  const interval = price.recurring?.interval;
  if (
    tier === undefined ||
    price.metadata['tier'] !== tier ||
    interval === undefined ||
    !INTERVALS.includes(interval) ||
    price.recurring?.interval_count !== 1 ||
    price.unit_amount === null
  )
    return [];
  const key = lookupKey(tier, interval as PriceInterval, price.currency);
  return [
    {
      stripeId: price.id,
      productId: idOf(price.product),
      tierSlug: tier,
      lookupKey: key,
      interval: interval as PriceInterval,
      currency: price.currency,
      amountCents: price.unit_amount,
      trialDays: price.recurring.trial_period_days ?? 0,
      offered: price.active && price.lookup_key === key,
    },
  ];
}
