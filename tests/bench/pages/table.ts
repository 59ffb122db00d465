import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../src/lib/root';
import { ROUND, ROUNDS, type Measured } from './measure';

/** Two that were measured in turn, and how many times the other's answers a second the first is to give at least. */
interface Ratio {
  readonly what: string;
  readonly of: Measured;
  readonly to: Measured;
  readonly aim: number | null;
}

interface Figure {
  readonly what: string;
  readonly value: string;
  readonly aim: string;
  readonly holds: boolean;
}

export type Line = Ratio | Figure;

const FILE = path.join(root, 'docs/benchmarks.md');
const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Says what was measured, and keeps it in docs/benchmarks.md in place of what was measured before. */
export function writeTable(lines: readonly Line[], how: string): void {
  const [cpu] = os.cpus();
  const day = new Date().toISOString().slice(0, 10);
  const text = [
    `${day}, ${os.cpus().length} × ${cpu?.model ?? 'a processor'}, Node ${process.version}, ${loadBefore()}.`,
    `${how}; medians of ${ROUNDS} rounds of ${ROUND} ms, in turn. Every answer was checked.`,
    '',
    '| what | a second | ratio | at least | holds | CPU ms a request | ratio by CPU | p50 / p99 / p99.9 ms |',
    '|---|---|---|---|---|---|---|---|',
    ...lines.map((line) => `| ${('value' in line ? figure(line) : ratio(line)).join(' | ')} |`),
  ].join('\n');
  process.stdout.write(`\n${text}\n\n`);
  const before = readFileSync(FILE, 'utf8');
  const [head, tail] = [before.split(BEGIN)[0]!, before.split(END)[1]!];
  writeFileSync(FILE, `${head}${BEGIN}\n\n${text}\n\n${END}${tail}`);
}

/** Whether the machine had other things to do: a figure of a busy one is worth less. */
const loadBefore = () => `load average ${os.loadavg()[2]!.toFixed(1)} over the last fifteen minutes`;

function ratio({ what, of, to, aim }: Ratio): string[] {
  const times = of.perSecond / to.perSecond;
  const milliseconds = [of.p50, of.p99, of.p999].map((one) => (one / 1_000).toFixed(1)).join(' / ');
  return [
    ...[what, String(Math.round(of.perSecond)), times.toFixed(2), aim === null ? '' : String(aim)],
    ...[aim === null ? '' : times >= aim ? 'yes' : '**no**', of.cpu.toFixed(3), (to.cpu / of.cpu).toFixed(2)],
    milliseconds,
  ];
}

const figure = ({ what, value, aim, holds }: Figure): string[] => [
  ...[what, '', value, aim, holds ? 'yes' : '**no**', '', '', ''],
];
