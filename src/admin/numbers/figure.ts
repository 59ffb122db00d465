import type { Language } from '../../lib/language';
import type { Series } from '../../stores/postgres/series';
import type { TierNames } from '../tier-names';
import { drawColumns, type Axis, type Layer } from './draw';
import type { FigureView, Plot } from './page-types';
import { formatBucket, type Range } from './range';

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

/**
 * A column of a figure's table: its name in a file, its name on the page, and how a value is said. Null: there is none.
 */
export interface Column {
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

/** What a figure is said in, along which range and for which tiers. */
export interface Around {
  readonly language: Language;
  readonly range: Range;
  readonly tiers: TierNames;
}

/** A number as the reader writes it. */
export const numberOf =
  ({ language }: Around) =>
  (value: number): string =>
    language.number(value);
/** Few of those who see a gate go through it: a whole percent would often be none. */
export const percentOf = ({ language: { code } }: Around) => {
  const format = new Intl.NumberFormat(code, { style: 'percent', maximumFractionDigits: 1 });
  return (value: number): string => format.format(value);
};
/** The places along a range, and how values are said beside them. */
export const axisOf = ({ language, range }: Around, say: Axis['say'], whole: boolean): Axis => ({
  places: range.buckets.map((bucket) => formatBucket(language, range, bucket, 'short')),
  say,
  whole,
});
/** The values of a series along the range; none are zeros. */
export const valuesOf = ({ range }: Around, series: Series, name: string): readonly number[] =>
  series.get(name) ?? range.buckets.map(() => 0);
/** All of them together. */
export const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
/** Is there anything to draw? */
export const isAny = (layers: readonly Layer[]): boolean =>
  layers.some(({ values }) => values.some((value) => value !== 0));

/** A figure along time. */
export function alongTime(
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

/** What a plot is called where it is not seen. */
export const plotLabel = ({ language, range }: Around, name: FigureName, what = ''): string =>
  language.say('admin.numbers.plot', {
    what: what || language.say(`admin.numbers.${name}.heading`),
    range: language.say(`admin.numbers.range.${range.name}`),
  });

/** Layers by name, each with the words `admin.numbers.<figure>.<name>`. */
export function layersOf(
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
export function inColumns(
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

/** Parts of wholes; null where there is no whole. */
export const share = (parts: readonly number[], wholes: readonly number[]): (number | null)[] =>
  parts.map((part, place) => (wholes[place] ? part / wholes[place] : null));
