import { accountsViewer } from '../../access/viewer';
import { findTiers, type TierRow } from '../../membership/tiers';
import type { PriceInterval } from '../../stores/prisma/client';
import type { Wall } from '../../stores/postgres/wall';

/** What can be bought for now. */
export const PAID = 'leadership-alliance';

/** A price that is offered. Cents. */
export interface Offer {
  readonly price: string;
  readonly interval: PriceInterval;
  readonly cents: number;
  readonly currency: string;
  readonly trialDays: number;
}

/**
 * The prices offered for the paid tier in its currency, by our table and never by what a browser says; month before
 * year.
 */
export function readOffers(wall: Wall): Promise<{ readonly tier: TierRow; readonly offers: readonly Offer[] }> {
  return wall.read(accountsViewer, async (db) => {
    const tier = (await findTiers(db)).find(({ slug }) => slug === PAID);
    if (!tier) throw new Error(`there is no tier "${PAID}"`);
    const prices = await db.price.findMany({
      where: { tierSlug: PAID, currency: tier.currency, offered: true },
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
