import type { AdminFrame } from '../page-types';

/** A length of the plot's height, in rem; across, in hundredths of the width. So text keeps its size at every width. */
export interface Line {
  readonly y: number;
  readonly label: string;
}

/** A word under the plot. One that is `spare` is left out where there is little room. */
export interface Tick {
  readonly x: number;
  readonly label: string;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly spare: boolean;
}

interface Drawn {
  /** What somebody hears who does not see it. */
  readonly label: string;
  readonly lines: readonly Line[];
  readonly ticks: readonly Tick[];
}

/** Stretched over a field of 1000 by 100. */
export interface AreasPlot extends Drawn {
  readonly kind: 'areas';
  readonly areas: readonly { readonly mark: string; readonly area: string; readonly edge: string }[];
}

export interface ColumnsPlot extends Drawn {
  readonly kind: 'columns';
  /** Where nothing is, in rem. */
  readonly zero: number;
  readonly columns: readonly {
    readonly mark: string;
    readonly x: number;
    readonly width: number;
    readonly y: number;
    readonly height: number;
    readonly title: string;
  }[];
}

export interface RowsPlot {
  readonly kind: 'rows';
  readonly label: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: string;
    readonly bars: readonly { readonly mark: string; readonly x: number; readonly width: number }[];
  }[];
}

export type Plot = AreasPlot | ColumnsPlot | RowsPlot;

/** A plot with its table, and what its colours mean. */
export interface FigureView {
  readonly name: string;
  readonly heading: string;
  readonly text: string;
  readonly legend: readonly { readonly mark: string; readonly label: string; readonly value: string | null }[];
  /** None where there is nothing to draw. */
  readonly plot: Plot | null;
  readonly table: {
    readonly columns: readonly string[];
    readonly rows: readonly { readonly label: string; readonly values: readonly string[] }[];
  };
  readonly csv: { readonly label: string; readonly href: string; readonly hiddenText: string };
}

export interface NumbersPage {
  readonly frame: AdminFrame;
  readonly ranges: readonly { readonly label: string; readonly href: string; readonly current: boolean }[];
  /** As of when, and by which days. */
  readonly asOf: string;
  readonly figures: readonly FigureView[];
}
