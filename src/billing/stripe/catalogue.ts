import type { Behind } from '../../stores/postgres/wall';
import type { KnownPrice, Range } from '../sync/evaluate-subscription';
import type { Seen } from '../sync/snapshot';
import { missing, type StripeDoor } from './client';

/** What is sold here, and every tier there is. */
export interface Shelves {
  readonly range: Range;
  readonly tiers: readonly string[];
}

/** What is sold here, as our tables have it. */
export async function loadShelves(db: Behind): Promise<Shelves> {
  const tiers = await db.tier.findMany({
    select: { slug: true, rank: true, prices: { select: { stripeId: true, productId: true, interval: true } } },
  });
  const prices = tiers.flatMap(({ slug, rank, prices: own }) =>
    own.map(({ stripeId, productId, interval }): KnownPrice => ({
      id: stripeId,
      product: productId,
      tier: slug,
      rank,
      interval,
    })),
  );
  return {
    range: {
      prices: new Map(prices.map((price) => [price.id, price])),
      products: new Set(prices.map(({ product }) => product)),
    },
    tiers: tiers.map(({ slug }) => slug),
  };
}

/**
 * Adds the products that say of themselves that they are ours, for those on a subscription that our table does not
 * know. Stripe's account may sell other things too.
 * @throws when Stripe does not answer.
 */
export async function withOwnProducts(
  stripe: StripeDoor,
  { range, tiers }: Shelves,
  { subscriptions }: Seen,
): Promise<Range> {
  const strangers = new Set(
    subscriptions
      .flatMap(({ items }) => items)
      .filter(({ price, product }) => !range.prices.has(price) && !range.products.has(product))
      .map(({ product }) => product),
  );
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
