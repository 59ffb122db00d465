import type Stripe from 'stripe';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/cluster';
import { listeningPost, type ListeningPost } from '../support/listening-post';
import { languages, openShop, sdkOf } from '../support/sandbox';
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

test('what has been answered is remembered soon, without an orderly end', async () => {
  const shop = await openShop({ wall });
  const customer = await shop.stripe.customers.create({ email: 'kept@example.org' });
  await shop.sandbox.remembered();
  // The first is still there: nothing was closed, as after a crash.
  const again = await startSandbox({ wall, languages: languages(), log });
  expect(again.world.customers.get(customer.id)).toMatchObject({ email: 'kept@example.org' });
  await again.close();
  await shop.close();
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
