import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type Stripe from 'stripe';
import { root } from '../../src/lib/root';
import { createDatabase } from '../support/stores/cluster';
import { sdkOf } from '../support/billing/sandbox';

jest.setTimeout(300_000);

/** How often it is killed. */
const KILLS = 12;

// Beside the packages, which it needs as whoever runs it does.
const folder = path.join(root, 'node_modules/.cache/dossier-killed');
const entry = path.join(folder, `sandbox-${process.pid}.js`);

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
  const options = {
    entryPoints: [path.join(__dirname, 'support/process.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  };
  // In a process of its own: esbuild keeps one running beside whoever calls it.
  const script = 'require("esbuild").buildSync(JSON.parse(process.argv[1]))';
  expect(
    spawnSync(process.execPath, ['-e', script, JSON.stringify(options)], { cwd: root, stdio: 'inherit' }).status,
  ).toBe(0);
});
afterAll(() => rmSync(entry, { force: true }));

async function start(database: string): Promise<{ readonly child: ChildProcess; readonly stripe: Stripe }> {
  const child = spawn(process.execPath, [entry, database], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return { child, stripe: sdkOf(JSON.parse(line) as { apiKey: string; port: number }) };
}

test('what was answered with 200 is there after a SIGKILL, under its idempotency key too', async () => {
  const database = await createDatabase();
  const answered = new Map<string, string>();
  let running = await start(database.app);
  const create = (stripe: Stripe, key: string) =>
    stripe.customers.create({ email: `${key}@example.org` }, { idempotencyKey: key });
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const { child, stripe } = running;
      const dead = once(child, 'exit');
      // Eight ask at once, and it dies as soon as one of them has its answer.
      const last = `${kill}-${kill % 5}`;
      const asking = Array.from({ length: 8 }, async (_, index) => {
        const key = `${kill}-${index}`;
        try {
          const { id } = await create(stripe, key);
          answered.set(key, id);
          if (key === last) child.kill('SIGKILL');
        } catch (error) {
          expect((error as Error).constructor.name).toBe('StripeConnectionError');
        }
      });
      await Promise.all(asking);
      child.kill('SIGKILL');
      expect(((await dead) as [number | null, string | null])[1]).toBe('SIGKILL');
      running = await start(database.app);
      for (const [key, id] of answered) {
        expect([key, (await running.stripe.customers.retrieve(id)).id]).toEqual([key, id]);
        // Whoever asks the same once more is given what was made.
        expect([key, (await create(running.stripe, key)).id]).toEqual([key, id]);
      }
    }
    expect(answered.size).toBeGreaterThanOrEqual(KILLS);
  } finally {
    running.child.kill('SIGKILL');
    await database.drop().catch(() => undefined);
  }
});
