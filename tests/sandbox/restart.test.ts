import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/stores/cluster';
import { listeningPost, type ListeningPost } from '../support/listening-post';
import { languages, openShop, press, sdkOf } from '../support/billing/sandbox';
import { startSandbox } from '../../src/sandbox/start';
import { pino } from 'pino';
import { until } from '../support/until';

let stores: Postgres;
let wall: Wall;
let drop: () => Promise<void>;
let post: ListeningPost;
const log = pino({ level: 'silent' });
beforeEach(async () => {
  const database = await createDatabase();
  drop = () => database.drop();
  stores = openPostgres(database.app, log);
  wall = openWall(stores);
  post = await listeningPost();
});
afterEach(async () => {
  await post.close();
  await stores.close();
  await drop();
});

test('a sandbox goes on where it was left: its key, its clock, its objects, its webhooks', async () => {
  const shop = await openShop({ wall });
  await shop.stripe.webhookEndpoints.create({ url: post.url, enabled_events: ['customer.created'] });
  const { customer, subscription } = await shop.subscriber();
  shop.sandbox.acts.advance(3 * 86_400);
  await shop.sandbox.deliveries.idle();
  shop.sandbox.deliveries.hold();
  const held = await shop.stripe.customers.create({ email: 'held@example.org' });
  const now = shop.sandbox.world.now();
  await shop.close();
  post.arrived.length = 0;

  const again = await startSandbox({ wall, languages: languages(), log });
  try {
    expect(again.apiKey).toBe(shop.sandbox.apiKey);
    expect(again.world.now()).toBeGreaterThanOrEqual(now);
    expect(again.world.now()).toBeLessThan(now + 60);
    const stripe = sdkOf(again);
    expect(await stripe.customers.retrieve(customer.id)).toMatchObject({ email: 'ada@example.org' });
    expect(
      (await stripe.subscriptions.list({ customer: customer.id })).data.map(({ id, status }) => [id, status]),
    ).toEqual([[subscription.id, 'active']]);
    expect((await stripe.events.list({ limit: 1 })).data[0]!.type).toBe('customer.created');
    again.deliveries.release();
    await again.deliveries.idle();
    expect(
      post.arrived.map(({ body }) => ((JSON.parse(body) as Stripe.Event).data.object as Stripe.Customer).id),
    ).toEqual([held.id]);
    // It goes on living: what is remembered renews.
    again.acts.renew(subscription.id);
    expect((await stripe.subscriptions.retrieve(subscription.id)).items.data[0]!.current_period_end).toBeGreaterThan(
      subscription.items.data[0]!.current_period_end,
    );
  } finally {
    await again.close();
  }
});

test('what has been answered is there after a crash, and so is what a page has said', async () => {
  const shop = await openShop({ wall });
  const customer = await shop.stripe.customers.create({ email: 'kept@example.org' });
  const session = await shop.checkout({ customer: customer.id });
  await press(session.url!, { card: 'good' });
  // The first is still there: nothing was closed, as after a crash.
  const again = await startSandbox({ wall, languages: languages(), log });
  expect(again.world.customers.get(customer.id)).toMatchObject({ email: 'kept@example.org' });
  expect(again.world.checkoutSessions.get(session.id)).toMatchObject({ status: 'complete' });
  expect([...again.world.subscriptions.values()].map(({ status }) => status)).toEqual(['active']);
  await again.close();
  await shop.close();
});

test('nobody is answered, and no event leaves, before what happened is saved', async () => {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let gate: Promise<void> = Promise.resolve();
  let writes = 0;
  const slow: Wall = { ...wall, write: (viewer, work) => (writes++, gate.then(() => wall.write(viewer, work))) };
  const shop = await openShop({ wall: slow });
  await shop.stripe.webhookEndpoints.create({ url: post.url, enabled_events: ['customer.created'] });
  const session = await shop.checkout();
  await shop.sandbox.saved();
  gate = opened;
  writes = 0;
  const answered: string[] = [];
  const customer = shop.stripe.customers.create({}).then(() => answered.push('api'));
  const page = press(session.url!, { card: 'good', email: 'a@example.org' }).then(() => answered.push('page'));
  await until(() => writes > 0 && shop.sandbox.world.subscriptions.size > 0);
  const look = await wall.read(accountsViewer, (db) => db.sandboxObject.count({ where: { kind: 'world.customers' } }));
  expect([answered, post.arrived.length, look]).toEqual([[], 0, 1]);
  open();
  await Promise.all([customer, page, shop.sandbox.deliveries.idle()]);
  expect([answered.length, post.arrived.length]).toEqual([2, 2]);
  await shop.close();
});

test('a database that does not take it makes the answer 500, on a page 503; nothing is lost', async () => {
  let refusing = false;
  const stubborn: Wall = {
    ...wall,
    write: (viewer, work) => (refusing ? Promise.reject(new Error('down')) : wall.write(viewer, work)),
  };
  const shop = await openShop({ wall: stubborn });
  const session = await shop.checkout();
  refusing = true;
  await expect(shop.stripe.customers.create({})).rejects.toMatchObject({ statusCode: 500, rawType: 'api_error' });
  const page = await press(session.url!, { card: 'good', email: 'a@example.org' });
  expect([page.status, page.headers.get('location')]).toEqual([503, null]);
  refusing = false;
  await shop.close();
  const again = await startSandbox({ wall, languages: languages(), log });
  expect([again.world.customers.size, again.world.subscriptions.size]).toEqual([2, 1]);
  await again.close();
});

test('it answers at the same address after a restart, where that is free', async () => {
  const shop = await openShop({ wall });
  await shop.close();
  const again = await startSandbox({ wall, languages: languages(), log });
  expect(again.url).toBe(shop.sandbox.url);
  await again.close();
});

test('what was not delivered is delivered after a restart', async () => {
  post.answer = 500;
  const shop = await openShop({ wall, delivery: { retryAfter: [3_600_000] } });
  await shop.stripe.webhookEndpoints.create({ url: post.url, enabled_events: ['customer.created'] });
  await shop.stripe.customers.create({ email: 'late@example.org' });
  await until(() => shop.sandbox.deliveries.log().some(({ state }) => state === 'waiting'));
  await shop.close();
  post.answer = 200;
  const again = await startSandbox({ wall, languages: languages(), log });
  again.deliveries.retryNow();
  await again.deliveries.idle();
  expect(again.deliveries.log().map(({ state }) => state)).toEqual(['delivered']);
  await again.close();
});

test('production has none', async () => {
  await expect(startSandbox({ wall, languages: languages(), log, production: true })).rejects.toThrow();
});
