import type Stripe from 'stripe';
import { KINDS } from '../../src/sandbox/kinds';
import { listeningPost, type ListeningPost } from '../support/listening-post';
import { said, visit } from '../support/page';
import { at, openShop, press, pressOn, type Shop } from '../support/billing/sandbox';

let shop: Shop;
let post: ListeningPost;
beforeAll(async () => {
  [shop, post] = await Promise.all([openShop(), listeningPost()]);
  await shop.stripe.webhookEndpoints.create({ url: post.url, enabled_events: ['*'] });
});
afterAll(async () => {
  await shop.close();
  await post.close();
});
afterEach(() => {
  expect(shop.logged).toEqual([]);
});

const section = (path = '') => at(`${shop.sandbox.url}/sandbox${path}`);
const sectionOf = ({ id }: { readonly id: string }) => section(`/subscriptions/${id}`);
const now = (subscription: Stripe.Subscription) => shop.stripe.subscriptions.retrieve(subscription.id);

describe('the clock', () => {
  test('moves on by hours, days and months, and says what time it is and what happened', async () => {
    const { subscription } = await shop.subscriber();
    const start = shop.sandbox.world.now();
    const day = await pressOn(await section(), '+1 day');
    expect([day.status, said(day, '.done')]).toEqual([
      200,
      expect.stringMatching(/^It is now .* UTC, here and in the publication\. On the way \d+ events? happened\.$/),
    ]);
    expect(Math.abs(shop.sandbox.world.now() - start - 86_400)).toBeLessThan(5);
    expect(said(day, '.standing + .small')).toBe('1 day and 0 h ahead of this machine.');
    const moved = await pressOn(day, 'Move the clock', { amount: '2', unit: 'months' });
    expect(said(moved, '.done')).toMatch(/On the way [1-9]\d* events happened/);
    const renewed = await now(subscription);
    expect([
      renewed.status,
      renewed.items.data[0]!.current_period_end > subscription.items.data[0]!.current_period_end,
    ]).toEqual(['active', true]);
    expect(shop.sandbox.clock.now().getTime()).toBeGreaterThan(Date.now() + 55 * 86_400_000);
  });

  test.each([
    { amount: '0', unit: 'days' },
    { amount: '-3', unit: 'days' },
    { amount: '9999', unit: 'days' },
    { amount: '1', unit: 'years' },
  ])('does not move by %j', async (fields) => {
    const { offset } = shop.sandbox.world;
    expect((await press(`${shop.sandbox.url}/sandbox/clock`, fields)).status).toBe(400);
    expect(shop.sandbox.world.offset).toBe(offset);
  });
});

describe('a subscription', () => {
  test('is listed, and its page says how it stands', async () => {
    const { subscription } = await shop.subscriber('grace@example.org');
    const link = (await section()).html
      .querySelectorAll('.row-name a')
      .find((one) => one.getAttribute('href')!.endsWith(subscription.id))!;
    expect(link.text).toBe('grace@example.org');
    const page = await sectionOf(subscription);
    expect([page.status, said(page, '.sand-status')]).toEqual([200, 'active']);
    expect(page.text).toContain('alliance_month');
  });

  test('renews, fails, is given another card and is paid after all', async () => {
    const { subscription } = await shop.subscriber();
    const renewed = await pressOn(await sectionOf(subscription), 'Renew now');
    expect(said(renewed, '.done')).toMatch(/past the renewal\. The subscription is active\.$/);
    const arranged = await pressOn(renewed, 'Fail the next payments', { times: '2', how: 'declined' });
    expect(said(arranged, '.done')).toBe('The next 2 payments will be declined.');
    expect(said(await pressOn(arranged, 'Renew now'), '.done')).toMatch(/The subscription is past_due\.$/);
    expect((await now(subscription)).status).toBe('past_due');
    const card = await pressOn(await sectionOf(subscription), 'Replace the card', { card: 'authenticate' });
    expect(said(card, '.done')).toMatch(/^The card ending in 3155 is charged from now on/);
  });

  test('is paused, for days or until further notice, and resumed', async () => {
    const { subscription } = await shop.subscriber();
    const paused = await pressOn(await sectionOf(subscription), 'Pause collection', { behavior: 'void', days: '5' });
    expect(said(paused, '.done')).toBe('Collection is paused for 5 days.');
    const { pause_collection: pause } = await now(subscription);
    expect([pause!.behavior, Math.round((pause!.resumes_at! - shop.sandbox.world.now()) / 86_400)]).toEqual([
      'void',
      5,
    ]);
    const resumed = await pressOn(paused, 'Resume');
    expect([said(resumed, '.done'), (await now(subscription)).pause_collection]).toEqual([
      'Collection goes on. The subscription is active.',
      null,
    ]);
    await pressOn(resumed, 'Pause collection', { days: '0' });
    expect((await now(subscription)).pause_collection!.resumes_at).toBeNull();
  });

  test('changes its price, ends at the end, is kept, and ends at once', async () => {
    const { subscription } = await shop.subscriber();
    const yearly = await pressOn(await sectionOf(subscription), 'Change the price', {
      price: shop.yearly.id,
      proration: 'always_invoice',
    });
    expect([said(yearly, '.done'), (await now(subscription)).items.data[0]!.price.id]).toEqual([
      'The price has been changed.',
      shop.yearly.id,
    ]);
    const ending = await pressOn(yearly, 'Cancel at the end of the period');
    expect(said(ending, '.done')).toBe('The subscription ends with its period.');
    const kept = await pressOn(ending, 'Keep it after all');
    expect([said(kept, '.done'), (await now(subscription)).cancel_at]).toEqual([
      'The subscription goes on after its period.',
      null,
    ]);
    const ended = await pressOn(kept, 'Cancel at once');
    expect([said(ended, '.done'), (await now(subscription)).status]).toEqual([
      'The subscription has ended.',
      'canceled',
    ]);
    // What Stripe refuses is said, not thrown.
    const refused = await pressOn(ended, 'Cancel at once');
    expect([refused.status, said(refused, '[role=alert]')]).toEqual([
      200,
      expect.stringMatching(/^It could not be done\. ./),
    ]);
  });

  test('is given a status nobody knows', async () => {
    const { subscription } = await shop.subscriber();
    const forced = await pressOn(await sectionOf(subscription), 'Force the status', { status: 'hibernating' });
    expect([said(forced, '.done'), (await now(subscription)).status]).toEqual([
      'The subscription now says it is hibernating.',
      'hibernating',
    ]);
    expect(
      (await press(`${shop.sandbox.url}/sandbox/subscriptions/${subscription.id}/status`, { status: 'NOT A STATUS' }))
        .status,
    ).toBe(400);
  });

  test('its trial is ended', async () => {
    const customer = await shop.stripe.customers.create({ email: 'try@example.org' });
    const session = await shop.checkout({ customer: customer.id, subscription_data: { trial_period_days: 30 } });
    shop.sandbox.acts.payCheckout(session.id, { card: 'good' });
    const [subscription] = (await shop.stripe.subscriptions.list({ customer: customer.id })).data;
    const ended = await pressOn(await sectionOf(subscription!), 'End the trial');
    expect([said(ended, '.done'), (await now(subscription!)).status]).toEqual([
      'The trial has ended. The subscription is active.',
      'active',
    ]);
  });
});

describe('a charge', () => {
  const chargeOf = async (customer: Stripe.Customer) =>
    (await shop.stripe.charges.list({ customer: customer.id })).data[0]!;

  test('is refunded in part, then whole, and no further', async () => {
    const { customer, subscription } = await shop.subscriber();
    const part = await pressOn(await sectionOf(subscription), 'Refund', { amount: '900' });
    expect([said(part, '.done'), (await chargeOf(customer)).amount_refunded]).toEqual([
      '€9 refunded, a part of the charge.',
      900,
    ]);
    const whole = await pressOn(part, 'Refund');
    expect([said(whole, '.done'), (await chargeOf(customer)).refunded]).toEqual([
      '€40 refunded: nothing of the charge is left.',
      true,
    ]);
    expect(whole.html.querySelectorAll('button').filter((one) => one.text.trim() === 'Refund')).toEqual([]);
  });

  test.each(['won', 'lost'] as const)('is disputed, and the dispute is %s', async (how) => {
    const { customer, subscription } = await shop.subscriber();
    const opened = await pressOn(await sectionOf(subscription), 'Open a dispute');
    expect([said(opened, '.done'), (await chargeOf(customer)).disputed]).toEqual([
      'The bank has taken the money back until the dispute is decided.',
      true,
    ]);
    const closed = await pressOn(opened, `Dispute ${how}`);
    expect(said(closed, '.done')).toMatch(new RegExp(`^The dispute is ${how}`));
    expect(
      (await shop.stripe.disputes.list({ charge: (await chargeOf(customer)).id })).data.map(({ status }) => status),
    ).toEqual([how]);
  });
});

test('a customer is deleted, a price archived', async () => {
  const { customer, subscription } = await shop.subscriber();
  const deleted = await pressOn(await sectionOf(subscription), 'Delete the customer');
  expect(said(deleted, '.done')).toMatch(/^The customer is deleted/);
  expect(await shop.stripe.customers.retrieve(customer.id)).toMatchObject({ deleted: true });
  const extra = await shop.stripe.prices.create({
    product: shop.product.id,
    currency: 'eur',
    unit_amount: 100,
    recurring: { interval: 'month' },
  });
  const other = await shop.subscriber();
  await pressOn(await sectionOf(other.subscription), 'Change the price', { price: extra.id, proration: 'none' });
  const archived = await pressOn(await sectionOf(other.subscription), 'Archive the price');
  expect([said(archived, '.done'), (await shop.stripe.prices.retrieve(extra.id)).active]).toEqual([
    'The price is archived: nobody can buy it any more, those who have it keep it.',
    false,
  ]);
});

describe('webhooks', () => {
  const types = () => post.arrived.map(({ body }) => (JSON.parse(body) as Stripe.Event).type);
  const quiet = async () => {
    await shop.sandbox.deliveries.idle();
    post.arrived.length = 0;
  };

  test('are held back, and released the last first', async () => {
    await quiet();
    expect(said(await pressOn(await section('/webhooks'), 'Hold everything back'), '.done')).toBe(
      'Nothing leaves until it is released.',
    );
    const one = await shop.stripe.customers.create({ email: 'first@example.org' });
    await shop.stripe.customers.update(one.id, { name: 'First' });
    await shop.sandbox.deliveries.idle();
    const held = await section('/webhooks');
    expect([types(), said(held, '.standing')]).toEqual([[], 'Everything is held back; 2 deliveries wait.']);
    expect(said(await pressOn(held, 'Release', { order: 'reversed' }), '.done')).toBe('2 deliveries released.');
    await shop.sandbox.deliveries.idle();
    expect(types()).toEqual(['customer.updated', 'customer.created']);
  });

  test.each(['given', 'shuffled', 'together'])('are released %s', async (order) => {
    await quiet();
    await pressOn(await section('/webhooks'), 'Hold everything back');
    for (let count = 0; count < 5; count++) await shop.stripe.customers.create({ email: `c${count}@example.org` });
    await pressOn(await section('/webhooks'), 'Release', { order });
    await shop.sandbox.deliveries.idle();
    expect(types()).toHaveLength(5);
  });

  test('are lost, and found again by redelivering', async () => {
    await quiet();
    expect(said(await pressOn(await section('/webhooks'), 'Lose the next', { count: '1' }), '.done')).toBe(
      'The next delivery will be lost.',
    );
    const customer = await shop.stripe.customers.create({ email: 'lost@example.org' });
    await shop.sandbox.deliveries.idle();
    const page = await section('/webhooks');
    const [row] = page.html.querySelectorAll('.sand-event');
    expect([types(), row!.querySelector('.sand-delivery .chip')!.text]).toEqual([[], 'lost']);
    const event = (await shop.stripe.events.list({ types: ['customer.created'], limit: 1 })).data[0]!;
    expect([(event.data.object as Stripe.Customer).id, event.pending_webhooks]).toEqual([customer.id, 1]);
    const sent = await press(new URL(row!.querySelector('form')!.getAttribute('action')!, page.url).href);
    expect(sent.status).toBe(303);
    await shop.sandbox.deliveries.idle();
    expect(types()).toEqual(['customer.created']);
    expect((await press(`${shop.sandbox.url}/sandbox/webhooks/events/evt_none/redeliver`)).status).toBe(404);
  });

  test('arrive twice, are tried again, and dropped one by one', async () => {
    await quiet();
    await pressOn(await section('/webhooks'), 'Send the next twice', { count: '1' });
    await shop.stripe.customers.create({ email: 'twice@example.org' });
    await shop.sandbox.deliveries.idle();
    expect(types()).toEqual(['customer.created', 'customer.created']);
    await pressOn(await section('/webhooks'), 'Hold everything back');
    await shop.stripe.customers.create({ email: 'gone@example.org' });
    expect(said(await pressOn(await section('/webhooks'), 'Lose'), '.done')).toBe('That delivery is lost.');
    await quiet();
    await pressOn(await section('/webhooks'), 'Release');
    expect(said(await pressOn(await section('/webhooks'), 'Try everything again now'), '.done')).toBe(
      'Everything that waited for its next try is tried now.',
    );
    await shop.sandbox.deliveries.idle();
    expect(types()).toEqual([]);
    const late = await press(`${shop.sandbox.url}/sandbox/webhooks/deliveries/1/drop`);
    expect(said(await section(late.headers.get('location')!.slice('/sandbox'.length)), '.done')).toBe(
      'It had left already.',
    );
  });
});

describe('every object', () => {
  test('is listed by its kind and shown as the API answers it, with what it is related to', async () => {
    const { customer, subscription } = await shop.subscriber();
    const collections = await section('/objects');
    expect(collections.html.querySelectorAll('.sand-kinds a').map((one) => one.text)).toEqual([...KINDS]);
    for (const kind of KINDS) expect([kind, (await section(`/objects/${kind}`)).status]).toEqual([kind, 200]);
    const page = await section(`/objects/subscriptions/${subscription.id}`);
    expect(JSON.parse(page.html.querySelector('pre')!.text.replace(/^<code>|<\/code>$/g, ''))).toEqual(
      JSON.parse(JSON.stringify(shop.sandbox.world.subscriptions.get(subscription.id))),
    );
    expect(page.html.querySelectorAll('.sand-terms a').map((one) => one.getAttribute('href'))).toEqual(
      expect.arrayContaining([
        `/sandbox/subscriptions/${subscription.id}`,
        `/sandbox/objects/customers/${customer.id}`,
        `/sandbox/objects/prices/${shop.monthly.id}`,
      ]),
    );
  });

  test('speaks Spanish to whoever does', async () => {
    const page = await at(`${shop.sandbox.url}/sandbox`, { 'Accept-Language': 'es' });
    expect([said(page, 'h1'), page.html.querySelector('html')!.getAttribute('lang')]).toEqual(['Panel', 'es']);
  });
});

test.each([
  ['en', 'Back to the publication', '/'],
  ['es', 'Volver a la publicación', '/es'],
])('the section leads back to Dossier, in the language it speaks: %s', async (lang, words, path) => {
  const beside = await openShop({ home: 'https://dossier.example' });
  try {
    const page = await visit(`${beside.sandbox.url}/sandbox`, { headers: { 'Accept-Language': lang } });
    expect(page.html.querySelectorAll('header.sand a').map((one) => [one.text, one.getAttribute('href')])).toEqual([
      [words, `https://dossier.example${path}`],
    ]);
  } finally {
    await beside.close();
  }
  expect((await section()).html.querySelectorAll('header.sand a')).toEqual([]);
});
