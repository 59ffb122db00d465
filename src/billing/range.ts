import type { Behind } from '../stores/wall';
import type { KnownPrice, Range } from './judge';
import type { Seen } from './seen';
import { missing, type StripeDoor } from './stripe';

/** What is sold here, as our table has it. */
export async function loadRange(db: Behind): Promise<Range> {
  const rows = await db.price.findMany({ select: { stripeId: true, productId: true, tierSlug: true, interval: true, tier: { select: { rank: true } } } });
  const prices = new Map<string, KnownPrice>(rows.map((row) => [row.stripeId, { id: row.stripeId, product: row.productId, tier: row.tierSlug, rank: row.tier.rank, interval: row.interval }]));
  return { prices, products: new Set(rows.map(({ productId }) => productId)) };
}

/**
 * Adds the products that say of themselves that they are ours, for those on a subscription that our table does not
 * know. Stripe's account may sell other things too.
 * @throws when Stripe does not answer.
 */
export async function withOwnProducts(stripe: StripeDoor, range: Range, { subscriptions }: Seen, tiers: readonly string[]): Promise<Range> {
  const strangers = new Set(subscriptions.flatMap(({ items }) => items).filter(({ price, product }) => !range.prices.has(price) && !range.products.has(product)).map(({ product }) => product));
  const own = await Promise.all([...strangers].map(async (id) => ((await isOurs(stripe, id, tiers)) ? [id] : [])));
  return { ...range, products: new Set([...range.products, ...own.flat()]) };
}

async function isOurs(stripe: StripeDoor, id: string, tiers: readonly string[]): Promise<boolean> {
  try {
    return tiers.includes((await stripe.products.retrieve(id)).metadata['tier'] ?? '');
  } catch (error) {
    if (missing(error)) return false;
    throw error;
  }
}
