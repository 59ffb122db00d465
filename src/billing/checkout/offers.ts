import { accountsViewer } from '../../access/viewer';
import { findTiers, wayInto, type TierRow } from '../../membership/tiers';
import type { PriceInterval } from '../../stores/prisma/client';
import type { Wall } from '../../stores/postgres/wall';

/** A price that is offered. Cents. */
export interface Offer {
  readonly price: string;
  readonly interval: PriceInterval;
  readonly cents: number;
  readonly currency: string;
  readonly trialDays: number;
}

/** A tier with the prices offered for it, month before year. */
export interface Offers {
  readonly tier: TierRow;
  readonly offers: readonly Offer[];
}

/**
 * The prices offered for a tier in its currency, by our table and never by what a browser says. Null: there is no such
 * tier, or it is not sold.
 */
export function readOffers(wall: Wall, slug: string): Promise<Offers | null> {
  return wall.read(accountsViewer, async (db) => {
    const tier = (await findTiers(db)).find((one) => one.slug === slug);
    if (!tier || wayInto(tier) !== 'paid') return null;
    const prices = await db.price.findMany({
      where: { tierSlug: slug, currency: tier.currency, offered: true },
      orderBy: { interval: 'asc' },
    });
    return {
      tier,
      offers: prices.map(({ stripeId, interval, amountCents, currency, trialDays }) => ({
        price: stripeId,
        interval,
        cents: amountCents,
        currency,
        trialDays,
      })),
    };
  });
}
