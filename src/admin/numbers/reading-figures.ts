import type { GateUse, Named, Readings } from './readings';
import { drawRows } from './draw';
import { type Figure, type Around, numberOf, percentOf, valuesOf, sum, plotLabel, inColumns } from './figure';

/** Rows of a plot beside names; the table has more. */
const MOST_DRAWN = 10;

const titleOf = ({ language: { code } }: Around, { titles, lang, slug }: Named): string =>
  titles.get(code) ?? titles.get(lang) ?? [...titles.values()][0] ?? slug;

/** How often each gate is shown, and how many go through it. */
export function gates(around: Around, { gates: all }: Readings): Figure {
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

/** How often is read, by tier. */
export const reads = (around: Around, { byTime }: Readings): Figure =>
  inColumns(
    around,
    'reads',
    readersOf(around).map(({ slug, rank, ...one }) => ({
      ...one,
      key: slug,
      values: valuesOf(around, byTime, String(rank)),
    })),
  );

/** Which briefings are read most, and by whom. */
export function briefings(around: Around, { briefings: all }: Readings): Figure {
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
