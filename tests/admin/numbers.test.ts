import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { monthlyOf } from '../../src/billing/sync/recurring';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { logIn } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, type Page } from '../support/page';
import { aCustomer, aSubscriber, buy, DAY, drained, sandboxOf } from '../support/billing/subscriber';
import { open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;
let support: Somebody;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  support = await somebody(dossier, 'support');
});
afterAll(() => dossier.stop());

/** Months of a year each interval is. */
const TWELFTHS: Readonly<Record<string, number>> = { month: 12, year: 1 };

/** What Stripe's own subscriptions come to a month, worked out from what it says of them and nothing of ours. Cents. */
async function atStripe(): Promise<number> {
  const { stripe } = sandboxOf(dossier);
  let sum = 0;
  for await (const one of stripe.subscriptions.list({
    status: 'all',
    limit: 100,
    expand: ['data.discounts.source.coupon'],
  })) {
    if (!['active', 'past_due'].includes(one.status) || one.pause_collection !== null) continue;
    const [{ price, quantity } = { price: null }] = one.items.data;
    let left = price!.unit_amount! * quantity!;
    for (const discount of one.discounts) {
      const coupon = (discount as Stripe.Discount).source.coupon as Stripe.Coupon;
      if (coupon.duration !== 'once')
        left -=
          coupon.percent_off === null
            ? Math.min(coupon.amount_off!, left)
            : Math.round((left * coupon.percent_off) / 100);
    }
    sum += Math.round((left * TWELFTHS[price!.recurring!.interval]!) / 12);
  }
  return sum;
}

/** A table as it is taken along: its lines by the names of their columns. */
async function csv(table: string, range = '30-days', by?: Somebody): Promise<Record<string, string>[]> {
  const page = await open(dossier, by ?? admin, `/admin/numbers/${table}.csv?range=${range}`);
  expect([table, page.status, page.headers.get('content-type')]).toEqual([table, 200, 'text/csv; charset=utf-8']);
  const [head = '', ...lines] = page.text.replace('\ufeff', '').trimEnd().split('\r\n');
  return lines.map((line) =>
    Object.fromEntries(line.split(',').map((value, place) => [head.split(',')[place]!, value])),
  );
}
const last = async (table: string, range?: string) => (await csv(table, range)).at(-1)!;
const summed = async (table: string, column: string, range?: string) =>
  (await csv(table, range)).reduce((sum, row) => sum + Number(row[column] ?? 0), 0);
/** In cents; the file has euros. */
const mrr = async () => Math.round(Number((await last('revenue'))['leadership-alliance eur'] ?? 0) * 100);

/** Ours and Stripe's, which must be one and the same. */
async function agreed(): Promise<number> {
  await drained(dossier);
  const [ours, theirs] = [await mrr(), await atStripe()];
  expect(ours).toBe(theirs);
  return ours;
}

const advance = async (days: number) => {
  sandboxOf(dossier).acts.advance(days * DAY);
  await drained(dossier);
  // A login does not last so long.
  admin = { ...admin, cookie: await logIn(dossier, admin.id, dossier.clock.now().getTime()) };
};

const figure = ({ html }: Page, name: string) => html.querySelector(`section[aria-labelledby^="${name}-"]`)!;

test('with nothing to show it says so, and the files have their heads', async () => {
  const page = await open(dossier, admin, '/admin/numbers');
  expect([page.status, said(page, 'h1'), said(page, '[aria-current=page]'), said(page, '[aria-current=true]')]).toEqual(
    [200, 'Numbers', 'Numbers', '12 months'],
  );
  expect(page.html.querySelectorAll('.figure h2').map((one) => one.text)).toEqual([
    'Members by tier',
    'Monthly recurring revenue',
    'New, recovered, churned',
    'From joining to paying',
    'Trials',
    'Which gates convert',
    'Reads by tier',
    'Most read briefings',
    'Failed payments',
  ]);
  for (const name of ['revenue', 'turnover', 'trials', 'gates', 'reads', 'briefings', 'payments'])
    expect([name, figure(page, name).querySelector('svg'), figure(page, name).text]).toEqual([
      name,
      null,
      expect.stringContaining('nothing to draw'),
    ]);
  for (const table of ['gates', 'briefings']) expect([table, await csv(table)]).toEqual([table, []]);
  expect(await csv('revenue')).toHaveLength(30);
  expect((await open(dossier, admin, '/es/admin/numbers')).text).toContain('Ingresos recurrentes mensuales');
});

test("it is the admins' section alone, and takes no range or table that is none", async () => {
  for (const path of ['/admin/numbers', '/admin/numbers/revenue.csv', '/admin/numbers?range=x'])
    expect([path, (await open(dossier, support, path)).status]).toEqual([path, 403]);
  const reader = await somebody(dossier);
  expect((await open(dossier, reader, '/admin/numbers/members.csv')).status).toBe(404);
  for (const [path, status] of [
    ['?range=1-year', 400],
    ['/members.csv?range=', 400],
    ['/accounts.csv', 404],
    ['/members', 404],
  ] as const)
    expect([path, (await open(dossier, admin, `/admin/numbers${path}`)).status]).toEqual([path, status]);
});

describe("the monthly recurring revenue is Stripe's to the cent", () => {
  test('month and year, trial, coupons, past due, paid again, paused, to end, ended, given up, refunded, deleted', async () => {
    const { acts, stripe, world } = sandboxOf(dossier);
    expect(await agreed()).toBe(0);
    const month = await aSubscriber(dossier);
    const monthly = await agreed();
    expect(monthly).toBeGreaterThan(0);
    const year = await aSubscriber(dossier, { interval: 'year' });
    const yearly = (await agreed()) - monthly;
    const { unit_amount: price } = world.subscriptions.get(year.subscription)!.items.data[0]!.price;
    expect(yearly).toBe(Math.round(price! / 12));
    // On trial it is nothing, and turns into the price when it ends.
    const trial = await aSubscriber(dossier, { trialDays: 14 });
    expect(await agreed()).toBe(monthly + yearly);
    acts.endTrial(trial.subscription);
    expect(await agreed()).toBe(2 * monthly + yearly);
    // A discount for good and one for some months count; one for a single invoice does not.
    const coupons = [
      await stripe.coupons.create({ duration: 'forever', percent_off: 33 }),
      await stripe.coupons.create({ duration: 'repeating', duration_in_months: 3, amount_off: 501, currency: 'eur' }),
      await stripe.coupons.create({ duration: 'once', percent_off: 50 }),
    ] as const;
    const [good, months, once] = coupons;
    const before = await agreed();
    await aSubscriber(dossier, { coupon: good.id });
    const discounted = await aSubscriber(dossier, { interval: 'year', coupon: good.id });
    const ending = await aSubscriber(dossier, { coupon: months.id });
    const one = await aSubscriber(dossier, { coupon: once.id });
    const all = await agreed();
    expect(all - before).toBe(
      4900 - 1617 + Math.round((price! - Math.round(price! * 0.33)) / 12) + (4900 - 501) + 4900,
    );
    // Past due goes on being collected.
    acts.failNextPayment(month.customer, 'declined', 1);
    acts.renew(month.subscription);
    await drained(dossier);
    expect(world.subscriptions.get(month.subscription)!.status).toBe('past_due');
    expect(await agreed()).toBe(all);
    acts.advance(4 * DAY);
    await drained(dossier);
    expect(world.subscriptions.get(month.subscription)!.status).toBe('active');
    await agreed();
    acts.pauseCollection(one.subscription, 'void');
    expect(await agreed()).toBe(all - monthly);
    acts.resume(one.subscription);
    expect(await agreed()).toBe(all);
    acts.cancelAtPeriodEnd(one.subscription, true);
    expect(await agreed()).toBe(all);
    await advance(40);
    expect(world.subscriptions.get(one.subscription)!.status).toBe('canceled');
    expect(await agreed()).toBe(all - monthly);
    // Whoever does not pay at all is given up.
    acts.failNextPayment(trial.customer, 'declined', 9);
    await advance(45);
    expect(world.subscriptions.get(trial.subscription)!.status).toBe('canceled');
    // The discount for some months is over by then.
    expect(world.subscriptions.get(ending.subscription)!.discounts).toEqual([]);
    const left = all - 2 * monthly + 501;
    expect(await agreed()).toBe(left);
    const [charge] = [...world.charges.values()].filter(
      ({ customer, status }) => customer === year.customer && status === 'succeeded',
    );
    acts.refund(charge!.id);
    expect(await agreed()).toBe(left);
    acts.deleteCustomer(year.customer);
    expect(await agreed()).toBe(left - yearly);
    acts.cancelNow(discounted.subscription);
    expect(await agreed()).toBe(left - yearly - Math.round((price! - Math.round(price! * 0.33)) / 12));
  }, 120_000);

  test('looking again changes nothing, and nothing is counted twice', async () => {
    const reader = await aSubscriber(dossier);
    const spans = () =>
      dossier.wall.read(accountsViewer, (db) =>
        db.revenueSpan.findMany({ where: { subscriptionId: reader.subscription } }),
      );
    const [ours, before] = [await agreed(), await spans()];
    for (let time = 0; time < 3; time++) await syncCustomer(dossier.app.billing, reader.customer);
    expect([await agreed(), await spans()]).toEqual([ours, before]);
    expect(before).toHaveLength(1);
  });

  test('what came and went while nobody looked stands where it was', async () => {
    const { acts } = sandboxOf(dossier);
    const customer = await aCustomer(dossier);
    dossier.payments!.sandbox.deliveries.dropNext(1_000);
    const subscription = await buy(dossier, customer);
    const began = dossier.clock.now();
    acts.advance(5 * DAY);
    acts.cancelNow(subscription);
    acts.advance(5 * DAY);
    await drained(dossier);
    dossier.payments!.sandbox.deliveries.dropNext(0);
    await syncCustomer(dossier.app.billing, customer.customer);
    const [span, ...more] = await dossier.wall.read(accountsViewer, (db) =>
      db.revenueSpan.findMany({ where: { subscriptionId: subscription } }),
    );
    expect([
      more,
      Math.abs(span!.from.getTime() - began.getTime()) < 600_000,
      Math.round((span!.until!.getTime() - span!.from.getTime()) / 86_400_000),
    ]).toEqual([[], true, 5]);
    await agreed();
  });

  test('the same value stands on the page, and another plan begins a new span', async () => {
    const { acts, world } = sandboxOf(dossier);
    const reader = await aSubscriber(dossier);
    const before = await agreed();
    const year = [...world.prices.values()].find(({ recurring }) => recurring?.interval === 'year')!;
    acts.changePrice(reader.subscription, year.id, 'always_invoice');
    const after = await agreed();
    expect(before - after).toBe(4900 - Math.round(year.unit_amount! / 12));
    const spans = await dossier.wall.read(accountsViewer, (db) =>
      db.revenueSpan.findMany({ where: { subscriptionId: reader.subscription }, orderBy: { from: 'asc' } }),
    );
    expect(spans.map(({ from, until }) => [from, until])).toEqual([
      [expect.any(Date), spans[1]!.from],
      [spans[1]!.from, null],
    ]);
    const page = await open(dossier, admin, '/admin/numbers?range=30-days');
    expect(figure(page, 'revenue').querySelector('.legend b')?.text).toBe(
      new Intl.NumberFormat('en', { style: 'currency', currency: 'eur', currencyDisplay: 'narrowSymbol' }).format(
        after / 100,
      ),
    );
    expect(figure(page, 'revenue').querySelectorAll('tbody tr').at(-1)?.querySelector('td')?.text).toBe(
      figure(page, 'revenue').querySelector('.legend b')?.text,
    );
  });
});

test('members stand at the highest tier they were granted, day by day', async () => {
  const before = await last('members');
  const now = dossier.clock.now().getTime();
  const day = (ago: number) => new Date(now - ago * 86_400_000);
  const grant = (
    source: 'JOINED' | 'COMP',
    tier: 'strategy-circle' | 'leadership-alliance',
    from: Date,
    until: Date | null = null,
    revokedAt: Date | null = null,
  ) => ({ source, tierSlug: tier, from, until, revokedAt });
  const add = (...grants: ReturnType<typeof grant>[]) =>
    dossier.wall.write(accountsViewer, (db) =>
      db.account.create({
        data: {
          email: `m-${Math.random()}@example.org`,
          name: 'M',
          lang: 'en',
          createdAt: day(20),
          grants: { create: grants },
        },
      }),
    );
  const joined = grant('JOINED', 'strategy-circle', day(20));
  await add(joined);
  // Two comps that overlap are one stretch; the second goes on beyond the first.
  await add(
    joined,
    grant('COMP', 'leadership-alliance', day(15), day(8)),
    grant('COMP', 'leadership-alliance', day(10), day(5)),
  );
  await add(
    joined,
    grant('COMP', 'leadership-alliance', day(15), null, day(12)),
    grant('COMP', 'leadership-alliance', day(3)),
    grant('COMP', 'leadership-alliance', new Date(now + 86_400_000)),
  );
  const rows = await csv('members');
  const at = (ago: number) => rows.find((row) => row['day'] === day(ago).toISOString().slice(0, 10))!;
  const alliance = (ago: number) => Number(at(ago)['leadership-alliance']);
  const circle = (ago: number) => Number(at(ago)['strategy-circle']);
  // What others of this file hold changes too, so differences within it are told apart by the grants above alone.
  expect(Number(rows.at(-1)!['leadership-alliance']) - Number(before['leadership-alliance'])).toBe(1);
  expect(Number(rows.at(-1)!['strategy-circle']) - Number(before['strategy-circle'])).toBe(2);
  const without = async (ago: number) => {
    const [row] = await dossier.wall.read(
      accountsViewer,
      (db) =>
        db.$queryRaw<
          { n: number }[]
        >`SELECT count(DISTINCT account_id)::int AS n FROM grants WHERE tier_slug = 'leadership-alliance' AND "from" < ${new Date(day(ago).setUTCHours(24, 0, 0, 0))} AND (until IS NULL OR until >= ${new Date(day(ago).setUTCHours(24, 0, 0, 0))}) AND (revoked_at IS NULL OR revoked_at >= ${new Date(day(ago).setUTCHours(24, 0, 0, 0))})`,
    );
    return row!.n;
  };
  for (const ago of [25, 14, 13, 9, 7, 4, 2, 1]) expect([ago, alliance(ago)]).toEqual([ago, await without(ago)]);
  expect(circle(19)).toBeGreaterThanOrEqual(3);
});

test('who is new, who left, who came back', async () => {
  const { acts } = sandboxOf(dossier);
  const count = async () => ({
    came: await summed('turnover', 'new', 'all'),
    left: await summed('turnover', 'churned', 'all'),
    back: await summed('turnover', 'recovered', 'all'),
  });
  const before = await count();
  const reader = await aSubscriber(dossier);
  expect(await count()).toEqual({ ...before, came: before.came + 1 });
  await advance(1);
  acts.cancelNow(reader.subscription);
  await advance(1);
  expect(await count()).toEqual({ came: before.came + 1, left: before.left + 1, back: before.back });
  await buy(dossier, reader);
  await drained(dossier);
  expect(await count()).toEqual({ came: before.came + 1, left: before.left + 1, back: before.back + 1 });
});

test('from joining to paying, and what becomes of trials', async () => {
  const { acts } = sandboxOf(dossier);
  const sums = async () => [
    await summed('joins', 'joined', 'all'),
    await summed('joins', 'paid', 'all'),
    await summed('trials', 'paid', 'all'),
    await summed('trials', 'running', 'all'),
    await summed('trials', 'over', 'all'),
  ];
  const before = await sums();
  const minus = (after: number[]) => after.map((value, place) => value - before[place]!);
  await aCustomer(dossier);
  const [kept, dropped] = [await aSubscriber(dossier, { trialDays: 7 }), await aSubscriber(dossier, { trialDays: 7 })];
  expect(minus(await sums())).toEqual([3, 0, 0, 2, 0]);
  // One that ends in the second it began in has been no trial.
  await advance(1);
  acts.endTrial(kept.subscription);
  acts.cancelNow(dropped.subscription);
  await drained(dossier);
  expect(minus(await sums())).toEqual([3, 1, 1, 0, 1]);
});

test('payments that failed, and what became of them, with their cents', async () => {
  const { acts } = sandboxOf(dossier);
  const names = ['recovered', 'open', 'lost', 'failed eur', 'recovered eur'] as const;
  const sums = async () =>
    Promise.all(
      names.map(async (name) =>
        Math.round((await summed('payments', name, 'all')) * (name.endsWith(' eur') ? 100 : 1)),
      ),
    );
  const before = await sums();
  const minus = (after: number[]) => after.map((value, place) => value - before[place]!);
  const reader = await aSubscriber(dossier);
  acts.failNextPayment(reader.customer, 'declined', 1);
  acts.renew(reader.subscription);
  await drained(dossier);
  expect(minus(await sums())).toEqual([0, 1, 0, 4900, 0]);
  // Paid by hand it stands at its first attempt at Stripe; that it once failed is kept all the same.
  const invoice = await dossier.wall.read(accountsViewer, (db) =>
    db.invoice.findFirstOrThrow({ where: { subscriptionId: reader.subscription, status: 'open' } }),
  );
  acts.payInvoice(invoice.stripeId);
  await drained(dossier);
  expect(minus(await sums())).toEqual([1, 0, 0, 4900, 4900]);
});

test('a month of it, and all of it, are drawn month by month', async () => {
  await advance(120);
  expect((await csv('revenue', '12-months')).map((row) => row['month'])).toHaveLength(12);
  const all = await csv('revenue', 'all');
  expect([Object.keys(all[0]!)[0], all.at(-1)!['month'], all.at(-1)!['leadership-alliance eur']]).toEqual([
    'month',
    `${dossier.clock.now().toISOString().slice(0, 7)}-01`,
    (await last('revenue'))['leadership-alliance eur'],
  ]);
  const page = await open(dossier, admin, '/admin/numbers?range=all');
  for (const name of ['members', 'revenue', 'turnover', 'joins', 'trials', 'payments']) {
    const svg = figure(page, name).querySelector('svg.plot')!;
    expect([
      name,
      svg.getAttribute('role'),
      svg.getAttribute('aria-label'),
      figure(page, name).querySelector('table caption')?.text,
    ]).toEqual([name, 'img', expect.stringContaining(', All.'), expect.any(String)]);
  }
  expect([page.text.includes(' style='), page.text.includes('NaN'), page.text.includes('<script')]).toEqual([
    false,
    false,
    false,
  ]);
  await agreed();
});

describe('what items bring in a month', () => {
  const item = (unitCents: number, interval: string, intervalCount = 1, quantity = 1) => ({
    unitCents,
    interval,
    intervalCount,
    quantity,
  });
  const now = new Date('2026-06-01T00:00:00Z');
  test.each([
    ['a month', [item(4900, 'month')], [], 4900],
    ['a year, a third of a cent down', [item(49_000, 'year')], [], 4083],
    ['a year, half a cent up', [item(6, 'year')], [], 1],
    ['a quarter', [item(14_700, 'month', 3)], [], 4900],
    ['a week', [item(1200, 'week')], [], 5200],
    ['several of one', [item(4900, 'month', 1, 3)], [], 14_700],
    ['priced in another way', [{ ...item(0, 'month'), unitCents: null }], [], 0],
    [
      'a share off for good',
      [item(4900, 'month')],
      [{ percentOff: 33, amountOffCents: null, duration: 'forever', end: null }],
      3283,
    ],
    [
      'more than all off',
      [item(4900, 'month')],
      [{ percentOff: null, amountOffCents: 9900, duration: 'forever', end: null }],
      0,
    ],
    [
      'one after the other',
      [item(10_000, 'month')],
      [
        { percentOff: 50, amountOffCents: null, duration: 'forever', end: null },
        { percentOff: null, amountOffCents: 1000, duration: 'forever', end: null },
      ],
      4000,
    ],
    ['once', [item(4900, 'month')], [{ percentOff: 50, amountOffCents: null, duration: 'once', end: null }], 4900],
    [
      'over',
      [item(4900, 'month')],
      [{ percentOff: 50, amountOffCents: null, duration: 'repeating', end: new Date('2026-05-31T00:00:00Z') }],
      4900,
    ],
    [
      'not over',
      [item(4900, 'month')],
      [{ percentOff: 50, amountOffCents: null, duration: 'repeating', end: new Date('2026-06-02T00:00:00Z') }],
      2450,
    ],
  ])('%s', (_name, items, discounts, cents) => expect(monthlyOf(items, discounts, now)).toBe(cents));
});
