import type { Language } from '../../lib/language';
import type { Series } from '../../stores/postgres/series';
import type { Around, Figure } from './figure';
import { joins, payments, trials, turnover } from './flow-figures';
import { members, revenue } from './member-figures';
import type { FigureView } from './page-types';
import { briefings, gates, reads } from './reading-figures';
import type { Readings } from './readings';

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
    csv: { label: say('admin.numbers.csv'), href, hiddenText: heading },
  };
}
