import type { ChildProcess } from 'node:child_process';
import { request as ask } from 'node:http';
import { asked } from '../support/child';
import type { BarePage } from './bare';
import type { AskPages, LoadResult } from './load';

/** Rounds of which the median counts, and milliseconds of each. */
export const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
export const ROUND = Number(process.env['ROUND'] ?? 2_000);
/** Connections that ask at once. */
export const CONNECTIONS = 16;

export interface Target {
  readonly name: string;
  readonly child: ChildProcess;
  readonly port: number;
  readonly path: string;
  readonly headers?: readonly string[];
  readonly status?: number;
  readonly length?: number;
}

export interface Measured {
  readonly perSecond: number;
  /** Milliseconds of the answering process's time for one answer. */
  readonly cpu: number;
  /** Microseconds. */
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
}

export const portOf = (url: string) => Number(new URL(url).port);

export const request = ({ port, path: target, headers = [] }: Target) =>
  [`GET ${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, 'Accept-Encoding: br', ...headers, '', ''].join('\r\n');

/** One round. @throws when any answer was not what it must be. */
export async function measure(
  loader: ChildProcess,
  target: Target,
  more: Partial<AskPages>,
  cpuOf = () => asked<number>(target.child, 'cpu'),
): Promise<Measured> {
  const before = await cpuOf();
  const result = await asked<LoadResult>(loader, {
    port: target.port,
    requests: [request(target)],
    connections: CONNECTIONS,
    milliseconds: ROUND,
    status: target.status ?? 200,
    ...(target.length === undefined ? {} : { length: target.length }),
    ...more,
  } satisfies AskPages);
  const cpu = ((await cpuOf()) - before) / result.answers;
  expect({ name: target.name, wrong: result.wrong }).toEqual({ name: target.name, wrong: 0 });
  return { perSecond: result.answers / result.seconds, cpu, p50: result.p50, p99: result.p99, p999: result.p999 };
}

/** Each in turn, round by round; the median of each. */
export async function rounds(loader: ChildProcess, targets: readonly Target[]): Promise<Map<string, Measured>> {
  const all = new Map<string, Measured[]>(targets.map(({ name }) => [name, []]));
  for (const target of targets) await measure(loader, target, { milliseconds: ROUND / 2 });
  for (let round = 0; round < ROUNDS; round++)
    for (const target of targets) all.get(target.name)!.push(await measure(loader, target, {}));
  return new Map([...all].map(([name, some]) => [name, median(some)]));
}

/** Of each figure the one in the middle. */
export function median(some: readonly Measured[]): Measured {
  const of = (field: keyof Measured) =>
    some.map((one) => one[field]).sort((a, b) => a - b)[Math.floor(some.length / 2)]!;
  return { perSecond: of('perSecond'), cpu: of('cpu'), p50: of('p50'), p99: of('p99'), p999: of('p999') };
}

/** Headers that Node sends itself. */
const TAKEN = new Set(['connection', 'keep-alive', 'date', 'content-length', 'transfer-encoding']);

/** The page as it is sent, its bytes as they are. */
export function fetchPage(url: string, headers: Readonly<Record<string, string>>): Promise<BarePage> {
  return new Promise((resolve, reject) => {
    ask(url, { headers: { 'Accept-Encoding': 'br', ...headers } }, (res) => {
      const chunks: Buffer[] = [];
      res
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const kept = Object.entries(res.headers).filter(([name]) => !TAKEN.has(name));
          resolve({
            headers: Object.fromEntries(kept) as Record<string, string>,
            body: Buffer.concat(chunks).toString('base64'),
            status: res.statusCode!,
          });
        });
    })
      .on('error', reject)
      .end();
  });
}

export const lengthOf = ({ body }: BarePage) => Buffer.from(body, 'base64').length;
