import { scaleBand, scaleLinear } from 'd3-scale';
import { area, line, stack, stackOffsetDiverging, stackOffsetNone } from 'd3-shape';
import type { AreasPlot, ColumnsPlot, Line, RowsPlot, Tick } from './page-types';

// d3 works out the geometry; templates draw it, with classes of the style sheet, so that themes, print and the content
// security policy hold without a script (docs/decisions/0014-numbers-are-drawn-by-the-server.md).

/** One kind of what is drawn: its colour, its name, and a value for each place along the axis. */
export interface Layer {
  readonly mark: string;
  readonly label: string;
  readonly values: readonly number[];
}

export interface Axis {
  /** A word for each place. */
  readonly places: readonly string[];
  readonly say: (value: number) => string;
  /** Are there no values between two whole ones? */
  readonly whole: boolean;
}

/** Rem: the height of the field in which it is drawn, and the room above it for the highest word. */
const FIELD = 10;
const ABOVE = 1.25;

/** Words under a plot at most. */
const WORDS = 6;

const round = (value: number): number => Math.round(value * 100) / 100;

/** Stacked areas of what there is at the end of each place. */
export function drawAreas(label: string, layers: readonly Layer[], axis: Axis): AreasPlot {
  // A single moment is drawn as if it lasted.
  const twice = axis.places.length === 1;
  const rows = (twice ? [0, 0] : axis.places.map((_, place) => place)).map((place) =>
    Object.fromEntries(layers.map(({ values }, which) => [which, values[place] ?? 0])),
  );
  const stacked = stack<Record<string, number>>()
    .keys(layers.map((_, which) => String(which)))
    .offset(stackOffsetNone)(rows);
  const top = Math.max(...stacked.flatMap((layer) => layer.map(([, high]) => high)), 1);
  const y = scaleLinear([0, top], [100, 0]).nice(4);
  const x = scaleLinear([0, rows.length - 1], [0, 1000]);
  const shape = area<readonly [number, number]>()
    .x((_, place) => round(x(place)))
    .y0(([low]) => round(y(low)))
    .y1(([, high]) => round(y(high)));
  const edge = line<readonly [number, number]>()
    .x((_, place) => round(x(place)))
    .y(([, high]) => round(y(high)));
  return {
    kind: 'areas',
    label,
    lines: linesOf(y.ticks(4), (value) => ABOVE + (y(value) / 100) * FIELD, axis),
    ticks: ticksOf(axis.places, (place) => (twice ? 0 : (place / (axis.places.length - 1)) * 100), true),
    areas: stacked.map((layer, which) => {
      const points = layer.map(([low, high]) => [low, high] as const);
      return { mark: layers[which]!.mark, area: shape(points) ?? '', edge: edge(points) ?? '' };
    }),
  };
}

/** Stacked columns, those below nothing downwards. */
export function drawColumns(label: string, layers: readonly Layer[], axis: Axis): ColumnsPlot {
  const rows = axis.places.map((_, place) =>
    Object.fromEntries(layers.map(({ values }, which) => [which, values[place] ?? 0])),
  );
  const stacked = stack<Record<string, number>>()
    .keys(layers.map((_, which) => String(which)))
    .offset(stackOffsetDiverging)(rows);
  const ends = stacked.flatMap((layer) => layer.flatMap(([low, high]) => [low, high]));
  const y = scaleLinear([Math.min(0, ...ends), Math.max(1, ...ends)], [ABOVE + FIELD, ABOVE]).nice(4);
  const x = scaleBand(
    axis.places.map((_, place) => place),
    [0, 100],
  )
    .paddingInner(0.28)
    .paddingOuter(0.1);
  return {
    kind: 'columns',
    label,
    lines: linesOf(y.ticks(4), y, axis),
    ticks: ticksOf(axis.places, (place) => x(place)! + x.bandwidth() / 2, false),
    zero: round(y(0)),
    columns: stacked.flatMap((layer, which) =>
      layer.flatMap(([low, high], place) =>
        low === high
          ? []
          : [
              {
                mark: layers[which]!.mark,
                x: round(x(place)!),
                width: round(x.bandwidth()),
                y: round(y(high)),
                height: round(y(low) - y(high)),
                title: `${axis.places[place]}: ${layers[which]!.label} ${axis.say(Math.abs(high - low))}`,
              },
            ],
      ),
    ),
  };
}

/** Bars beside names; the longest fills the width. `nested`: each part is of the one before, and lies in it. */
export function drawRows(
  label: string,
  rows: readonly {
    readonly name: string;
    readonly value: string;
    readonly parts: readonly { readonly mark: string; readonly value: number }[];
  }[],
  nested: boolean,
): RowsPlot {
  const lengths = rows.map(({ parts }) =>
    nested ? Math.max(...parts.map(({ value }) => value)) : parts.reduce((sum, { value }) => sum + value, 0),
  );
  const x = scaleLinear([0, Math.max(...lengths) || 1], [0, 100]);
  return {
    kind: 'rows',
    label,
    rows: rows.map(({ name, value, parts }) => {
      let from = 0;
      return {
        name,
        value,
        bars: parts.flatMap((part) => {
          const bar = { mark: part.mark, x: round(x(from)), width: round(x(part.value)) };
          if (!nested) from += part.value;
          return part.value === 0 ? [] : [bar];
        }),
      };
    }),
  };
}

/** Lines across; the one of nothing speaks for itself. */
const linesOf = (values: readonly number[], at: (value: number) => number, { say, whole }: Axis): Line[] =>
  values
    .filter((value) => !whole || Number.isInteger(value))
    .map((value) => ({ y: round(at(value)), label: value === 0 ? '' : say(Math.abs(value)) }));

/** Words at equal distances, the last place always among them. */
function ticksOf(places: readonly string[], at: (place: number) => number, toTheEdge: boolean): Tick[] {
  const every = Math.ceil(places.length / WORDS);
  return places.flatMap((label, place) => {
    const back = places.length - 1 - place;
    if (back % every !== 0) return [];
    const x = round(at(place));
    return [
      {
        x,
        label,
        anchor:
          toTheEdge || places.length > 12
            ? x < 6
              ? ('start' as const)
              : x > 94
                ? ('end' as const)
                : ('middle' as const)
            : ('middle' as const),
        spare: (back / every) % 2 === 1,
      },
    ];
  });
}
