import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, chmodSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../src/lib/root';
import { startEmbedded } from '../../src/stores/postgres/embedded/start';
import { migrate } from '../../src/stores/postgres/migrate';
import type { AskLoad } from './support/load';
import type { AskSite } from './support/site';
import type { AskStripe } from './support/stripe';

/** Events a second, and for how many seconds. */
const RATE = 100;
const SECONDS = Number(process.env['SECONDS'] ?? 60);
const IDLE_SECONDS = 5;
const WARM_SECONDS = 10;

const folder = path.join(root, 'node_modules/.cache/dossier-bench');

interface Site {
  readonly url: string;
  readonly sessions: readonly string[];
  readonly prices: readonly string[];
  readonly customers: readonly string[];
}

test('webhooks are acknowledged while they are worked on', async () => {
  const postgres = await startPostgres();
  const children: ChildProcess[] = [];
  const start = (name: string, ...args: readonly string[]): ChildProcess => {
    const child = startChild(name, args, postgres.cluster);
    children.push(child);
    return child;
  };
  try {
    const asker = start('load');
    await told(asker);
    const bareServer = told<string>(start('bare'));
    const far = start('stripe');
    const { port, apiKey } = await told<{ port: number; apiKey: string }>(far);
    const site = start('site', String(port), apiKey);
    const { url, sessions, prices, customers } = await told<Site>(site);
    await asked(far, { pay: sessions });
    await asked(site, 'look');

    const send = (name: string, seconds: number) =>
      asked<number[]>(asker, {
        url: `${url}/webhooks/stripe`,
        rate: RATE,
        seconds,
        events: { secret: SECRET, customers, name },
      });
    // A process that has just begun compiles what it does, and a disk that has just got a database writes it.
    await send('warm', WARM_SECONDS);
    await asked(site, 'settle');
    spawnSync('sync');
    const bare = await asked<number[]>(asker, { url: await bareServer, rate: RATE, seconds: IDLE_SECONDS });
    const idle = await asked<number[]>(asker, { url: `${url}/healthz`, rate: RATE, seconds: IDLE_SECONDS });
    const acknowledged = await send('bench', SECONDS);
    const begun = performance.now();
    const { kept, reads } = await asked<{ kept: number; reads: boolean[] }>(site, 'settle');
    const drained = (performance.now() - begun) / 1000;
    const should = await asked<boolean[]>(far, { whoReads: customers, prices });
    const differences = reads.filter((one, number) => one !== should[number]).length;
    const p99 = at(acknowledged, 0.99);
    process.stdout.write(
      `\n${RATE} webhooks a second for ${SECONDS} s; Dossier, Stripe and whoever asks each in a process of its own, warm; Postgres with fsync\n` +
        `a server that does nothing p50 ${at(bare, 0.5).toFixed(2)}, p99 ${at(bare, 0.99).toFixed(2)} ms (×${(at(bare, 0.99) / at(bare, 0.5)).toFixed(1)})\n` +
        `idle /healthz p50 ${at(idle, 0.5).toFixed(2)}, p99 ${at(idle, 0.99).toFixed(2)} ms; acknowledged p50 ${at(acknowledged, 0.5).toFixed(2)}, p90 ${at(acknowledged, 0.9).toFixed(2)}, p99 ${p99.toFixed(2)}, slowest ${acknowledged.at(-1)!.toFixed(2)} ms\n` +
        `p99 of webhooks is ×${(p99 / at(idle, 0.5)).toFixed(1)} of the idle p50; ${kept} of ${RATE * SECONDS} kept; drained ${drained.toFixed(1)} s after the last; ${differences} differences\n`,
    );
    expect({ kept, differences, paying: should.every(Boolean) }).toEqual({
      kept: RATE * SECONDS,
      differences: 0,
      paying: true,
    });
    site.send('stop');
    await once(site, 'exit');
  } finally {
    for (const child of children) child.kill('SIGKILL');
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}, 600_000);

const SECRET = 'whsec_of_the_benchmark';

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;

async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}

function asked<T>(child: ChildProcess, question: AskStripe | AskSite | AskLoad): Promise<T> {
  const answer = told<T>(child);
  child.send(question);
  return answer;
}

const startFlags = (): string[] =>
  (
    JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { scripts: { start: string } }
  ).scripts.start.match(/--\S+/g) ?? [];

/** Flags of Node: the site has those of `npm start`, and no time of whoever asks goes into its own garbage. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  site: startFlags(),
  load: ['--min-semi-space-size=64', '--max-semi-space-size=64'],
};

function startChild(name: string, args: readonly string[], cluster: string): ChildProcess {
  const entry = path.join(folder, `${name}-${process.pid}.js`);
  const options = {
    entryPoints: [path.join(__dirname, `support/${name}.ts`)],
    outfile: entry,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  };
  mkdirSync(folder, { recursive: true });
  expect(
    spawnSync(
      process.execPath,
      ['-e', 'require("esbuild").buildSync(JSON.parse(process.argv[1]))', JSON.stringify(options)],
      { cwd: root, stdio: 'inherit' },
    ).status,
  ).toBe(0);
  return fork(entry, args, {
    execArgv: [...(FLAGS[name] ?? [])],
    env: { ...process.env, DOSSIER_TEST_CLUSTER: cluster },
    stdio: 'inherit',
  });
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
