import { accountsViewer } from '../../src/access/viewer';
import { reconcileAll } from '../../src/billing/sync/reconcile';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { aBuyer, askToPay, reads, sandboxOf, see, sessionIn, subscribe, type Buyer } from '../support/buyer';
import { startDossier, type Dossier } from '../support/dossier';
import { said } from '../support/page';
import { alarmsOf, drained, kindsTo, rowOf } from '../support/subscriber';

jest.setTimeout(60_000);

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const stripeOf = () => dossier.app.billing.stripe;
const grantOf = (reference: string) =>
  dossier.wall.read(accountsViewer, (db) => db.grant.findFirstOrThrow({ where: { reference } }));
const look = (customer: string) => syncCustomer(dossier.app.billing, customer);
const room = (buyer: Buyer, prefix = '') => see(dossier, buyer, `${prefix}/account/billing`);
const SESSION = /\/cs_\w+/;

/** A price that has nothing to do with Dossier. */
async function aMug(): Promise<string> {
  const { id: product } = await stripeOf().products.create({ name: 'A mug a month' });
  return (
    await stripeOf().prices.create({ product, currency: 'eur', unit_amount: 900, recurring: { interval: 'month' } })
  ).id;
}

describe('a subscription that Stripe has moved', () => {
  test('to another product closes what it opened, says so, and one can join again', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    const { accessUntil } = await rowOf(dossier, subscription);
    const mug = await aMug();
    const { acts } = sandboxOf(dossier);
    acts.changePrice(subscription, mug, 'none');
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(false);
    const moved = await rowOf(dossier, subscription);
    expect(moved).toMatchObject({ accessReason: 'other-product', accessUntil: null, tierSlug: null, priceId: mug });
    const { until } = await grantOf(subscription);
    expect([until! < accessUntil!, until! <= dossier.clock.now()]).toEqual([true, true]);
    expect((await alarmsOf(dossier, 'other-product')).map(({ subject }) => subject)).toEqual([
      `${subscription} ${mug}`,
    ]);
    expect(await kindsTo(dossier, buyer)).toEqual(['subscription-welcome', 'subscription-ended']);
    const page = await room(buyer);
    expect([said(page, '.standing'), page.html.querySelector('a[href*="/cancel?"]')]).toEqual([
      expect.stringContaining('for something else now'),
      null,
    ]);
    expect(said(await room(buyer, '/es'), '.standing')).toContain('otra cosa');

    // Two periods later the record has gone with it, its charges are nobody's business here, and the end is where it was.
    acts.advance(62 * 86_400);
    await drained(dossier);
    const later = await rowOf(dossier, subscription);
    expect([later.periodEnd! > dossier.clock.now(), (await look(customer)).changed]).toEqual([true, false]);
    expect(
      await dossier.wall.read(accountsViewer, (db) => db.invoice.count({ where: { subscriptionId: subscription } })),
    ).toBe(1);
    acts.cancelNow(subscription);
    await drained(dossier);
    expect((await grantOf(subscription)).until).toEqual(until);

    expect((await see(dossier, buyer, '/join/leadership-alliance')).status).toBe(200);
    acts.payCheckout(sessionIn(await askToPay(dossier, buyer)), { card: 'good' });
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(true);
  });

  test('without a word is found by the comparison; moved back it opens again', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const { priceId } = await rowOf(dossier, subscription);
    const { acts, deliveries } = sandboxOf(dossier);
    deliveries.dropNext(20);
    acts.changePrice(subscription, await aMug(), 'none');
    deliveries.dropNext(0);
    const done = await reconcileAll({ ...dossier.app.billing, pool: dossier.stores.pool });
    expect([done!.repaired, await reads(dossier, buyer)]).toEqual([1, false]);
    acts.changePrice(subscription, priceId!, 'none');
    await drained(dossier);
    expect(await reads(dossier, buyer)).toBe(true);
  });

  test('to something of ours beside something else goes on, and without ours does not', async () => {
    const buyer = await aBuyer(dossier);
    const { subscription } = await subscribe(dossier, buyer);
    const mug = await aMug();
    const [ours] = (await stripeOf().subscriptions.retrieve(subscription)).items.data;
    const change = (items: { id?: string; price?: string; deleted?: boolean }[]) =>
      stripeOf().subscriptions.update(subscription, { items, proration_behavior: 'none' });
    await change([{ price: mug }]);
    await drained(dossier);
    expect([await reads(dossier, buyer), (await rowOf(dossier, subscription)).amountCents]).toEqual([true, 4900]);
    await change([{ id: ours!.id, deleted: true }]);
    await drained(dossier);
    expect([await reads(dossier, buyer), (await rowOf(dossier, subscription)).accessReason]).toEqual([
      false,
      'other-product',
    ]);
  });

  test('away from its customer, or out of the world, is closed too', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    sandboxOf(dossier).world.remove('subscriptions', subscription);
    expect(await look(customer)).toMatchObject({ changed: true, access: false });
    expect(await reads(dossier, buyer)).toBe(false);
    expect(await rowOf(dossier, subscription)).toMatchObject({ status: 'canceled', accessReason: 'deleted' });
    expect((await look(customer)).changed).toBe(false);
    expect((await askToPay(dossier, buyer)).headers.get('location')).toMatch(SESSION);
  });
});
