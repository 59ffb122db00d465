import Stripe from 'stripe';
import { openDeliveries, type Deliveries, type DeliveryOptions } from '../../src/sandbox/delivery';
import type { Delivery } from '../../src/sandbox/delivery-types';
import { World } from '../../src/sandbox/world';
import { systemClock } from '../../src/lib/clock';
import { listeningPost, type ListeningPost } from '../support/listening-post';
import { until } from '../support/until';

let post: ListeningPost;
let world: World;
let open: Deliveries[];
beforeEach(async () => {
  [post, world, open] = [await listeningPost(), new World(systemClock), []];
});
afterEach(async () => {
  await Promise.all(open.map((one) => one.close()));
  await post.close();
});

const SECRET = 'whsec_of_the_tests';
const stripe = new Stripe('sk_test_x');

function deliver(options: DeliveryOptions = {}): Deliveries {
  const deliveries = openDeliveries(world, { retryAfter: [5, 5, 5], ...options });
  open.push(deliveries);
  return deliveries;
}

function endpoint(more: Partial<Stripe.WebhookEndpoint> = {}): Stripe.WebhookEndpoint {
  const id = `we_${world.webhookEndpoints.size}`;
  return world.add('webhookEndpoints', {
    id,
    object: 'webhook_endpoint',
    api_version: null,
    application: null,
    created: world.now(),
    description: null,
    enabled_events: ['*'],
    livemode: false,
    metadata: {},
    secret: SECRET,
    status: 'enabled',
    url: post.url,
    ...more,
  });
}

const happen = (type: Stripe.Event['type'] = 'customer.created'): Stripe.Event =>
  world.commit(() => world.emit(type, { object: 'customer' }));
const ids = () => post.arrived.map(({ body }) => (JSON.parse(body) as Stripe.Event).id);
const states = (deliveries: Deliveries): Delivery['state'][] => deliveries.log().map(({ state }) => state);

test('an event arrives as Stripe sends it, and the SDK finds its signature good', async () => {
  endpoint();
  const deliveries = deliver();
  world.offset = 40 * 86_400;
  const event = happen();
  await deliveries.idle();

  const [{ body, headers }] = post.arrived as [ListeningPost['arrived'][number]];
  // The sandbox's clock is weeks ahead; the signature's is the machine's, or it would be refused as too old one day.
  expect(stripe.webhooks.constructEvent(body, headers['stripe-signature']!, SECRET)).toEqual({
    ...event,
    pending_webhooks: 1,
  });
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(headers['user-agent']).toMatch(/^Stripe\/1\.0/);
  expect(() =>
    stripe.webhooks.constructEvent(body.replace('customer', 'costumer'), headers['stripe-signature']!, SECRET),
  ).toThrow(Stripe.errors.StripeSignatureVerificationError);
  expect(() => stripe.webhooks.constructEvent(body, headers['stripe-signature']!, 'whsec_of_another')).toThrow(
    Stripe.errors.StripeSignatureVerificationError,
  );
  const [, stamp] = /^t=(\d+),v1=[0-9a-f]{64}$/.exec(headers['stripe-signature'] as string)!;
  expect(Math.abs(Number(stamp) - Date.now() / 1000)).toBeLessThan(60);
  expect([event.pending_webhooks, deliveries.log()[0]!.tries]).toEqual([
    0,
    [{ at: expect.any(Number) as number, answer: 200 }],
  ]);
});

test('each enabled endpoint that wants the event is sent it with its own secret, no other', async () => {
  endpoint({ enabled_events: ['customer.created'] });
  endpoint({ enabled_events: ['*'], secret: 'whsec_second' });
  endpoint({ enabled_events: ['invoice.paid'] });
  endpoint({ status: 'disabled' });
  const deliveries = deliver();
  const event = happen();
  expect(event.pending_webhooks).toBe(2);
  await deliveries.idle();
  expect(
    deliveries
      .log()
      .map(({ endpointId }) => endpointId)
      .sort(),
  ).toEqual(['we_0', 'we_1']);
  const checked = post.arrived.map(({ body, headers }) =>
    [SECRET, 'whsec_second'].filter((secret) => {
      try {
        return stripe.webhooks.constructEvent(body, headers['stripe-signature']!, secret);
      } catch {
        return false;
      }
    }),
  );
  expect(checked.flat().sort()).toEqual([SECRET, 'whsec_second'].sort());
  expect(event.pending_webhooks).toBe(0);
});

test.each([500, 302, 404])(
  'an endpoint that answers %i is asked again, and the event counts as pending until it is taken',
  async (status) => {
    endpoint();
    post.answer = (_, count) => (count < 3 ? status : 204);
    const deliveries = deliver();
    const event = happen();
    await deliveries.idle();
    expect(deliveries.log()[0]).toMatchObject({
      state: 'delivered',
      tries: [{ answer: status }, { answer: status }, { answer: 204 }],
    });
    expect([event.pending_webhooks, ids()]).toEqual([0, [event.id, event.id, event.id]]);
  },
);

test('a try that brings no answer, or none in time, is a failed one; after the last the event is given up', async () => {
  endpoint();
  endpoint({ url: 'http://127.0.0.1:9' });
  post.answer = () => new Promise(() => undefined);
  const deliveries = deliver({ retryAfter: [1, 1], patience: 50 });
  const event = happen();
  await deliveries.idle();
  expect(deliveries.log().map(({ state, tries }) => [state, ...tries.map(({ answer }) => answer)])).toEqual([
    ['given-up', 'no answer', 'no answer', 'no answer'],
    ['given-up', 'too slow', 'too slow', 'too slow'],
  ]);
  expect(event.pending_webhooks).toBe(2);
});

test('retryNow does not wait, and a retry is signed afresh', async () => {
  endpoint();
  post.answer = 500;
  const deliveries = deliver({ retryAfter: [3_600_000] });
  happen();
  await until(() => states(deliveries)[0] === 'waiting');
  expect(deliveries.log()[0]!.dueAt).toBeGreaterThan(Date.now() + 3_000_000);
  post.answer = 200;
  deliveries.retryNow();
  await deliveries.idle();
  expect(states(deliveries)).toEqual(['delivered']);
  for (const { body, headers } of post.arrived)
    expect(() => stripe.webhooks.constructEvent(body, headers['stripe-signature']!, SECRET)).not.toThrow();
});

test('what is held leaves when released, in the order asked for', async () => {
  endpoint();
  const deliveries = deliver();
  let [together, most] = [0, 0];
  post.answer = async () => {
    most = Math.max(most, (together += 1));
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    together -= 1;
    return 200;
  };
  for (const [order, expected] of [
    ['given', [0, 1, 2]],
    ['reversed', [2, 1, 0]],
    [{ random: counted(0.5, 0.9, 0.1) }, [2, 0, 1]],
  ] as const) {
    post.arrived.length = 0;
    deliveries.hold();
    const events = [happen(), happen(), happen()];
    await deliveries.idle();
    expect([deliveries.holding, ids()]).toEqual([true, []]);
    deliveries.release(order);
    await deliveries.idle();
    expect(ids()).toEqual(expected.map((index) => events[index]!.id));
  }
  expect(most).toBe(1);
});

const counted =
  (...values: number[]) =>
  () =>
    values.shift()!;

test('released together, all are in flight at once', async () => {
  endpoint();
  const deliveries = deliver();
  deliveries.hold();
  for (let count = 0; count < 20; count++) happen();
  let arrived = 0;
  let all = (): void => undefined;
  const everyone = new Promise<void>((resolve) => {
    all = resolve;
  });
  // Nobody is answered before everybody is there.
  post.answer = async () => {
    arrived += 1;
    if (arrived === 20) all();
    await everyone;
    return 200;
  };
  deliveries.release('given', true);
  await deliveries.idle();
  expect(states(deliveries).every((state) => state === 'delivered')).toBe(true);
});

test('dropped events never arrive and stay pending; redelivered they do, once more each time', async () => {
  endpoint();
  const deliveries = deliver();
  deliveries.dropNext(1);
  const [lost, found] = [happen(), happen()];
  await deliveries.idle();
  expect([ids(), lost.pending_webhooks, found.pending_webhooks, deliveries.dropping]).toEqual([[found.id], 1, 0, 0]);
  expect(deliveries.redeliver(lost.id)).toBe(1);
  await deliveries.idle();
  expect(deliveries.redeliver(lost.id)).toBe(1);
  await deliveries.idle();
  expect([ids(), lost.pending_webhooks]).toEqual([[found.id, lost.id, lost.id], 0]);
  expect(deliveries.redeliver('evt_unknown')).toBe(0);
});

test('an event counts as pending for each endpoint that has not taken it, however often another has', async () => {
  const away = endpoint({ url: 'http://127.0.0.1:9', enabled_events: ['customer.created'] });
  endpoint();
  const deliveries = deliver({ retryAfter: [] });
  const event = happen();
  await deliveries.idle();
  world.commit(() => world.alter('webhookEndpoints', away, { status: 'disabled' }));
  deliveries.redeliver(event.id);
  await deliveries.idle();
  expect([ids(), event.pending_webhooks]).toEqual([[event.id, event.id], 1]);
});

test('one that is held or waits can be dropped by itself, one that has arrived cannot', async () => {
  endpoint();
  const deliveries = deliver({ retryAfter: [3_600_000] });
  deliveries.hold();
  happen();
  expect(deliveries.drop(1)).toBe(true);
  deliveries.release();
  post.answer = 500;
  happen();
  await until(() => states(deliveries)[0] === 'waiting');
  expect(deliveries.drop(2)).toBe(true);
  post.answer = 200;
  happen();
  await deliveries.idle();
  expect([deliveries.drop(3), deliveries.drop(99), states(deliveries)]).toEqual([
    false,
    false,
    ['delivered', 'dropped', 'dropped'],
  ]);
});

test('doubled events arrive twice', async () => {
  endpoint();
  const deliveries = deliver();
  deliveries.doubleNext(1);
  const [twice, once] = [happen(), happen()];
  await deliveries.idle();
  expect(ids().sort()).toEqual([twice.id, twice.id, once.id].sort());
  expect([twice.pending_webhooks, once.pending_webhooks]).toEqual([0, 0]);
});

test('an endpoint that is gone or disabled by the next try is not asked again', async () => {
  const one = endpoint();
  post.answer = 500;
  const deliveries = deliver({ retryAfter: [3_600_000] });
  happen();
  await until(() => states(deliveries)[0] === 'waiting');
  world.commit(() => world.alter('webhookEndpoints', one, { status: 'disabled' }));
  deliveries.retryNow();
  await deliveries.idle();
  expect([states(deliveries), post.arrived.length]).toEqual([['given-up'], 1]);
});

test('what was on its way, held or waiting goes on after a restart', async () => {
  endpoint();
  post.answer = 500;
  const before = deliver({ retryAfter: [3_600_000] });
  const waiting = happen();
  await until(() => states(before)[0] === 'waiting');
  before.hold();
  const held = happen();
  await before.close();

  post.answer = 200;
  post.arrived.length = 0;
  const after = deliver({ kept: JSON.parse(JSON.stringify(before.kept())) as ReturnType<Deliveries['kept']> });
  expect([after.holding, states(after)]).toEqual([true, ['held', 'waiting']]);
  after.release();
  after.retryNow();
  await after.idle();
  expect(ids().sort()).toEqual([waiting.id, held.id].sort());
});

test('a next try that fell due while nothing ran is made at the next start', async () => {
  endpoint();
  post.answer = 500;
  const before = deliver({ retryAfter: [200] });
  const event = happen();
  await until(() => states(before)[0] === 'waiting');
  await before.close();
  post.answer = 200;
  const after = deliver({ kept: before.kept() });
  await after.idle();
  expect([states(after), ids()]).toEqual([['delivered'], [event.id, event.id]]);
});

test('closing waits for no endpoint; what had no answer is sent again after the restart', async () => {
  endpoint();
  post.answer = () => new Promise(() => undefined);
  const before = deliver({ patience: 3_600_000 });
  const event = happen();
  await until(() => post.arrived.length === 1);
  await before.close();
  expect(before.kept().deliveries).toMatchObject([{ state: 'due', tries: [] }]);
  post.answer = 200;
  const after = deliver({ kept: before.kept() });
  await after.idle();
  expect([states(after), ids()]).toEqual([['delivered'], [event.id, event.id]]);
});

test('only so many that have come to their end are remembered, and none that has not', async () => {
  endpoint();
  const deliveries = deliver();
  deliveries.hold();
  const first = happen();
  deliveries.dropNext(1_500);
  for (let count = 0; count < 1_500; count++) happen();
  expect(deliveries.log().length).toBeLessThanOrEqual(1_001);
  deliveries.release();
  await deliveries.idle();
  expect(ids()).toEqual([first.id]);
});
