import type Stripe from 'stripe';
import { resolveAccess } from '../../src/access/account-access';
import { accountsViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { sandboxOf } from '../support/billing/subscriber';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';
import { act, formOn, idIn, see, stateOf, upload } from './support';

/** How many move in at once; fewer while the test itself is worked on. */
const MANY = Number(process.env['DOSSIER_TEST_PAYERS'] ?? 5_000);
const HOUR = 3_600_000;

/** How each of twenty stands at Stripe, and how far they read once their price is mapped. */
const WAYS = [
  { name: 'monthly', of: 9, price: 'gold', rank: 20 },
  { name: 'yearly', of: 5, price: 'gold a year', rank: 20 },
  { name: 'leaves at the end', of: 1, price: 'gold', rank: 20 },
  { name: 'in trial', of: 1, price: 'gold', rank: 20 },
  { name: 'past due', of: 1, price: 'gold', rank: 20 },
  { name: 'a gift', of: 1, price: 'gold', rank: 20 },
  { name: 'ended', of: 1, price: 'gold', rank: 10 },
  { name: 'unmapped', of: 1, price: 'silver', rank: 10 },
] as const;
type Way = (typeof WAYS)[number];
const EACH = WAYS.flatMap((way) => Array.from({ length: way.of }, () => way));

let dossier: Dossier;
let admin: Somebody;
let stripe: Stripe;
const prices: Record<string, string> = {};
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  ({ stripe } = dossier.app.billing);
  for (const [name, interval] of [
    ['gold', 'month'],
    ['gold a year', 'year'],
    ['silver', 'month'],
  ] as const) {
    const product = await stripe.products.create({ name });
    const price = { product: product.id, currency: 'eur', unit_amount: 700, recurring: { interval } };
    prices[name] = (await stripe.prices.create(price)).id;
  }
});
afterAll(() => dossier.stop());

interface Payer {
  readonly email: string;
  readonly customer: string;
  readonly subscription: string;
  readonly way: Way;
}

/** Somebody who pays, as the former platform has left them at Stripe. */
async function payer(n: number, coupon: string): Promise<Payer> {
  const way = EACH[n % EACH.length]!;
  const email = `payer-${n}@many.example`;
  const { acts } = sandboxOf(dossier);
  const customer = await stripe.customers.create({ email });
  const address = 'http://127.0.0.1:9/';
  const session = await stripe.checkout.sessions.create({
    ...{ mode: 'subscription', customer: customer.id, success_url: address, cancel_url: address },
    line_items: [{ price: prices[way.price]!, quantity: 1 }],
    ...(way.name === 'in trial' ? { subscription_data: { trial_period_days: 14 } } : {}),
    ...(way.name === 'a gift' ? { discounts: [{ coupon }] } : {}),
  });
  acts.payCheckout(session.id, { card: 'good', authenticated: true });
  const found = await stripe.checkout.sessions.retrieve(session.id);
  const subscription = found.subscription as string;
  if (way.name === 'leaves at the end') await stripe.subscriptions.update(subscription, { cancel_at_period_end: true });
  if (way.name === 'ended') await stripe.subscriptions.cancel(subscription);
  if (way.name === 'past due') acts.failNextPayment(customer.id, 'declined', 1);
  return { email, customer: customer.id, subscription, way };
}

async function makeAll(which: readonly number[], coupon: string): Promise<Payer[]> {
  const made: Payer[] = [];
  for (let at = 0; at < which.length; at += 8)
    made.push(...(await Promise.all(which.slice(at, at + 8).map((n) => payer(n, coupon)))));
  return made;
}

/** What is charged and what is subscribed to, as Stripe has it. */
const money = () => {
  const { world } = sandboxOf(dossier);
  return {
    charges: [...world.charges.keys()],
    invoices: [...world.invoices.values()].map(({ id, status, amount_paid: paid }) => `${id} ${status} ${paid}`),
    subscriptions: [...world.subscriptions.values()].map(
      ({ id, status, items }) => `${id} ${status} ${items.data.map(({ price }) => price.id).join(' ')}`,
    ),
  };
};

/** How far everybody who was brought in reads, by the rule that decides for every page. */
async function ranks(): Promise<ReadonlyMap<string, number>> {
  const { accounts, tiers } = await dossier.wall.read(accountsViewer, async (db) => ({
    accounts: await db.account.findMany({ where: { email: { endsWith: '@many.example' } }, include: { grants: true } }),
    tiers: await db.tier.findMany({ select: { slug: true, rank: true } }),
  }));
  const now = dossier.clock.now();
  return new Map(
    accounts.map(({ email, role, state, grants }) => {
      const held = grants.map(({ tierSlug, until: end, ...one }) => ({ ...one, tier: tierSlug, until: end }));
      return [email, resolveAccess({ role, state, grants: held }, tiers, now).rank];
    }),
  );
}

const waiting = () =>
  dossier.wall.read(accountsViewer, async (db) => {
    const [row] = await db.$queryRaw<[{ n: number }]>`
      SELECT count(*)::int AS n FROM graphile_worker.jobs WHERE task_identifier IN ('sync', 'price-adopted')`;
    return row.n;
  });

test(
  `${MANY} members with a subscription each move in: all read as they pay, and nobody is charged or written to`,
  async () => {
    const { payments } = dossier;
    // Their former platform's events never came here.
    payments!.sandbox.deliveries.dropNext(Number.MAX_SAFE_INTEGER);
    const gift = await stripe.coupons.create({ percent_off: 100, duration: 'forever' });
    // Whoever owes a renewal is there first: the clock is moved for them, before the others come.
    const all = Array.from({ length: MANY }, (_, n) => n);
    const owe = all.filter((n) => EACH[n % EACH.length]!.name === 'past due');
    const payers = await makeAll(owe, gift.id);
    sandboxOf(dossier).acts.renew(payers.at(-1)!.subscription);
    payers.push(
      ...(await makeAll(
        all.filter((n) => !owe.includes(n)),
        gift.id,
      )),
    );
    const before = money();

    const took: string[] = [];
    let begun = performance.now();
    const lap = (what: string) => {
      took.push(`${what} ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
      begun = performance.now();
    };
    const rows = payers.map(({ email, customer }) => `${email},A payer,${customer},Gold`).join('\n');
    const id = idIn(await upload(dossier, admin.cookie, `email,name,stripe_customer_id,tiers\n${rows}\n`));
    lap('taking the file in');
    const form = formOn(await see(dossier, admin.cookie, `/admin/import/${id}`), 'form.section-form');
    expect((await send(dossier, `/admin/import/${id}/check`, form, { cookie: admin.cookie })).status).toBe(303);
    await stateOf(dossier, id, 'checked', HOUR);
    lap('the dry run');
    const at = '/admin/import/prices/map';
    for (const name of ['gold', 'gold a year']) {
      const asked = await see(dossier, admin.cookie, `${at}?price=${prices[name]}&tier=leadership-alliance`);
      const mapped = await send(dossier, at, formOn(asked, 'form.section-form'), { cookie: admin.cookie });
      expect([name, mapped.status]).toEqual([name, 303]);
    }
    begun = performance.now();
    await act(dossier, admin.cookie, id, 'run');
    await stateOf(dossier, id, 'done', HOUR);
    lap('the run');
    await until(async () => (await waiting()) === 0, HOUR);
    lap('until the last one was looked at');

    const found = await ranks();
    const wrong = payers.filter(({ email, way }) => found.get(email) !== way.rank);
    expect(wrong.map(({ email, way }) => `${email} ${way.name} ${found.get(email)}`)).toEqual([]);
    expect(found.size).toBe(MANY);
    expect(money()).toEqual(before);
    const letters = await dossier.wall.read(accountsViewer, (db) =>
      db.letter.count({ where: { recipient: { endsWith: '@many.example' } } }),
    );
    expect(letters).toBe(0);
    // One alarm for the price that nobody has mapped, and not one for each who pays it.
    const alarms = await dossier.wall.read(accountsViewer, (db) => db.alarm.findMany({ where: { settledAt: null } }));
    expect(alarms.map(({ kind, subject }) => [kind, subject])).toEqual([['unknown-price', prices['silver']]]);
    process.stdout.write(`${MANY} members with subscriptions: ${took.join(', ')}\n`);
  },
  HOUR,
);
