import { accountsViewer } from '../../src/access/viewer';
import { reconcileAll, reconcileChanged } from '../../src/billing/sync/reconcile';
import { noPayments } from '../../src/billing/stripe/payments';
import { startDossier, type Dossier } from '../support/dossier';
import {
  aCustomer,
  alarmsOf,
  aSubscriber,
  buy,
  DAY,
  drained,
  rankOf,
  rowOf,
  sandboxOf,
} from '../support/billing/subscriber';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

test('events that were lost are asked for and taken in, and what was lost for long is an alarm', async () => {
  const { deliveries } = dossier.payments!.sandbox;
  const { acts } = sandboxOf(dossier);
  await reconcileChanged(dossier.app.billing);
  deliveries.dropNext(1_000);
  const reader = await aCustomer(dossier);
  const subscription = await buy(dossier, reader);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(10);
  acts.advance(DAY);
  deliveries.dropNext(0);
  const done = await reconcileChanged(dossier.app.billing);
  await drained(dossier);
  expect(done!.repaired).toBeGreaterThan(2);
  expect(await rankOf(dossier, reader)).toBe(20);
  expect((await rowOf(dossier, subscription)).status).toBe('active');
  expect((await alarmsOf(dossier, 'drift')).map(({ subject }) => subject)).toContain(reader.customer);
  expect((await reconcileChanged(dossier.app.billing))!.repaired).toBe(0);
});

test('a look at everybody repairs what no event ever told, once, and says how much', async () => {
  const { deliveries } = dossier.payments!.sandbox;
  const { acts } = sandboxOf(dossier);
  const [kept, gone, robbed] = [await aSubscriber(dossier), await aSubscriber(dossier), await aSubscriber(dossier)];
  deliveries.dropNext(1_000);
  acts.cancelNow(gone.subscription);
  await drained(dossier);
  deliveries.dropNext(0);
  await dossier.wall.write(accountsViewer, (db) =>
    db.grant.updateMany({ where: { reference: robbed.subscription }, data: { until: new Date(0), from: new Date(0) } }),
  );
  expect([await rankOf(dossier, kept), await rankOf(dossier, gone), await rankOf(dossier, robbed)]).toEqual([
    20, 20, 10,
  ]);
  const done = await reconcileAll(dossier.app.billing);
  expect(done!.repaired).toBe(2);
  expect([await rankOf(dossier, kept), await rankOf(dossier, gone), await rankOf(dossier, robbed)]).toEqual([
    20, 10, 20,
  ]);
  expect((await reconcileAll(dossier.app.billing))!.repaired).toBe(0);
  const rows = await dossier.wall.read(accountsViewer, (db) =>
    db.reconciliation.findMany({ where: { scope: 'all' }, orderBy: { startedAt: 'asc' } }),
  );
  expect(rows.map(({ repaired, failure, finishedAt }) => [repaired, failure, finishedAt !== null])).toEqual([
    [2, null, true],
    [0, null, true],
  ]);
});

test('one customer that cannot be looked at does not keep the others from it', async () => {
  const all = [await aSubscriber(dossier), await aSubscriber(dossier), await aSubscriber(dossier)];
  const { billing } = dossier.app;
  for (const bad of all) {
    await dossier.wall.write(accountsViewer, (db) =>
      db.grant.updateMany({
        where: { reference: { in: all.map(({ subscription }) => subscription) } },
        data: { until: new Date(0), from: new Date(0) },
      }),
    );
    const locks: typeof billing.locks = {
      ...billing.locks,
      hold: (name, work) =>
        name === `customer ${bad.customer}`
          ? Promise.reject(new Error('cannot be looked at'))
          : billing.locks.hold(name, work),
    };
    await expect(reconcileAll({ ...billing, locks })).rejects.toThrow('cannot be looked at');
    expect(await Promise.all(all.map((one) => rankOf(dossier, one)))).toEqual(
      all.map((one) => (one === bad ? 10 : 20)),
    );
  }
  await reconcileAll(billing);
});

test('one at a time, and a failure is written down', async () => {
  const [one, other] = await Promise.all([reconcileAll(dossier.app.billing), reconcileAll(dossier.app.billing)]);
  expect([one, other].filter((done) => done === null)).toHaveLength(1);
  await expect(reconcileAll({ ...dossier.app.billing, stripe: noPayments().stripe })).rejects.toThrow();
  const [last] = await dossier.wall.read(accountsViewer, (db) =>
    db.reconciliation.findMany({ orderBy: { startedAt: 'desc' }, take: 1 }),
  );
  expect(last).toMatchObject({ failure: 'StripeConnectionError', seenTo: null });
});
