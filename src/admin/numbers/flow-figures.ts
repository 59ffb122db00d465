import type { Series } from '../../stores/postgres/series';
import { formatMoney, moneyInput } from '../../lib/money';
import {
  type Column,
  type Figure,
  type Around,
  numberOf,
  percentOf,
  valuesOf,
  layersOf,
  inColumns,
  share,
} from './figure';

/** Subscriptions won, won back and lost. */
export const turnover = (around: Around, series: Series): Figure =>
  inColumns(
    around,
    'turnover',
    layersOf(around, 'turnover', series, { new: 'hue-good', recovered: 'hue-again', churned: 'hue-bad' }, ['churned']),
  );

/** Who joined, and how many of them paid. */
export function joins(around: Around, series: Series): Figure {
  const layers = layersOf(around, 'joins', series, { paid: 'hue-good', unpaid: 'hue-plain' });
  const paid = valuesOf(around, series, 'paid');
  const joined = paid.map((value, place) => value + valuesOf(around, series, 'unpaid')[place]!);
  return inColumns(around, 'joins', layers, [
    { key: 'joined', label: around.language.say('admin.numbers.joins.joined'), say: numberOf(around), values: joined },
    {
      key: 'conversion',
      label: around.language.say('admin.numbers.conversion'),
      say: percentOf(around),
      values: share(paid, joined),
    },
  ]);
}

/** Trials, and how many went on to pay. */
export function trials(around: Around, series: Series): Figure {
  const layers = layersOf(around, 'trials', series, { paid: 'hue-good', running: 'hue-plain', over: 'hue-bad' });
  const paid = valuesOf(around, series, 'paid');
  // One that is under way has not decided yet.
  const decided = paid.map((value, place) => value + valuesOf(around, series, 'over')[place]!);
  return inColumns(around, 'trials', layers, [
    {
      key: 'conversion',
      label: around.language.say('admin.numbers.conversion'),
      say: percentOf(around),
      values: share(paid, decided),
    },
  ]);
}

/** Payments that failed, and what became of them. */
export function payments(around: Around, series: Series): Figure {
  const {
    language: { say, code },
  } = around;
  const percent = percentOf(around);
  const layers = layersOf(around, 'payments', series, { recovered: 'hue-good', open: 'hue-plain', lost: 'hue-bad' });
  const currencies = [...series.keys()]
    .flatMap((key) => (key.startsWith('failed ') ? [key.slice('failed '.length)] : []))
    .sort();
  const recovered = valuesOf(around, series, 'recovered');
  const decided = recovered.map((value, place) => value + valuesOf(around, series, 'lost')[place]!);
  return inColumns(around, 'payments', layers, [
    { key: 'recovery', label: say('admin.numbers.payments.recovery'), say: percent, values: share(recovered, decided) },
    ...currencies.flatMap((currency) =>
      (['failed', 'recovered'] as const).map((what): Column => ({
        key: `${what} ${currency}`,
        label: say(`admin.numbers.payments.sum.${what}`, { currency: currency.toUpperCase() }),
        say: (cents) => formatMoney(code, cents, currency),
        write: (cents) => moneyInput(cents, currency),
        values: valuesOf(around, series, `${what} ${currency}`),
      })),
    ),
  ]);
}
