import type Stripe from 'stripe';
import { registrar, visitor } from '../../src/access/viewer';
import { openDeliveries } from '../../src/sandbox/delivery';
import { keep, recall, type Memory } from '../../src/sandbox/keep';
import { recallSandbox, rememberSandbox } from '../../src/sandbox/remember';
import { World } from '../../src/sandbox/world';
import { systemClock } from '../../src/lib/clock';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/cluster';
import { until } from '../support/until';

let stores: Postgres;
let wall: Wall;
let drop: () => Promise<void>;
const errors: unknown[] = [];
const log = { error: (...said: unknown[]) => void errors.push(said) };

beforeAll(async () => {
  const database = await createDatabase();
  drop = () => database.drop();
  stores = openPostgres(database.app, log);
  wall = openWall(stores);
});
beforeEach(async () => {
  errors.length = 0;
  await wall.write(registrar, (db) => db.sandboxObject.deleteMany());
});
afterAll(async () => {
  await stores.close();
  await drop();
});

test('nothing was ever remembered', async () => {
  expect(await recall(wall)).toBeNull();
  expect(await recallSandbox(wall)).toBeNull();
});

test('what is kept comes back as it was, the order of lists and fields included', async () => {
  const memory: Memory = {
    b: { z: 1, a: [1, 2] },
    list: Array.from({ length: 600 }, (_, place) => ({ place, said: 'ñ \u0000 \u2028 \' "' })),
    empty: [],
    number: 7,
  };
  const keeper = keep(wall, () => memory, log);
  await keeper.flush();
  const back = await recall(wall);
  expect(back).toEqual(memory);
  expect(JSON.stringify(back!['b'])).toBe('{"z":1,"a":[1,2]}');
  await keeper.close();
});

test('only what differs is written, a shorter list loses its end, and many changes are one write', async () => {
  let memory: Memory = { list: ['one', 'two', 'three'], other: 1 };
  let taken = 0;
  const keeper = keep(
    wall,
    () => {
      taken += 1;
      return memory;
    },
    log,
  );
  await keeper.flush();
  const writtenBy = async () =>
    wall.read(
      registrar,
      (db) =>
        db.$queryRaw<
          { xmin: string; kind: string; place: number }[]
        >`SELECT xmin::text, kind, place FROM sandbox_state ORDER BY kind, place`,
    );
  const before = await writtenBy();
  memory = { list: ['one', 'zwei'], other: 1 };
  for (let time = 0; time < 50; time++) keeper.changed();
  await until(async () => (await writtenBy()).length === 3);
  expect(await recall(wall)).toEqual(memory);
  expect(taken).toBe(2);
  const after = await writtenBy();
  expect(
    after.map(
      ({ xmin }, index) => xmin === before.filter(({ kind, place }) => !(kind === 'list' && place === 2))[index]!.xmin,
    ),
  ).toEqual([true, false, true]);
  await keeper.close();
});

test('a second keeper goes on from what the first has left', async () => {
  await keep(wall, () => ({ list: [1, 2, 3], gone: 'yes' }), log).close();
  await keep(wall, () => ({ list: [1] }), log).close();
  expect(await recall(wall)).toEqual({ list: [1] });
});

test('a database that does not take it is asked again', async () => {
  let refusing = true;
  const stubborn: Wall = {
    ...wall,
    write: (viewer, work) => (refusing ? Promise.reject(new Error('down')) : wall.write(viewer, work)),
  };
  const keeper = keep(stubborn, () => ({ word: 'kept' }), log);
  keeper.changed();
  await until(() => errors.length > 0);
  expect(await recall(wall)).toBeNull();
  refusing = false;
  await until(async () => (await recall(wall)) !== null);
  await keeper.close();
});

test('a write that failed when asked for does not keep later changes from being written', async () => {
  let refusing = true;
  const stubborn: Wall = {
    ...wall,
    write: (viewer, work) => (refusing ? Promise.reject(new Error('down')) : wall.write(viewer, work)),
  };
  const keeper = keep(stubborn, () => ({ word: 'kept' }), log);
  await expect(keeper.flush()).rejects.toThrow('down');
  refusing = false;
  keeper.changed();
  await until(async () => (await recall(wall)) !== null);
  await keeper.close();
});

test('readers do not see it', async () => {
  await keep(wall, () => ({ word: 'kept' }), log).close();
  expect(await wall.read(visitor, (db) => db.sandboxObject.count())).toBe(0);
});

test('a world and what it had to deliver are the same after a restart', async () => {
  const world = new World(systemClock);
  const deliveries = openDeliveries(world);
  const keeper = rememberSandbox(wall, world, deliveries, log);
  world.offset = 86_400;
  world.commit(() => {
    world.add('webhookEndpoints', {
      id: 'we_1',
      object: 'webhook_endpoint',
      api_version: null,
      application: null,
      created: 1,
      description: null,
      enabled_events: ['*'],
      livemode: false,
      metadata: {},
      secret: 'whsec_1',
      status: 'enabled',
      url: 'http://127.0.0.1:9',
    });
  });
  deliveries.hold();
  world.told.add('something');
  world.failures.set('cus_1', { how: 'declined', times: 2 });
  for (const id of ['cus_b', 'cus_a'])
    world.commit(() =>
      world.emit(
        'customer.deleted',
        world.add('customers', { id, object: 'customer', deleted: true } satisfies Stripe.DeletedCustomer),
      ),
    );
  await deliveries.close();
  await keeper.close();

  const back = (await recallSandbox(wall))!;
  const restored = World.restore(back.world, systemClock);
  expect(restored.snapshot()).toEqual(world.snapshot());
  expect([...restored.customers.keys()]).toEqual(['cus_b', 'cus_a']);
  expect(back.deliveries).toEqual(deliveries.kept());
  expect(back.deliveries.deliveries.map(({ state }) => state)).toEqual(['held', 'held']);
});
