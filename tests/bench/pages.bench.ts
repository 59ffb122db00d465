import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../src/lib/root';
import { redisIsHere, startRedis, type TestRedis } from '../support/stores/redis';
import type { BarePage } from './pages/bare';
import { startReal } from './pages/real';
import { forgetEverything, type Site } from './pages/site-facts';
import {
  CONNECTIONS,
  fetchPage,
  lengthOf,
  measure,
  median,
  portOf,
  request,
  rounds,
  type Target,
} from './pages/measure';
import { writeTable, type Line } from './pages/table';
import { asked, BUNDLES, startChild, told } from './support/child';

/** Pages that are asked for once in each of so many rounds, by each of the two that make them anew. */
const COLD = Number(process.env['COLD'] ?? 150);
const COLD_ROUNDS = Number(process.env['COLD_ROUNDS'] ?? 5);
/** Milliseconds after the load at which memory is looked at. */
const REST = Number(process.env['REST'] ?? 30_000);
const STARTS = 3;

const BRIEFING = '/briefings/microsoft-mistral-azure';
const PRODUCTION = { env: { NODE_ENV: 'production' } };

interface Ports {
  readonly own: number;
  readonly ours: number;
}

let redis: TestRedis | null = null;
const children: ChildProcess[] = [];
const start = (...given: Parameters<typeof startChild>): ChildProcess => {
  const child = startChild(...given);
  children.push(child);
  return child;
};

beforeAll(async () => {
  if (redisIsHere) redis = await startRedis();
});
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await redis?.stop();
  rmSync(BUNDLES, { recursive: true, force: true });
});

test('pages, beside a bare server that sends the same bytes', async () => {
  if (!redis) throw new Error('the benchmark needs a redis-server on the PATH');
  const loader = start('pages/load', []);
  await told(loader);
  const inRedis = start('pages/site', [String(redis.port), String(COLD), '-'], PRODUCTION);
  const site = await told<Site>(inRedis);
  const inPostgres = start('pages/site', ['-', '0', JSON.stringify(site.urls)], PRODUCTION);
  const second = await told<Site>(inPostgres);

  const lines = [
    ...(await warmPages(loader, { child: inRedis, site }, { child: inPostgres, site: second })),
    await coldPages(loader, inRedis, site),
    ...(await aRealProcess(loader, site, redis.port)),
  ];
  writeTable(lines, `${CONNECTIONS} connections, load from a process of its own`);
}, 900_000);

interface Served {
  readonly child: ChildProcess;
  readonly site: Site;
}

/** Pages that are kept, beside Node alone. */
async function warmPages(loader: ChildProcess, one: Served, other: Served): Promise<Line[]> {
  const { site } = one;
  const page = await fetchPage(`${site.url}${BRIEFING}`, {});
  const etag = { 'If-None-Match': page.headers['etag']! };
  const unchanged = await fetchPage(`${site.url}${BRIEFING}`, etag);
  const members = await fetchPage(`${site.url}${BRIEFING}`, { Cookie: site.cookie });
  const others = await fetchPage(`${other.site.url}${BRIEFING}`, { Cookie: other.site.cookie });
  expect([page, unchanged, members, others].map(({ status }) => status)).toEqual([200, 304, 200, 200]);
  expect(lengthOf(members)).toBeGreaterThan(lengthOf(page));

  const bare = start('pages/bare', []);
  await told(bare);
  const full = await asked<Ports>(bare, page);
  const empty = await asked<Ports>(bare, { ...unchanged, body: '' } satisfies BarePage);
  const member = await asked<Ports>(bare, members);
  const at = { path: BRIEFING, child: one.child, port: portOf(site.url), length: lengthOf(page) };
  const none = { status: 304, length: 0, headers: [`If-None-Match: ${etag['If-None-Match']}`] };
  const whole = { length: lengthOf(members) };
  const plain = { path: '/', child: bare };
  const found = await rounds(loader, [
    { name: 'own', ...plain, port: full.own, length: lengthOf(page) },
    { name: 'ours', ...plain, port: full.ours, length: lengthOf(page) },
    { name: 'page', ...at },
    { name: 'campaign', ...at, path: `${BRIEFING}?utm_source=a&utm_campaign=b` },
    { name: 'bare 304', ...plain, port: empty.ours, ...none },
    { name: '304', ...at, ...none },
    { name: 'bare member', ...plain, port: member.ours, ...whole },
    { name: 'redis', ...at, ...whole, headers: [`Cookie: ${site.cookie}`] },
    {
      name: 'postgres',
      ...{ path: BRIEFING, child: other.child, port: portOf(other.site.url), length: lengthOf(others) },
      headers: [`Cookie: ${other.site.cookie}`],
    },
  ]);
  const of = (name: string) => found.get(name)!;
  return [
    { what: "bare, Node's own headers", of: of('own'), to: of('ours'), aim: null },
    { what: 'bare, our headers', of: of('ours'), to: of('ours'), aim: null },
    { what: 'public briefing page, warm, br (× bare with our headers)', of: of('page'), to: of('ours'), aim: 0.85 },
    { what: 'the same, 304 (× a bare 304)', of: of('304'), to: of('bare 304'), aim: 0.85 },
    { what: 'campaign link (× the plain address)', of: of('campaign'), to: of('page'), aim: 0.95 },
    { what: "member's page, session in Redis (× bare)", of: of('redis'), to: of('bare member'), aim: 0.45 },
    { what: 'the same, session in Postgres (× bare)', of: of('postgres'), to: of('bare member'), aim: 0.4 },
  ];
}

/** Pages that nobody has asked for since something changed, once each, as a member who reads all of it. */
async function coldPages(loader: ChildProcess, child: ChildProcess, site: Site): Promise<Line> {
  const html = await (await fetch(`${site.url}${BRIEFING}`)).text();
  const [before = '', rest = ''] = html.split(/(?<=<main[^>]*>)/);
  const frame = { before, after: rest.slice(rest.indexOf('</main>')) };
  const express = start('pages/express', [site.urls.superuser, path.join(root, 'tests/bench/pages')], PRODUCTION);
  await told(express);
  const port = await asked<number>(express, frame);
  const targets: readonly Target[] = [
    { name: 'express', child: express, port, path: '' },
    { name: 'cold', child, port: portOf(site.url), path: '', headers: [`Cookie: ${site.cookie}`] },
  ];
  const found = targets.map(() => [] as Awaited<ReturnType<typeof measure>>[]);
  for (let round = -1; round < COLD_ROUNDS; round++) {
    await forgetEverything(site.urls.superuser);
    for (const [place, target] of targets.entries()) {
      const requests = site.cold.map((one) => request({ ...target, path: one }));
      const one = await measure(loader, target, { requests, once: true });
      // The first is for both to warm up.
      if (round >= 0) found[place]!.push(one);
    }
  }
  const [of, to] = [median(found[1]!), median(found[0]!)];
  return { what: 'cold page through the wall (× bare Express 5 + EJS, one query)', of, to, aim: 0.8 };
}

/** The built program on a database there is: how soon it answers, and what it holds some time after load. */
async function aRealProcess(loader: ChildProcess, site: Site, redisPort: number): Promise<Line[]> {
  const seconds: number[] = [];
  for (let one = 1; one < STARTS; one++) {
    const real = await startReal(site.urls.app, redisPort);
    seconds.push(real.seconds);
    await real.stop();
  }
  const real = await startReal(site.urls.app, redisPort);
  seconds.push(real.seconds);
  const target = { name: 'load', child: real.child, port: real.port, path: BRIEFING };
  for (const paths of [site.cold, [BRIEFING]]) {
    const requests = paths.map((each) => request({ ...target, path: each }));
    await measure(loader, target, { requests }, () => real.cpu());
  }
  await new Promise((resolve) => {
    setTimeout(resolve, REST);
  });
  const megabytes = real.memory();
  await real.stop();
  const middle = seconds.sort((a, b) => a - b)[Math.floor(STARTS / 2)]!;
  return [
    {
      what: `memory ${REST / 1_000} s after load, ${site.cold.length + 1} pages kept`,
      ...{ value: `${megabytes} MB`, holds: megabytes <= 160, aim: '160 MB' },
    },
    {
      what: 'start to first page on an existing database',
      ...{ value: `${middle.toFixed(2)} s`, holds: middle <= 1, aim: '1.0 s' },
    },
  ];
}
