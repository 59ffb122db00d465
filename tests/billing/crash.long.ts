import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { accountsViewer } from '../../src/access/viewer';
import { requeueStale } from '../../src/billing/stripe/inbox';
import { billingTasks } from '../../src/billing/sync/tasks';
import { root } from '../../src/lib/root';
import { startJobs } from '../../src/stores/postgres/jobs';
import { startDossier, type Dossier } from '../support/dossier';
import { aCustomer, alarmsOf, buy, kindsTo, rankOf, sandboxOf, type Subscriber } from '../support/billing/subscriber';
import { until } from '../support/until';

// Beside the packages, which it needs as whoever runs it does.
const folder = path.join(root, 'node_modules/.cache/dossier-crash');
const entry = path.join(folder, `worker-${process.pid}.js`);

let dossier: Dossier;
beforeAll(async () => {
  mkdirSync(folder, { recursive: true });
  const options = {
    entryPoints: [path.join(__dirname, 'support/worker.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  };
  // In a process of its own: esbuild keeps one running beside whoever calls it.
  expect(
    spawnSync(
      process.execPath,
      ['-e', 'require("esbuild").buildSync(JSON.parse(process.argv[1]))', JSON.stringify(options)],
      { cwd: root, stdio: 'inherit' },
    ).status,
  ).toBe(0);
  // It takes events in, and leaves the work to others.
  dossier = await startDossier({ billing: { works: false } });
});
afterAll(async () => {
  await dossier.stop();
  rmSync(entry, { force: true });
});

const inbox = () =>
  dossier.wall.read(accountsViewer, (db) => db.inboxEvent.findMany({ select: { eventId: true, state: true } }));

function work(step: string, passing: number): ChildProcess {
  const { sandbox } = dossier.payments!;
  return spawn(
    process.execPath,
    [
      entry,
      JSON.stringify({
        databaseUrl: dossier.urls.app,
        key: sandbox.apiKey,
        port: sandbox.port,
        offset: sandbox.world.offset,
        step,
        passing,
      }),
    ],
    { stdio: 'ignore' },
  );
}

/** Works on what is left, as the next process does after a start. */
async function finish(): Promise<void> {
  await requeueStale(dossier.wall, 0);
  const jobs = startJobs({
    databaseUrl: dossier.urls.app,
    tasks: billingTasks(dossier.app.billing),
    crontab: '',
    log: { warn: () => undefined, error: () => undefined } as never,
  });
  await until(async () => (await inbox()).every(({ state }) => state !== 'received'), 20_000);
  await jobs.close();
}

const grantsOf = ({ accountId }: Subscriber) =>
  dossier.wall.read(accountsViewer, (db) => db.grant.findMany({ where: { accountId, source: 'SUBSCRIPTION' } }));

test.each([
  ['taken', 1],
  ['locked', 1],
  ['looked', 1],
  ['applied', 1],
  ['synced', 1],
] as const)(
  'killed when it had %s (time %i): nothing that was acknowledged is lost, and nothing is done twice',
  async (step, passing) => {
    const reader = await aCustomer(dossier);
    await finish();
    const subscription = await buy(dossier, reader);
    await dossier.payments!.sandbox.deliveries.idle();
    const acknowledged = await inbox();
    expect(acknowledged.filter(({ state }) => state === 'received').length).toBeGreaterThan(2);

    const worker = work(step, passing);
    const [, signal] = (await once(worker, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
    const after = await inbox();
    expect(after.map(({ eventId }) => eventId).sort()).toEqual(acknowledged.map(({ eventId }) => eventId).sort());

    await finish();
    expect((await inbox()).filter(({ state }) => state !== 'done' && state !== 'ignored')).toEqual([]);
    expect(await rankOf(dossier, reader)).toBe(20);
    expect(await grantsOf(reader)).toMatchObject([{ reference: subscription }]);
    expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome']);
  },
);

test('killed between ending an orphan at Stripe and writing it down: it is ended, and told once', async () => {
  const { stripe } = sandboxOf(dossier);
  const reader = await aCustomer(dossier);
  const subscription = await buy(dossier, reader);
  await dossier.payments!.sandbox.deliveries.idle();
  await finish();
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: reader.accountId } }));
  await stripe.subscriptions.update(subscription, { metadata: { seen: 'again' } });
  await dossier.payments!.sandbox.deliveries.idle();
  const worker = work('canceled', 1);
  expect(((await once(worker, 'exit')) as [number | null, string | null])[1]).toBe('SIGKILL');
  await dossier.payments!.sandbox.deliveries.idle();
  await finish();
  expect((await stripe.subscriptions.retrieve(subscription)).status).toBe('canceled');
  expect(
    (
      await dossier.wall.read(accountsViewer, (db) =>
        db.subscription.findUniqueOrThrow({ where: { stripeId: subscription } }),
      )
    ).status,
  ).toBe('canceled');
  expect(
    (await alarmsOf(dossier, 'orphan-subscription')).filter(({ subject }) => subject === subscription).length,
  ).toBeLessThanOrEqual(1);
});
