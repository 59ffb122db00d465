import type { WallTransaction } from '../../stores/postgres/wall';
import type { KnownPrice, PriceCatalogue } from '../sync/evaluate-subscription';
import type { StripeSnapshot } from '../sync/snapshot';
import { missing, type StripeClient } from './client';

/** What is sold here, and every tier there is. */
export interface CatalogueWithTiers {
  readonly catalogue: PriceCatalogue;
  readonly tiers: readonly string[];
}

/** What is sold here, as our tables have it. */
export async function loadCatalogue(db: WallTransaction): Promise<CatalogueWithTiers> {
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
    catalogue: {
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
  stripe: StripeClient,
  { catalogue, tiers }: CatalogueWithTiers,
  { subscriptions }: StripeSnapshot,
): Promise<PriceCatalogue> {
  const strangers = new Set(
    subscriptions
      .flatMap(({ items }) => items)
      .filter(({ price, product }) => !catalogue.prices.has(price) && !catalogue.products.has(product))
      .map(({ product }) => product),
  );
  const own = await Promise.all([...strangers].map(async (id) => ((await isOurs(stripe, id, tiers)) ? [id] : [])));
  return { ...catalogue, products: new Set([...catalogue.products, ...own.flat()]) };
}

async function isOurs(stripe: StripeClient, id: string, tiers: readonly string[]): Promise<boolean> {
  try {
    return tiers.includes((await stripe.products.retrieve(id)).metadata['tier'] ?? '');
  } catch (error) {
    if (missing(error)) return false;
    throw error;
  }
}
