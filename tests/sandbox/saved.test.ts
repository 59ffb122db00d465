import type Stripe from 'stripe';
import { accountsViewer, visitor } from '../../src/access/viewer';
import { systemClock } from '../../src/lib/clock';
import { openDeliveries } from '../../src/sandbox/delivery';
import { restoreSandbox, persistSandbox } from '../../src/sandbox/storage';
import { Places, readStored } from '../../src/sandbox/store/rows';
import { openSaver, type Saver } from '../../src/sandbox/store/saver';
import { World } from '../../src/sandbox/world';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/stores/cluster';
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
  await wall.write(accountsViewer, (db) => db.sandboxObject.deleteMany());
});
afterAll(async () => {
  await stores.close();
  await drop();
});

const piece = (kind: string, id: string, value: unknown) => ({
  kind,
  id,
  text: value === null ? null : JSON.stringify(value),
});
const stored = async () => (await readStored(wall))?.memory;

/** Every row, with the transaction that wrote it last. */
const rows = () =>
  wall.read(
    accountsViewer,
    (db) =>
      db.$queryRaw<{ xmin: string; kind: string; place: number; bytes: number }[]>`
        SELECT xmin::text, kind, place, length(object::text) AS bytes FROM sandbox_state ORDER BY kind, place`,
  );

/** A saver of a database that can be told to refuse. */
function stubborn(): { saver: Saver; refuse: (refusing: boolean) => void } {
  let refusing = true;
  const refuser: Wall = {
    ...wall,
    write: (viewer, work) => (refusing ? Promise.reject(new Error('down')) : wall.write(viewer, work)),
  };
  return {
    saver: openSaver(refuser, new Places(), log),
    refuse: (value) => {
      refusing = value;
    },
  };
}

describe('what is saved', () => {
  test('of nothing is nothing', async () => {
    expect(await readStored(wall)).toBeNull();
    expect(await restoreSandbox(wall)).toBeNull();
  });

  test('comes back as it was, the order of lists and fields included', async () => {
    const saver = openSaver(wall, new Places(), log);
    const list = Array.from({ length: 600 }, (_, n) => ({ id: `b${600 - n}`, said: 'ñ \u0000 \u2028 \' "' }));
    saver.add([piece('alone', '', { z: 1, a: [1, 2] }), ...list.map((one) => piece('list', one.id, one))]);
    await saver.close();
    const back = await stored();
    expect(back).toEqual({ alone: { z: 1, a: [1, 2] }, list });
    expect(JSON.stringify(back!['alone'])).toBe('{"z":1,"a":[1,2]}');
  });

  test('keeps its place when it changes; what is taken out and what comes in later have places of their own', async () => {
    const first = openSaver(wall, new Places(), log);
    first.add(['a', 'b', 'c'].map((id) => piece('list', id, { id })));
    await first.close();
    const second = openSaver(wall, (await readStored(wall))!.places, log);
    second.add([
      piece('list', 'b', null),
      piece('list', 'a', { id: 'a', changed: true }),
      piece('list', 'd', { id: 'd' }),
    ]);
    await second.close();
    expect(await stored()).toEqual({ list: [{ id: 'a', changed: true }, { id: 'c' }, { id: 'd' }] });
  });

  test('is as it was when it changed, whatever became of it since', async () => {
    const saver = openSaver(wall, new Places(), log);
    saver.add([piece('list', 'a', { id: 'a', n: 1 })]);
    saver.add([piece('list', 'a', { id: 'a', n: 2 }), piece('list', 'b', { id: 'b' })]);
    await saver.saved();
    expect(await stored()).toEqual({ list: [{ id: 'a', n: 2 }, { id: 'b' }] });
    expect(new Set((await rows()).map(({ xmin }) => xmin)).size).toBe(1);
    await saver.close();
  });

  test('is there once it is waited for, also what may wait a moment', async () => {
    const saver = openSaver(wall, new Places(), log);
    saver.add([piece('list', 'a', { id: 'a' })], true);
    await saver.saved();
    expect(await stored()).toEqual({ list: [{ id: 'a' }] });
    saver.add([piece('list', 'b', { id: 'b' })], true);
    await until(async () => (await rows()).length === 2);
    await saver.close();
  });

  test('is refused by a database that is down to whoever waits, and written as soon as it is back', async () => {
    const { saver, refuse } = stubborn();
    saver.add([piece('list', 'a', { id: 'a' })]);
    await expect(saver.saved()).rejects.toThrow('down');
    expect([await stored(), errors.length > 0]).toEqual([undefined, true]);
    saver.add([piece('list', 'a', null), piece('list', 'b', { id: 'b' })], true);
    refuse(false);
    await until(async () => (await stored()) !== undefined);
    expect(await stored()).toEqual({ list: [{ id: 'b' }] });
    await saver.close();
  });

  test('is not for readers', async () => {
    const saver = openSaver(wall, new Places(), log);
    saver.add([piece('list', 'a', { id: 'a' })]);
    await saver.close();
    expect(await wall.read(visitor, (db) => db.sandboxObject.count())).toBe(0);
  });
});

describe('a world', () => {
  const customer = (id: string): Stripe.DeletedCustomer => ({ id, object: 'customer', deleted: true });
  const happen = (world: World, id: string) =>
    world.commit(() => world.emit('customer.deleted', world.add('customers', customer(id))));

  test('and what it had to deliver are the same after a restart', async () => {
    const world = new World(systemClock);
    const deliveries = openDeliveries(world);
    const saver = persistSandbox(wall, world, deliveries, null, log);
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
      world.notify('upcoming', 'sub_1', 1);
      world.notify('upcoming', 'sub_1', 2);
      world.failures.set('cus_1', { how: 'declined', times: 2 });
      world.touch('failures', 'cus_1');
    });
    deliveries.hold();
    for (const id of ['cus_b', 'cus_a']) happen(world, id);
    await deliveries.close();
    await saver.close();

    const back = (await restoreSandbox(wall))!;
    const restored = World.restore(back.world, systemClock);
    expect(restored.snapshot()).toEqual(world.snapshot());
    expect([[...restored.customers.keys()], restored.hasTold('upcoming', 'sub_1', 2)]).toEqual([
      ['cus_b', 'cus_a'],
      true,
    ]);
    expect(back.deliveries).toEqual(deliveries.kept());
    expect(back.deliveries.deliveries.map(({ state }) => state)).toEqual(['held', 'held']);
  });

  test('that was saved the way it was before is understood', () => {
    const world = World.restore(
      { ...new World(systemClock).snapshot(), told: ['upcoming sub_1 1797595200'] },
      systemClock,
    );
    expect(world.hasTold('upcoming', 'sub_1', 1_797_595_200)).toBe(true);
  });

  test('writes what has changed, and no more however much there is', async () => {
    const world = new World(systemClock);
    const deliveries = openDeliveries(world);
    const saver = persistSandbox(wall, world, deliveries, null, log);
    for (let n = 0; n < 2_000; n++) happen(world, `cus_${n}`);
    await saver.saved();
    const before = new Map((await rows()).map(({ kind, place, xmin }) => [`${kind} ${place}`, xmin]));
    happen(world, 'cus_7');
    happen(world, 'cus_new');
    await saver.saved();
    const changed = (await rows()).filter(({ kind, place, xmin }) => before.get(`${kind} ${place}`) !== xmin);
    expect(changed.map(({ kind, place }) => `${kind} ${place}`).sort()).toEqual(
      ['world.customers 2000', 'world.customers 7', 'world.events 2000', 'world.events 2001'].sort(),
    );
    expect(changed.reduce((sum, { bytes }) => sum + Number(bytes), 0)).toBeLessThan(2_000);
    await deliveries.close();
    await saver.close();
  });

  test('forgets events after thirty days, but none that is still on its way', async () => {
    const world = new World(systemClock);
    const deliveries = openDeliveries(world);
    const saver = persistSandbox(wall, world, deliveries, null, log);
    happen(world, 'cus_1');
    const needed = happen(world, 'cus_2').id;
    world.needs = (event) => event === needed;
    world.commit(() => world.moveClockTo(world.now() + 31 * 86_400));
    happen(world, 'cus_3');
    await saver.close();
    const kept = [...world.events.values()].map(({ data }) => (data.object as { id?: string }).id);
    expect(kept).toEqual(['cus_2', 'cus_3']);
    expect((await stored())!['world.events']).toHaveLength(2);
  });
});
