import { accountsViewer } from '../../src/access/viewer';
import { ensureCustomer } from '../../src/billing/stripe/customers';
import { setUpStripe } from '../../src/billing/stripe/setup';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { syncDue } from '../../src/billing/sync/tasks';
import { startDossier, type Dossier } from '../support/dossier';
import {
  aCustomer,
  alarmsOf,
  aSubscriber,
  buy,
  DAY,
  drained,
  kindsTo,
  priceOf,
  rankOf,
  rowOf,
  sandboxOf,
  standingOf,
} from '../support/billing/subscriber';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const grantOf = (reference: string) =>
  dossier.wall.read(accountsViewer, (db) => db.grant.findFirst({ where: { reference } }));
const now = () => dossier.clock.now();

test('whoever has paid reads, with a leeway of a day after the period, and is welcomed once', async () => {
  const reader = await aSubscriber(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
  const row = await rowOf(dossier, reader.subscription);
  expect(row).toMatchObject({
    status: 'active',
    tierSlug: 'leadership-alliance',
    interval: 'month',
    amountCents: 4900,
    currency: 'eur',
    accessReason: 'active',
  });
  expect(row.accessUntil!.getTime()).toBe(row.periodEnd!.getTime() + DAY * 1000);
  const grant = await grantOf(reader.subscription);
  expect(grant).toMatchObject({
    source: 'SUBSCRIPTION',
    tierSlug: 'leadership-alliance',
    until: row.accessUntil,
    from: row.startedAt,
  });
  await syncCustomer(dossier.app.billing, reader.customer);
  await syncCustomer(dossier.app.billing, reader.customer);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome']);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.invoice.findMany({ where: { subscriptionId: reader.subscription } }),
    ),
  ).toMatchObject([{ status: 'paid', paidCents: 4900, attempts: 1 }]);
});

test('many looks at once come to one state, one grant and one letter', async () => {
  const reader = await aCustomer(dossier);
  dossier.payments!.sandbox.deliveries.hold();
  const subscription = await buy(dossier, reader);
  await Promise.all(Array.from({ length: 12 }, () => syncCustomer(dossier.app.billing, reader.customer)));
  dossier.payments!.sandbox.deliveries.release('reversed', true);
  await drained(dossier);
  expect(await dossier.wall.read(accountsViewer, (db) => db.grant.count({ where: { reference: subscription } }))).toBe(
    1,
  );
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome']);
});

test('a declined first payment opens nothing', async () => {
  const reader = await aCustomer(dossier);
  await buy(dossier, reader, { card: 'declined' }).catch(() => undefined);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(10);
  expect(await kindsTo(dossier, reader)).toEqual([]);
});

test('a renewal that fails keeps its access for the grace from the first failed try, then lapses, and comes back when paid', async () => {
  const { acts, stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  acts.failNextPayment(reader.customer, 'declined', 2);
  acts.renew(reader.subscription);
  await drained(dossier);
  const failed = await rowOf(dossier, reader.subscription);
  expect(failed).toMatchObject({ status: 'past_due', accessReason: 'grace' });
  expect(failed.accessUntil!.getTime()).toBe(failed.firstFailedAt!.getTime() + 7 * DAY * 1000);
  const [charge] = (await stripe.charges.list({ customer: reader.customer, limit: 1 })).data;
  expect(failed.firstFailedAt!.getTime()).toBe(charge!.created * 1000);
  expect(await rankOf(dossier, reader)).toBe(20);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'payment-failed']);

  acts.advance(3 * DAY);
  await drained(dossier);
  expect((await rowOf(dossier, reader.subscription)).accessUntil).toEqual(failed.accessUntil);
  expect(await rankOf(dossier, reader, new Date(failed.accessUntil!.getTime() - 1))).toBe(20);
  expect(await rankOf(dossier, reader, failed.accessUntil!)).toBe(10);

  const open = await dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findFirstOrThrow({ where: { subscriptionId: reader.subscription, status: 'open' } }),
  );
  acts.payInvoice(open.stripeId, { card: 'good' });
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({
    status: 'active',
    accessReason: 'active',
    firstFailedAt: null,
  });
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'payment-failed', 'payment-failed']);
});

test('a grace that is over is told once, by the clock alone', async () => {
  const { acts, stripe, world } = sandboxOf(dossier);
  world.settings = { ...world.settings, afterLastAttempt: 'past_due' };
  const reader = await aSubscriber(dossier);
  acts.failNextPayment(reader.customer, 'declined', 20);
  acts.renew(reader.subscription);
  acts.advance(8 * DAY);
  await drained(dossier);
  await syncDue(dossier.app.billing);
  expect(await rankOf(dossier, reader)).toBe(10);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({
    status: 'past_due',
    accessReason: 'unpaid',
    accessUntil: null,
  });
  await syncDue(dossier.app.billing);
  acts.cancelNow(reader.subscription);
  await drained(dossier);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'payment-failed', 'subscription-ended']);
  // What was owed is given up with it: that is no second end.
  const owed = await dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findFirstOrThrow({ where: { subscriptionId: reader.subscription, status: 'open' } }),
  );
  await stripe.invoices.markUncollectible(owed.stripeId);
  await drained(dossier);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.invoice.count({ where: { stripeId: owed.stripeId, status: 'uncollectible' } }),
    ),
  ).toBe(1);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'payment-failed', 'subscription-ended']);
  world.settings = { ...world.settings, afterLastAttempt: 'cancel' };
});

test('a bank that asks for its customer is said as that', async () => {
  const { acts } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  acts.failNextPayment(reader.customer, 'authenticate', 1);
  acts.renew(reader.subscription);
  await drained(dossier);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'authentication-needed']);
  expect(await rankOf(dossier, reader)).toBe(20);
});

test('a scheduled end keeps access to that very moment, whichever way it was said, and can be undone', async () => {
  const { acts, stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  acts.cancelAtPeriodEnd(reader.subscription, true);
  await drained(dossier);
  const row = await rowOf(dossier, reader.subscription);
  expect(row).toMatchObject({ accessReason: 'ending', cancelAt: row.periodEnd, accessUntil: row.periodEnd });
  acts.cancelAtPeriodEnd(reader.subscription, false);
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ accessReason: 'active', cancelAt: null });
  const at = Math.floor(now().getTime() / 1000) + 5 * DAY;
  await stripe.subscriptions.update(reader.subscription, { cancel_at: at });
  await drained(dossier);
  expect((await rowOf(dossier, reader.subscription)).accessUntil).toEqual(new Date(at * 1000));
  acts.advance(5 * DAY + 60);
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ status: 'canceled', accessReason: 'canceled' });
  expect((await grantOf(reader.subscription))!.until).toEqual(new Date(at * 1000));
  expect(await kindsTo(dossier, reader)).toEqual([
    'subscription-welcome',
    'subscription-will-end',
    'subscription-will-end',
    'subscription-ended',
  ]);
});

test('a trial opens everything, says three days before that it ends, and goes on paid', async () => {
  const { acts } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier, { trialDays: 14 });
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ status: 'trialing', accessReason: 'trialing' });
  expect(await rankOf(dossier, reader)).toBe(20);
  acts.advance(11 * DAY + 3_600);
  await drained(dossier);
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'trial-ends']);
  acts.advance(4 * DAY);
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ status: 'active', accessReason: 'active' });
});

test('money back in full ends access, a part of it does not; both are told, and an admin hears of both', async () => {
  const { acts, stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  const [charge] = (await stripe.charges.list({ customer: reader.customer })).data;
  const part = acts.refund(charge!.id, 1_000);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
  const rest = acts.refund(charge!.id);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(10);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ status: 'active', accessReason: 'refunded' });
  expect((await grantOf(reader.subscription))!.until).toEqual(new Date(rest.created * 1000));
  expect(await kindsTo(dossier, reader)).toEqual(['subscription-welcome', 'refunded', 'refunded']);
  expect(
    (await alarmsOf(dossier, 'refund'))
      .filter(({ subject }) => [part.id, rest.id].includes(subject))
      .map(({ details }) => details),
  ).toMatchObject([
    { full: false, amountCents: 1_000 },
    { full: true, amountCents: 3_900 },
  ]);
});

test('a dispute freezes access; won it comes back, lost it is gone', async () => {
  const { acts, stripe } = sandboxOf(dossier);
  for (const [outcome, rank, reason] of [
    ['won', 20, 'active'],
    ['lost', 10, 'refunded'],
  ] as const) {
    const reader = await aSubscriber(dossier);
    const [charge] = (await stripe.charges.list({ customer: reader.customer })).data;
    const dispute = acts.openDispute(charge!.id);
    await drained(dossier);
    expect([await rankOf(dossier, reader), (await rowOf(dossier, reader.subscription)).accessReason]).toEqual([
      10,
      'disputed',
    ]);
    acts.closeDispute(dispute.id, outcome);
    await drained(dossier);
    expect([await rankOf(dossier, reader), (await rowOf(dossier, reader.subscription)).accessReason]).toEqual([
      rank,
      reason,
    ]);
    expect((await alarmsOf(dossier, 'dispute')).some(({ subject }) => subject === dispute.id)).toBe(true);
  }
});

test('collection that is paused by voiding opens what was paid and no more; by keeping drafts it opens everything', async () => {
  const { acts } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  const { periodEnd } = await rowOf(dossier, reader.subscription);
  acts.pauseCollection(reader.subscription, 'void');
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({
    paused: 'void',
    accessReason: 'collection-paused',
    accessUntil: periodEnd,
  });
  acts.pauseCollection(reader.subscription, 'keep_as_draft');
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ paused: 'keep_as_draft', accessReason: 'active' });
  acts.resume(reader.subscription);
  await drained(dossier);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({ paused: null });
});

test('a status nobody knows opens nothing, and raises an alarm', async () => {
  const reader = await aSubscriber(dossier);
  sandboxOf(dossier).acts.setStatus(reader.subscription, 'hibernating');
  await drained(dossier);
  await syncCustomer(dossier.app.billing, reader.customer);
  expect(await rankOf(dossier, reader)).toBe(10);
  expect(await rowOf(dossier, reader.subscription)).toMatchObject({
    status: 'hibernating',
    accessReason: 'unknown-status',
  });
  expect((await alarmsOf(dossier, 'unknown-status')).map(({ subject }) => subject)).toContain(
    `${reader.subscription} hibernating`,
  );
});

test('a price of our product that nobody knows opens nothing and raises an alarm; what is not ours is none of our business', async () => {
  const { stripe } = sandboxOf(dossier);
  const known = await dossier.wall.read(accountsViewer, (db) =>
    db.price.findFirstOrThrow({ where: { offered: true } }),
  );
  const byHand = await stripe.prices.create({
    product: known.productId,
    currency: 'eur',
    unit_amount: 100,
    recurring: { interval: 'month' },
  });
  const cheap = await aSubscriber(dossier, { price: byHand.id });
  expect(await rankOf(dossier, cheap)).toBe(10);
  expect(await rowOf(dossier, cheap.subscription)).toMatchObject({ accessReason: 'unknown-price', tierSlug: null });
  expect((await alarmsOf(dossier, 'unknown-price')).map(({ subject }) => subject)).toContain(
    `${cheap.subscription} ${byHand.id}`,
  );

  const mug = await stripe.products.create({ name: 'A mug a month' });
  const mugs = await stripe.prices.create({
    product: mug.id,
    currency: 'eur',
    unit_amount: 900,
    recurring: { interval: 'month' },
  });
  const drinker = await aSubscriber(dossier, { price: mugs.id });
  expect(await rankOf(dossier, drinker)).toBe(10);
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      db.subscription.count({ where: { stripeId: drinker.subscription } }),
    ),
  ).toBe(0);
  expect(
    (await alarmsOf(dossier)).filter(
      ({ accountId, subject }) => accountId === drinker.accountId || subject.includes(drinker.subscription),
    ),
  ).toEqual([]);
});

test('an archived price goes on for whoever pays it', async () => {
  const { acts } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier, { interval: 'year' });
  acts.archivePrice(await priceOf(dossier, 'year'));
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
  expect(
    await dossier.wall.read(accountsViewer, (db) => db.price.count({ where: { interval: 'year', offered: true } })),
  ).toBe(0);
  await setUpStripe(dossier.app.billing, dossier.url);
  expect(
    await dossier.wall.read(accountsViewer, (db) => db.price.count({ where: { interval: 'year', offered: true } })),
  ).toBe(1);
  await syncCustomer(dossier.app.billing, reader.customer);
  expect(await rankOf(dossier, reader)).toBe(20);
});

test('two live subscriptions are an alarm, and neither is taken away', async () => {
  const reader = await aSubscriber(dossier);
  const second = await buy(dossier, reader);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
  expect(
    (await alarmsOf(dossier, 'duplicate-subscription')).filter(({ accountId }) => accountId === reader.accountId)
      .length,
  ).toBe(1);
  sandboxOf(dossier).acts.cancelNow(second);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
});

test('a customer deleted at Stripe has no more access, and a new one can be made', async () => {
  const reader = await aSubscriber(dossier);
  sandboxOf(dossier).acts.deleteCustomer(reader.customer);
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(10);
  const again = await buy(dossier, {
    ...reader,
    customer: (await ensureCustomer(dossier.app.billing, reader.accountId)).stripeId,
  });
  await drained(dossier);
  expect(await rankOf(dossier, reader)).toBe(20);
  expect((await rowOf(dossier, again)).accessReason).toBe('active');
});

test('a subscription that outlives its account is ended at once, with an alarm', async () => {
  const { stripe } = sandboxOf(dossier);
  const reader = await aSubscriber(dossier);
  await dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id: reader.accountId } }));
  await syncCustomer(dossier.app.billing, reader.customer);
  expect((await stripe.subscriptions.retrieve(reader.subscription)).status).toBe('canceled');
  expect((await alarmsOf(dossier, 'orphan-subscription')).map(({ subject }) => subject)).toContain(reader.subscription);
  await drained(dossier);
});

test("a customer nobody knows is taken for an account's only where it has no other", async () => {
  const { stripe } = sandboxOf(dossier);
  const { accountId } = await aCustomer(dossier);
  const lost = await stripe.customers.create({ metadata: { account: accountId } });
  expect((await syncCustomer(dossier.app.billing, lost.id)).outcome).toBe('ignored');
  const { id } = await dossier.wall.write(accountsViewer, (db) =>
    db.account.create({
      data: { email: `linked-${Date.now()}@example.org`, name: 'Linked', lang: 'en' },
      select: { id: true },
    }),
  );
  const found = await stripe.customers.create({ metadata: { account: id } });
  expect(await syncCustomer(dossier.app.billing, found.id)).toMatchObject({ outcome: 'applied', accountId: id });
  expect((await syncCustomer(dossier.app.billing, 'cus_nobodyatall')).outcome).toBe('ignored');
});

test('a customer of the other mode, test beside real money, opens nothing here', async () => {
  const reader = await aSubscriber(dossier);
  const before = await rowOf(dossier, reader.subscription);
  expect(await syncCustomer({ ...dossier.app.billing, livemode: true }, reader.customer)).toMatchObject({
    outcome: 'ignored',
    accountId: null,
    access: false,
  });
  expect(await rowOf(dossier, reader.subscription)).toEqual(before);
  expect((await alarmsOf(dossier, 'other-mode')).map(({ subject }) => subject)).toContain(reader.customer);
});

test('the same words explain it to the member', async () => {
  const reader = await aSubscriber(dossier);
  const { reason: because } = await standingOf(dossier, reader.accountId);
  expect(because).toMatchObject({ grant: { source: 'SUBSCRIPTION', tier: 'leadership-alliance' } });
});
