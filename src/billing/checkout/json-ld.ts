import type { Language } from '../../lib/language';
import { moneyInput } from '../../lib/money';
import { tierTextsIn, type TierRow } from '../../membership/tiers';

/** What is sold, as schema.org describes it; null where nothing has a price. */
export function describeOffers(tiers: readonly TierRow[], language: Language, publicUrl: string): object | null {
  const sold = tiers.filter(({ monthlyCents, yearlyCents }) => monthlyCents !== null || yearlyCents !== null);
  if (sold.length === 0) return null;
  const offer = (cents: number | null, unit: 'MON' | 'ANN', currency: string, slug: string) =>
    cents === null
      ? []
      : [
          {
            '@type': 'Offer',
            url: new URL(`${language.prefix}/join/${slug}`, publicUrl).href,
            priceSpecification: {
              '@type': 'UnitPriceSpecification',
              price: moneyInput(cents, currency),
              priceCurrency: currency.toUpperCase(),
              unitCode: unit,
            },
          },
        ];
  return {
    '@context': 'https://schema.org',
    '@graph': sold.map((tier) => {
      const { name, blurb } = tierTextsIn(tier, language);
      return {
        '@type': 'Product',
        name: `${language.siteName}: ${name}`,
        description: blurb,
        offers: [
          ...offer(tier.monthlyCents, 'MON', tier.currency, tier.slug),
          ...offer(tier.yearlyCents, 'ANN', tier.currency, tier.slug),
        ],
      };
    }),
  };
}
