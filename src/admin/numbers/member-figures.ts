import type { Series } from '../../stores/postgres/series';
import { formatMoney, moneyInput } from '../../lib/money';
import { drawAreas } from './draw';
import { type Figure, type Around, numberOf, axisOf, valuesOf, isAny, alongTime, plotLabel } from './figure';

/** Members at each tier. */
export function members(around: Around, series: Series): Figure {
  const { tiers } = around;
  const number = numberOf(around);
  // The highest tier lies at the bottom, where its shape can be read.
  const layers = [...tiers.all]
    .filter(({ rank }) => rank > 0)
    .reverse()
    .map(({ slug, name, hue }) => ({
      mark: `tier-${hue}`,
      key: slug,
      label: name,
      values: valuesOf(around, series, slug),
    }));
  return alongTime(
    around,
    'members',
    layers.map((layer) => ({ ...layer, say: number })),
    layers.map(({ mark, label, values }) => ({ mark, label, value: number(values.at(-1) ?? 0) })),
    isAny(layers) ? drawAreas(plotLabel(around, 'members'), layers, axisOf(around, number, true)) : null,
  );
}

/** One for each currency: sums of different money are none. */
export function revenue(around: Around, series: Series): Figure[] {
  const {
    language: { code, say },
    tiers,
  } = around;
  const parts = [...series.keys()].map((key) => {
    const [slug = '', currency = ''] = key.split(' ');
    return { key, slug, currency };
  });
  const currencies = [...new Set(parts.map(({ currency }) => currency))].sort();
  if (currencies.length === 0) return [alongTime(around, 'revenue', [], [], null)];
  const layersOf = (currency: string) =>
    parts
      .filter((one) => one.currency === currency)
      .map(({ key, slug }) => ({
        mark: `tier-${tiers.hueOf(slug)}`,
        slug,
        label: tiers.nameOf(slug),
        values: valuesOf(around, series, key),
      }));
  return currencies.map((currency) => {
    const layers = layersOf(currency);
    const money = (cents: number) => formatMoney(code, cents, currency);
    const inCurrency = currencies.length > 1 ? ` (${currency.toUpperCase()})` : '';
    return alongTime(
      around,
      'revenue',
      layers.map((layer) => ({
        ...layer,
        key: `${layer.slug} ${currency}`,
        label: `${layer.label}${inCurrency}`,
        say: money,
        write: (cents: number) => moneyInput(cents, currency),
      })),
      layers.map(({ mark, label, values }) => ({
        mark,
        label: `${label}${inCurrency}`,
        value: money(values.at(-1) ?? 0),
      })),
      isAny(layers)
        ? drawAreas(
            plotLabel(around, 'revenue', `${say('admin.numbers.revenue.heading')}${inCurrency}`),
            layers,
            axisOf(around, money, true),
          )
        : null,
    );
  });
}
