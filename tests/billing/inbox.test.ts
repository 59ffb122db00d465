import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { receive, replay, requeueStale } from '../../src/billing/stripe/inbox';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { billingTasks } from '../../src/billing/sync/tasks';
import { asSuperuserIn } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import {
  aCustomer,
  alarmsOf,
  aSubscriber,
  buy,
  drained,
  kindsTo,
  rankOf,
  rowOf,
  sandboxOf,
} from '../support/billing/subscriber';
import { until } from '../support/until';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const HOUR = 3_600_000;

const eventRow = (eventId: string) =>
  dossier.wall.read(accountsViewer, (db) => db.inboxEvent.findUniqueOrThrow({ where: { eventId } }));

/**
 * Waits until nobody works on anything that is due: a job that was begun looks into what comes while it waits for its
 * turn.
 */
const idle = () =>
  until(
    async () =>
      (
        await asSuperuserIn(dossier.urls.superuser, (db) =>
          db.query<{ count: number }>(
            // Letters wait where no mail is sent.
            `SELECT count(*)::int AS count FROM graphile_worker._private_jobs job
              JOIN graphile_worker._private_tasks task ON task.id = job.task_id
              WHERE job.run_at <= now() AND task.identifier <> 'send-letter'`,
          ),
        )
      ).rows[0]!.count === 0,
  );

/** Somebody who has bought, and of whom no job is left. */
const aQuietOne = async () => {
  const reader = await aSubscriber(dossier);
  await idle();
  return reader;
};

test('every event is settled, by whichever look began after it came', async () => {
  const reader = await aSubscriber(dossier);
  const rows = await dossier.wall.read(accountsViewer, (db) =>
    db.inboxEvent.findMany({ where: { customerRef: reader.customer } }),
  );
  expect(rows.length).toBeGreaterThan(3);
  expect(new Set(rows.map(({ state }) => state))).toEqual(new Set(['done']));
  await idle();
});

/** An event about that customer which nobody has sent yet. */
const anEvent = (id: string, customer: string) =>
  ({
    id,
    object: 'event',
    type: 'customer.updated',
    created: 1_700_000_000,
    livemode: false,
    data: { object: { id: customer, object: 'customer' } },
  }) as unknown as Stripe.Event;

test('many events of one customer, while their job is being taken: all are settled', async () => {
  const { customer } = await aSubscriber(dossier);
  const ids = Array.from({ length: 400 }, (_none, number) => `evt_of_many${number}`);
  for (let sent = 0; sent < ids.length; sent += 4)
    await Promise.all(ids.slice(sent, sent + 4).map((id) => receive(dossier.stores.pool, anEvent(id, customer))));
  await drained(dossier);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.inboxEvent.count({ where: { eventId: { in: ids }, state: 'done' } }),
    ),
  ).toBe(ids.length);
});

test('an event that waited in a deadlock is kept at the second try, and what fails twice is not', async () => {
  const { customer } = await aQuietOne();
  const { pool } = dossier.stores;
  const failing = (times: number): typeof pool => {
    let left = times;
    const query = (statement: never) =>
      left-- > 0
        ? Promise.reject(Object.assign(new Error('deadlock detected'), { code: '40P01' }))
        : pool.query(statement);
    return { query } as never;
  };
  expect(await receive(failing(1), anEvent('evt_in_a_deadlock', customer))).toBe(true);
  await expect(receive(failing(2), anEvent('evt_in_two', customer))).rejects.toThrow(/deadlock/);
});

test('no worker takes the job of a customer while an event that relies on it is not yet kept', async () => {
  const { customer } = await aQuietOne();
  const { pool } = dossier.stores;
  const passedBy = async (id: string) => {
    await receive(pool, anEvent(id, 'cus_of_another'));
    await until(async () => (await eventRow(id)).state === 'ignored');
  };
  await receive(pool, anEvent('evt_waits', customer), undefined, { debounceMs: HOUR, cooldownMs: 0 });
  const keeping = await pool.connect();
  try {
    await keeping.query('BEGIN');
    await receive(keeping, anEvent('evt_being_kept', customer));
    // Due before whatever makes the worker look: had it been free, it would have been taken first.
    await asSuperuserIn(dossier.urls.superuser, (db) =>
      db.query("UPDATE graphile_worker._private_jobs SET run_at = now() - interval '1 minute' WHERE key = $1", [
        `customer ${customer}`,
      ]),
    );
    await passedBy('evt_that_makes_it_look');
    expect((await eventRow('evt_waits')).state).toBe('received');
    await keeping.query('COMMIT');
  } finally {
    keeping.release();
  }
  await passedBy('evt_that_makes_it_look_again');
  await drained(dossier);
  expect([(await eventRow('evt_waits')).state, (await eventRow('evt_being_kept')).state]).toEqual(['done', 'done']);
});

test('a waiting job is for whatever comes of its customer, also when the event it names is settled before', async () => {
  const { customer } = await aQuietOne();
  const waiting = async () =>
    (
      await asSuperuserIn(dossier.urls.superuser, (db) =>
        db.query<{ payload: { event: string } }>('SELECT payload FROM graphile_worker._private_jobs WHERE key = $1', [
          `customer ${customer}`,
        ]),
      )
    ).rows.map(({ payload }) => payload.event);
  await receive(dossier.stores.pool, anEvent('evt_named', customer), undefined, { debounceMs: HOUR, cooldownMs: 0 });
  await syncCustomer(dossier.app.billing, customer);
  expect((await eventRow('evt_named')).state).toBe('done');
  await receive(dossier.stores.pool, anEvent('evt_after', customer), undefined, { debounceMs: HOUR, cooldownMs: 0 });
  expect(await waiting()).toEqual(['evt_named']);
  await billingTasks(dossier.app.billing)['event']!({ event: 'evt_named' }, { attempt: 1, last: false });
  expect((await eventRow('evt_after')).state).toBe('done');
});

test('whoever was looked at rests, however much is told of them; of whom nobody has looked at, nothing does', async () => {
  const looked = await aQuietOne();
  const { pool } = dossier.stores;
  const due = async (customer: string) =>
    (
      await asSuperuserIn(dossier.urls.superuser, (db) =>
        db.query<{ seconds: number }>(
          'SELECT extract(epoch FROM run_at - now())::float8 AS seconds FROM graphile_worker._private_jobs WHERE key = $1',
          [`customer ${customer}`],
        ),
      )
    ).rows.map(({ seconds }) => seconds);
  await syncCustomer(dossier.app.billing, looked.customer);
  const pace = { debounceMs: HOUR / 2, cooldownMs: HOUR };
  for (const id of ['one', 'two']) await receive(pool, anEvent(`evt_rests_${id}`, looked.customer), undefined, pace);
  await receive(pool, anEvent('evt_of_nobody_yet', 'cus_nobody_yet'), undefined, pace);
  expect(await due(looked.customer)).toEqual([expect.closeTo(3_600, -2)]);
  expect(await due('cus_nobody_yet')).toEqual([expect.closeTo(1_800, -2)]);
  await syncCustomer(dossier.app.billing, looked.customer);
  expect((await eventRow('evt_rests_two')).state).toBe('done');
  await asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query(
      `DELETE FROM graphile_worker._private_jobs; UPDATE inbox SET state = 'ignored' WHERE event_id = 'evt_of_nobody_yet'`,
    ),
  );
});

test('an event that says nothing of its customer finds them by its payment; one of nobody is ignored', async () => {
  const { acts, stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  const [charge] = (await stripe.charges.list({ customer: reader.customer })).data;
  dossier.payments!.sandbox.deliveries.hold();
  acts.openDispute(charge!.id);
  const [event] = (await stripe.events.list({ types: ['charge.dispute.created'], limit: 1 })).data;
  expect(await receive(dossier.stores.pool, event!)).toBe(true);
  await until(async () => (await eventRow(event!.id)).state !== 'received');
  expect(await rankOf(dossier, reader)).toBe(10);
  expect((await eventRow(event!.id)).state).toBe('done');
  dossier.payments!.sandbox.deliveries.release();
  await drained(dossier);

  const stranger = {
    ...event!,
    id: 'evt_of_a_stranger',
    type: 'customer.updated',
    data: { object: { id: 'cus_stranger', object: 'customer' } },
  } as unknown as typeof event;
  await receive(dossier.stores.pool, stranger!);
  await until(async () => (await eventRow('evt_of_a_stranger')).state === 'ignored');
});

test('while Stripe is away events wait; after the last try one lies dead with an alarm, and can be put back', async () => {
  const reader = await aCustomer(dossier);
  await drained(dossier);
  dossier.payments!.sandbox.deliveries.hold();
  const subscription = await buy(dossier, reader);
  const [event] = (await sandboxOf(dossier).stripe.events.list({ types: ['customer.subscription.created'], limit: 1 }))
    .data;
  const admin = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: { email: `admin-${Date.now()}@example.org`, name: 'An admin', lang: 'es', role: 'admin' },
    }),
  );
  const away = { ...dossier.app.billing, stripe: noPayments().stripe };
  await asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query(`INSERT INTO inbox (event_id, type, customer_ref, created_at, payload) VALUES ($1, $2, $3, now(), $4)`, [
      event!.id,
      event!.type,
      reader.customer,
      JSON.stringify(event),
    ]),
  );
  const { event: task } = billingTasks(away);
  for (let attempt = 1; attempt <= 12; attempt++)
    await expect(task!({ event: event!.id }, { attempt, last: attempt === 12 })).rejects.toThrow();
  expect(await eventRow(event!.id)).toMatchObject({ state: 'dead', attempts: 12, failure: 'StripeConnectionError' });
  const [alarm] = (await alarmsOf(dossier, 'dead-event')).filter(({ subject }) => subject === event!.id);
  expect(alarm).toBeDefined();
  expect(await kindsTo(dossier, admin)).toEqual(['alarm']);
  expect(await rankOf(dossier, reader)).toBe(10);

  expect(await replay(dossier.wall, event!.id)).toBe(true);
  await until(async () => (await eventRow(event!.id)).state === 'done');
  expect(await rankOf(dossier, reader)).toBe(20);
  expect(await rowOf(dossier, subscription)).toMatchObject({ status: 'active' });
  expect((await alarmsOf(dossier, 'dead-event')).filter(({ subject }) => subject === event!.id)).toEqual([]);
  expect(await replay(dossier.wall, 'evt_that_never_was')).toBe(false);
  dossier.payments!.sandbox.deliveries.release();
  await drained(dossier);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome']);
});

test('a job that went down with its process is put back', async () => {
  const reader = await aCustomer(dossier);
  await drained(dossier);
  dossier.payments!.sandbox.deliveries.hold();
  await buy(dossier, reader);
  const [event] = (await sandboxOf(dossier).stripe.events.list({ types: ['customer.subscription.created'], limit: 1 }))
    .data;
  await asSuperuserIn(dossier.urls.superuser, async (db) => {
    await db.query(
      `INSERT INTO inbox (event_id, type, customer_ref, created_at, payload) VALUES ($1, $2, $3, now(), $4)`,
      [event!.id, event!.type, reader.customer, JSON.stringify(event)],
    );
    // As a process leaves it that was killed while it worked on it.
    await db.query(
      `SELECT graphile_worker.add_job('event', '{}'::json, job_key => $1, run_at => now() + interval '1 hour')`,
      [`event ${event!.id}`],
    );
    await db.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now(), locked_by = 'somebody who is dead' WHERE key = $1`,
      [`event ${event!.id}`],
    );
  });
  expect(await requeueStale(dossier.wall, 3_600)).toBe(0);
  expect(await requeueStale(dossier.wall, 0)).toBeGreaterThanOrEqual(1);
  await until(async () => (await eventRow(event!.id)).state === 'done');
  expect(await rankOf(dossier, reader)).toBe(20);
  dossier.payments!.sandbox.deliveries.release();
  await drained(dossier);
});

test('what Stripe sent is forgotten after ninety days, that it came is not', async () => {
  await asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query(
      `INSERT INTO inbox (event_id, type, created_at, received_at, state, payload) VALUES ('evt_old', 'customer.updated', now(), now() - interval '91 days', 'done', '{}'), ('evt_young', 'customer.updated', now(), now() - interval '89 days', 'done', '{}')`,
    ),
  );
  await billingTasks(dossier.app.billing)['clean-inbox']!({}, { attempt: 1, last: false });
  expect([(await eventRow('evt_old')).payload, (await eventRow('evt_young')).payload]).toEqual([null, {}]);
});
