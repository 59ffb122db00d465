import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, chmodSync, rmSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import Stripe from 'stripe';
import { root } from '../../src/lib/root';
import { startEmbedded } from '../../src/stores/embedded/start';
import { migrate } from '../../src/stores/migrate';
import type { AskSite } from './support/site';
import type { AskStripe } from './support/stripe';

/** Events a second, and for how many seconds. */
const RATE = 100;
const SECONDS = Number(process.env['SECONDS'] ?? 60);
const IDLE_SECONDS = 5;

const folder = path.join(root, 'node_modules/.cache/dossier-bench');
const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });

interface Site { readonly url: string; readonly sessions: readonly string[]; readonly prices: readonly string[]; readonly customers: readonly string[] }

test('webhooks are acknowledged while they are worked on', async () => {
  const postgres = await startPostgres();
  const children: ChildProcess[] = [];
  const start = (name: string, ...args: readonly string[]): ChildProcess => {
    const child = startChild(name, args, postgres.cluster);
    children.push(child);
    return child;
  };
  try {
    const far = start('stripe');
    const { port, apiKey } = await told<{ port: number; apiKey: string }>(far);
    const site = start('site', String(port), apiKey);
    const { url, sessions, prices, customers } = await told<Site>(site);
    await asked(far, { pay: sessions });
    await asked(site, 'look');

    const idle = await load(IDLE_SECONDS, () => ask(`${url}/healthz`));
    const acknowledged = await load(SECONDS, (number) => {
      const body = JSON.stringify(anEvent(number, customers[number % customers.length]!));
      return ask(`${url}/webhooks/stripe`, body, stripe.webhooks.generateTestHeaderString({ payload: body, secret: SECRET }));
    });
    const begun = performance.now();
    const { kept, reads } = await asked<{ kept: number; reads: boolean[] }>(site, 'settle');
    const drained = (performance.now() - begun) / 1000;
    const should = await asked<boolean[]>(far, { whoReads: customers, prices });
    const differences = reads.filter((one, number) => one !== should[number]).length;
    const p99 = at(acknowledged, 0.99);
    process.stdout.write(`\n${RATE} webhooks a second for ${SECONDS} s; Dossier, Stripe and whoever measures each in a process of its own; Postgres with fsync\n`
      + `idle /healthz p50 ${at(idle, 0.5).toFixed(2)}, p99 ${at(idle, 0.99).toFixed(2)} ms; acknowledged p50 ${at(acknowledged, 0.5).toFixed(2)}, p90 ${at(acknowledged, 0.9).toFixed(2)}, p99 ${p99.toFixed(2)}, slowest ${acknowledged.at(-1)!.toFixed(2)} ms\n`
      + `p99 of webhooks is ×${(p99 / at(idle, 0.5)).toFixed(1)} of the idle p50; ${kept} of ${RATE * SECONDS} kept; drained ${drained.toFixed(1)} s after the last; ${differences} differences\n`);
    expect({ kept, differences, paying: should.every(Boolean) }).toEqual({ kept: RATE * SECONDS, differences: 0, paying: true });
    site.send('stop');
    await once(site, 'exit');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);

const SECRET = 'whsec_of_the_benchmark';
const stripe = new Stripe('sk_test_none');

/** About a real customer, and new each time: it is looked into like any other. */
const anEvent = (number: number, customer: string) => ({
  id: `evt_bench${number}`, object: 'event', api_version: Stripe.API_VERSION, created: Math.floor(Date.now() / 1000), livemode: false, pending_webhooks: 1, type: 'customer.updated',
  request: { id: null, idempotency_key: null }, data: { object: { id: customer, object: 'customer' } },
});

/** Sends at a fixed rate whatever the answers take, and counts from when each should have left (no coordinated omission). Milliseconds, the quickest first. */
async function load(seconds: number, send: (number: number) => Promise<number>): Promise<number[]> {
  const times: number[] = [];
  const begun = performance.now();
  const under: Promise<void>[] = [];
  for (let number = 0; number < RATE * seconds; number++) {
    const due = begun + (number * 1000) / RATE;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => { setTimeout(resolve, wait); });
    const left = Math.max(due, performance.now() - 2);
    under.push(send(number).then((status) => {
      expect(status).toBe(200);
      times.push(performance.now() - left);
    }));
  }
  await Promise.all(under);
  return times.sort((a, b) => a - b);
}

function ask(url: string, body?: string, signature?: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { agent, method: body === undefined ? 'GET' : 'POST', headers: body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'Stripe-Signature': signature! } }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode!));
    });
    request.on('error', reject);
    request.end(body);
  });
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}

function asked<T>(child: ChildProcess, question: AskStripe | AskSite): Promise<T> {
  const answer = told<T>(child);
  child.send(question);
  return answer;
}

function startChild(name: string, args: readonly string[], cluster: string): ChildProcess {
  const entry = path.join(folder, `${name}-${process.pid}.js`);
  const options = { entryPoints: [path.join(__dirname, `support/${name}.ts`)], outfile: entry, bundle: true, platform: 'node', packages: 'external', logLevel: 'error' };
  mkdirSync(folder, { recursive: true });
  expect(spawnSync(process.execPath, ['-e', 'require("esbuild").buildSync(JSON.parse(process.argv[1]))', JSON.stringify(options)], { cwd: root, stdio: 'inherit' }).status).toBe(0);
  return fork(entry, args, { env: { ...process.env, DOSSIER_TEST_CLUSTER: cluster }, stdio: 'inherit' });
}

/** As `npm start` has it: what is acknowledged is on the disk. */
async function startPostgres(): Promise<{ readonly cluster: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-bench-'));
  chmodSync(folder, 0o711);
  const embedded = await startEmbedded(folder, new AbortController().signal, () => undefined);
  await migrate(embedded.urls.owner, { log: { info: () => undefined, warn: () => undefined } });
  return {
    cluster: JSON.stringify(embedded.urls),
    stop: async () => {
      await embedded.stop(4_000);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
