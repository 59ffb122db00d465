import type { Language } from '../../lib/language';
import { formatMoney, moneyInput } from '../../lib/money';
import type { Series } from '../../stores/postgres/series';
import type { TierNames } from '../tier-names';
import { drawAreas, drawColumns, drawRows, type Axis, type Layer } from './draw';
import type { FigureView, Plot } from './page-types';
import { formatBucket, type Range } from './range';
import type { GateUse, Named, Readings } from './readings';

/** Every figure, in the order of the page; each is also a table to take along. */
export const FIGURES = [
  'members',
  'revenue',
  'turnover',
  'joins',
  'trials',
  'gates',
  'reads',
  'briefings',
  'payments',
] as const;
export type FigureName = (typeof FIGURES)[number];

/** Everything the figures are made of. */
export interface Numbers {
  readonly members: Series;
  readonly revenue: Series;
  readonly turnover: Series;
  readonly joins: Series;
  readonly trials: Series;
  readonly payments: Series;
  readonly readings: Readings;
}

/**
 * A column of a figure's table: its name in a file, its name on the page, and how a value is said. Null: there is none.
 */
interface Column {
  readonly key: string;
  readonly label: string;
  readonly say: (value: number) => string;
  /** The same in a file; where this is left out, the value as it is. */
  readonly write?: (value: number) => string;
  readonly values: readonly (number | null)[];
}

/** A figure before it is drawn. */
export interface Figure {
  readonly name: FigureName;
  /** What stands before each row: its name in a file and on the page. */
  readonly head: { readonly key: string; readonly label: string };
  readonly rows: readonly { readonly key: string; readonly label: string }[];
  readonly columns: readonly Column[];
  readonly legend: FigureView['legend'];
  readonly plot: Plot | null;
}

interface Around {
  readonly language: Language;
  readonly range: Range;
  readonly tiers: TierNames;
}

/** Rows of a plot beside names; the table has more. */
const MOST_DRAWN = 10;

/** The figures by name. */
export function figuresOf(around: Around, numbers: Numbers): Figure[] {
  return [
    members(around, numbers.members),
    ...revenue(around, numbers.revenue),
    turnover(around, numbers.turnover),
    joins(around, numbers.joins),
    trials(around, numbers.trials),
    gates(around, numbers.readings),
    reads(around, numbers.readings),
    briefings(around, numbers.readings),
    payments(around, numbers.payments),
  ];
}

/** A figure as its page prints it. */
export function viewOf(
  { say }: Language,
  { name, head, rows, columns, legend, plot }: Figure,
  href: string,
): FigureView {
  const heading = say(`admin.numbers.${name}.heading`);
  return {
    name,
    heading,
    legend,
    plot,
    text: say(`admin.numbers.${name}.text`),
    table: {
      columns: [head.label, ...columns.map(({ label }) => label)],
      rows: rows.map(({ label }, place) => ({
        label,
        values: columns.map((column) => {
          const value = column.values[place] ?? null;
          return value === null ? say('admin.fact.none') : column.say(value);
        }),
      })),
    },
    csv: { label: say('admin.numbers.csv'), href, spoken: heading },
  };
}

const numberOf =
  ({ language }: Around) =>
  (value: number): string =>
    language.number(value);
/** Few of those who see a gate go through it: a whole percent would often be none. */
const percentOf = ({ language: { code } }: Around) => {
  const format = new Intl.NumberFormat(code, { style: 'percent', maximumFractionDigits: 1 });
  return (value: number): string => format.format(value);
};
const axisOf = ({ language, range }: Around, say: Axis['say'], whole: boolean): Axis => ({
  places: range.buckets.map((bucket) => formatBucket(language, range, bucket, 'short')),
  say,
  whole,
});
const valuesOf = ({ range }: Around, series: Series, name: string): readonly number[] =>
  series.get(name) ?? range.buckets.map(() => 0);
const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const isAny = (layers: readonly Layer[]): boolean => layers.some(({ values }) => values.some((value) => value !== 0));

/** A figure along time. */
function alongTime(
  around: Around,
  name: FigureName,
  columns: readonly Column[],
  legend: FigureView['legend'],
  plot: Plot | null,
): Figure {
  const { language, range } = around;
  return {
    name,
    columns,
    legend,
    plot,
    head: { key: range.step, label: language.say(`admin.numbers.${range.step}`) },
    rows: range.buckets.map((bucket) => ({ key: bucket.key, label: formatBucket(language, range, bucket, 'whole') })),
  };
}

const plotLabel = ({ language, range }: Around, name: FigureName, what = ''): string =>
  language.say('admin.numbers.plot', {
    what: what || language.say(`admin.numbers.${name}.heading`),
    range: language.say(`admin.numbers.range.${range.name}`),
  });

function members(around: Around, series: Series): Figure {
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
function revenue(around: Around, series: Series): Figure[] {
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

/** Layers by name, each with the words `admin.numbers.<figure>.<name>`. */
function layersOf(
  around: Around,
  figure: FigureName,
  series: Series,
  marks: Readonly<Record<string, string>>,
  below: readonly string[] = [],
) {
  return Object.entries(marks).map(([key, mark]) => ({
    mark,
    key,
    label: around.language.say(`admin.numbers.${figure}.${key}`),
    values: valuesOf(around, series, key),
    below: below.includes(key),
  }));
}

/** Columns stacked of layers, and the same as a table with `more` beside. */
function inColumns(
  around: Around,
  name: FigureName,
  layers: readonly (Layer & { readonly key: string; readonly below?: boolean })[],
  more: readonly Column[] = [],
): Figure {
  const number = numberOf(around);
  const drawn = layers.map(({ below, values, ...layer }) => ({
    ...layer,
    values: below ? values.map((value) => -value) : values,
  }));
  return alongTime(
    around,
    name,
    [...layers.map(({ key, label, values }) => ({ key, label, values, say: number })), ...more],
    layers.map(({ mark, label, values }) => ({ mark, label, value: number(sum(values)) })),
    isAny(drawn) ? drawColumns(plotLabel(around, name), drawn, axisOf(around, number, true)) : null,
  );
}

const turnover = (around: Around, series: Series): Figure =>
  inColumns(
    around,
    'turnover',
    layersOf(around, 'turnover', series, { new: 'hue-good', recovered: 'hue-again', churned: 'hue-bad' }, ['churned']),
  );

const share = (parts: readonly number[], wholes: readonly number[]): (number | null)[] =>
  parts.map((part, place) => (wholes[place] ? part / wholes[place] : null));

function joins(around: Around, series: Series): Figure {
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

function trials(around: Around, series: Series): Figure {
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

function payments(around: Around, series: Series): Figure {
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

const titleOf = ({ language: { code } }: Around, { titles, lang, slug }: Named): string =>
  titles.get(code) ?? titles.get(lang) ?? [...titles.values()][0] ?? slug;

function gates(around: Around, { gates: all }: Readings): Figure {
  const {
    language: { say },
    tiers,
  } = around;
  const [number, percent] = [numberOf(around), percentOf(around)];
  const nameOf = ({ tier, briefing }: GateUse) =>
    briefing === null
      ? say('admin.numbers.gates.all', { tier: tiers.nameOf(tier) })
      : say('admin.numbers.gates.one', { tier: tiers.nameOf(tier), briefing: titleOf(around, briefing) });
  const marks = { begun: 'hue-plain', done: 'hue-good' } as const;
  const steps = ['shown', 'begun', 'done'] as const;
  const rate = ({ shown, done }: GateUse) => (shown === 0 ? null : done / shown);
  const totals = all.filter(({ briefing }) => briefing === null);
  return {
    name: 'gates',
    head: { key: 'gate', label: say('admin.numbers.gates.gate') },
    rows: all.map((one) => ({ key: `${one.tier} ${one.briefing?.slug ?? ''}`.trim(), label: nameOf(one) })),
    columns: [
      ...steps.map((step) => ({
        key: step,
        label: say(`admin.numbers.gates.${step}`),
        say: number,
        values: all.map((one) => one[step]),
      })),
      { key: 'conversion', label: say('admin.numbers.conversion'), say: percent, values: all.map(rate) },
    ],
    legend: (['begun', 'done'] as const).map((step) => ({
      mark: marks[step],
      label: say(`admin.numbers.gates.${step}`),
      value: number(sum(totals.map((one) => one[step]))),
    })),
    // How often it is shown says little about a gate beside another: what is drawn is the share that goes on.
    plot: totals.every(({ shown }) => shown === 0)
      ? null
      : drawRows(
          plotLabel(around, 'gates'),
          all
            .filter(({ shown }) => shown > 0)
            .slice(0, MOST_DRAWN)
            .map((one) => ({
              name: nameOf(one),
              value: say('admin.numbers.gates.value', {
                share: percent(rate(one) ?? 0),
                done: number(one.done),
                shown: number(one.shown),
              }),
              parts: [
                { mark: marks.begun, value: one.begun / one.shown },
                { mark: marks.done, value: one.done / one.shown },
              ],
            })),
          true,
        ),
  };
}

/** The tiers, lowest first, and visitors before them. */
const readersOf = ({ language: { say }, tiers }: Around) =>
  tiers.all.map(({ slug, rank, name, hue }) => ({
    slug,
    rank,
    mark: rank === 0 ? 'hue-plain' : `tier-${hue}`,
    label: rank === 0 ? say('admin.numbers.reads.public') : name,
  }));

const reads = (around: Around, { byTime }: Readings): Figure =>
  inColumns(
    around,
    'reads',
    readersOf(around).map(({ slug, rank, ...one }) => ({
      ...one,
      key: slug,
      values: valuesOf(around, byTime, String(rank)),
    })),
  );

function briefings(around: Around, { briefings: all }: Readings): Figure {
  const { say } = around.language;
  const number = numberOf(around);
  const readers = readersOf(around);
  const byReader = (rank: number) => all.map((one) => one.reads.get(rank) ?? 0);
  return {
    name: 'briefings',
    head: { key: 'briefing', label: say('admin.numbers.briefings.briefing') },
    rows: all.map((one) => ({ key: one.slug, label: titleOf(around, one) })),
    columns: [
      ...readers.map(({ slug, rank, label }) => ({ key: slug, label, say: number, values: byReader(rank) })),
      { key: 'all', label: say('admin.numbers.briefings.all'), say: number, values: all.map(({ total }) => total) },
    ],
    legend: readers.map(({ mark, label }) => ({ mark, label, value: null })),
    plot:
      all.length === 0
        ? null
        : drawRows(
            plotLabel(around, 'briefings'),
            all.slice(0, MOST_DRAWN).map((one) => ({
              name: titleOf(around, one),
              value: number(one.total),
              parts: readers.map(({ mark, rank }) => ({ mark, value: one.reads.get(rank) ?? 0 })),
            })),
            false,
          ),
  };
}
