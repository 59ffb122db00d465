import type { Finding, LeakRecorder, SurfaceCounts } from './recorder';
import type { Verdict } from './oracle';
import type { Walkable } from './surface';

/** What a person reads after a walk: by surface, by visitor, what was left out, and what was found. */
export function formatReport(verdict: Verdict): string {
  const { recorder, walkable, seconds, uncovered } = verdict;
  const total = [...recorder.visitors.values()];
  const sum = (of: (tally: SurfaceCounts) => number) => total.reduce((all, tally) => all + of(tally), 0);
  return [
    ...table('surface', recorder.surfaces),
    '',
    ...table('visitor', recorder.visitors),
    '',
    ...left(verdict, walkable),
    ...uncovered.map((name) => `Nothing was planted in: ${name}.`),
    ...found('Found', recorder.findings),
    ...found('Not shown to those who may read it, or not walked', verdict.missing),
    `${recorder.surfaces.size} surfaces, ${recorder.visitors.size} visitors, ${sum(({ cells }) => cells)} cells, ` +
      `${sum(({ requests }) => requests)} requests, ${verdict.canaries} canaries, ${seconds.toFixed(1)} s: ` +
      (verdict.clean
        ? 'nothing leaks.'
        : `${recorder.findings.length} hits, ${verdict.missing.length + uncovered.length} gaps.`),
  ].join('\n');
}

/** Where a walk has got to, on one line. */
export function formatProgress(done: number, of: number): string {
  return `${String(Math.floor((done / of) * 100)).padStart(3)}%  ${done} of ${of} cells`;
}

function table(first: string, tallies: LeakRecorder['surfaces']): string[] {
  const rows = [...tallies].map(([name, tally]) =>
    [
      name,
      tally.cells,
      tally.requests,
      ...[2, 3, 4, 5].map((hundred) => tally.statuses.get(hundred) ?? 0),
      tally.met.size,
      tally.hits,
    ].map(String),
  );
  const head = [first, 'cells', 'requests', '2xx', '3xx', '4xx', '5xx', 'canaries met', 'hits'];
  const width = head.map((name, at) => Math.max(name.length, ...rows.map((row) => row[at]!.length)));
  return [head, ...rows].map((row) =>
    row.map((value, at) => (at === 0 ? value.padEnd(width[at]!) : value.padStart(width[at]!))).join('  '),
  );
}

function left({ skipped }: Verdict, walkable: readonly Walkable[]): string[] {
  const exempt = walkable
    .filter(({ surface }) => surface.exempt)
    .map(({ route, surface }) => `Not walked: ${route.method} ${route.path}: ${surface.exempt}.`);
  const lines = [
    ...exempt,
    ...(skipped.length > 0
      ? [`Visitors left out, because their accounts could not be planted: ${skipped.join(', ')}.`]
      : []),
  ];
  return lines.length > 0 ? [...lines, ''] : [];
}

/** As many as a person reads; the rest is counted. */
const MOST = 40;

function found(what: string, findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  const lines = findings
    .slice(0, MOST)
    .map(
      ({ what: which, visitor, surface, request }) =>
        `  ${visitor} ${which} at ${surface}${request ? `: ${request}` : ''}`,
    );
  return [
    `${what} (${findings.length}):`,
    ...lines,
    ...(findings.length > MOST ? [`  and ${findings.length - MOST} more`] : []),
    '',
  ];
}
