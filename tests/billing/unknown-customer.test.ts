import { accountsViewer } from '../../src/access/viewer';
import { reconcileAll } from '../../src/billing/sync/reconcile';
import { fieldsOf, open, somebody } from '../admin/support';
import {
  aBuyer,
  askToPay,
  customersOf,
  reads,
  sandboxOf,
  see,
  sessionIn,
  subscribe,
  type Buyer,
} from '../support/billing/buyer';
import { logIn } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said } from '../support/page';
import { aCustomer, alarmsOf, drained, kindsTo, rowOf } from '../support/billing/subscriber';

jest.setTimeout(60_000);

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
});
afterAll(() => dossier.stop());

const world = () => sandboxOf(dossier).world;
const press = (buyer: Buyer, way: string, fields: Record<string, string> = {}) =>
  send(dossier, `/account/billing/${way}`, fields, buyer);
const standing = async (buyer: Buyer) => said(await see(dossier, buyer, '/account/billing'), '.standing');
const alarmsAbout = async (kind: string, subject: string) =>
  (await alarmsOf(dossier, kind)).filter((one) => one.subject === subject);

/** The customer is gone by hand; its subscription with it, as far as anybody can ask. */
const forget = (customer: string) => world().remove('customers', customer);

/** Joins once more; what our rows then have of customers. */
async function joinsAgain(buyer: Buyer, gone: string): Promise<void> {
  sandboxOf(dossier).acts.payCheckout(sessionIn(await askToPay(dossier, buyer)), { card: 'good' });
  await drained(dossier);
  expect(await reads(dossier, buyer)).toBe(true);
  const fresh = (await customersOf(dossier, buyer)).filter(({ deletedAt }) => deletedAt === null);
  expect([fresh.length, fresh[0]!.stripeId === gone]).toEqual([1, false]);
}

describe('a customer whom Stripe does not know', () => {
  test.each<[string, (buyer: Buyer, customer: string) => Promise<unknown>]>([
    ['a click on joining', (buyer) => askToPay(dossier, buyer)],
    ['a look by the member', (buyer) => press(buyer, 'look')],
    ['the way to the portal', (buyer) => press(buyer, 'portal')],
    ['the comparison', () => reconcileAll(dossier.app.billing)],
    [
      'the end of a subscription that is not there',
      async (buyer, customer) => {
        const [row] = await dossier.wall.read(accountsViewer, (db) =>
          db.subscription.findMany({ where: { customer: { stripeId: customer } } }),
        );
        world().remove('subscriptions', row!.stripeId);
        return press(buyer, 'cancel', { subscription: row!.stripeId });
      },
    ],
  ])('is found gone by %s: what was open ends, and the next join makes a fresh one', async (_, way) => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    forget(customer);
    await way(buyer, customer);
    expect(await reads(dossier, buyer)).toBe(false);
    expect(await rowOf(dossier, subscription)).toMatchObject({ status: 'canceled', accessReason: 'deleted' });
    expect(await standing(buyer)).toBe('It has ended: Stripe no longer has you as a customer.');
    expect((await kindsTo(dossier, buyer)).at(-1)).toBe('subscription-ended');
    expect(await alarmsOf(dossier, 'customer-deleted')).toContainEqual(
      expect.objectContaining({ accountId: buyer.id }),
    );
    expect((await see(dossier, buyer, '/join/leadership-alliance')).status).toBe(200);
    await joinsAgain(buyer, customer);
  });

  test('is told so on the way to the portal, and never that Stripe does not answer', async () => {
    const buyer = await aBuyer(dossier);
    forget((await subscribe(dossier, buyer)).customer);
    const answer = await press(buyer, 'portal');
    expect([answer.status, said(answer, '.done-bad')]).toEqual([
      409,
      expect.stringContaining('no longer has you as a customer'),
    ]);
  });

  test('who never paid joins in one click, and can delete the account', async () => {
    const buyer = await aBuyer(dossier);
    await askToPay(dossier, buyer);
    const { stripeId } = (await customersOf(dossier, buyer))[0]!;
    forget(stripeId!);
    await joinsAgain(buyer, stripeId!);
    forget((await customersOf(dossier, buyer)).find(({ deletedAt }) => deletedAt === null)!.stripeId!);
    const admin = await somebody(dossier, 'admin');
    const at = `/admin/members/${buyer.id}/delete`;
    const fields = { ...fieldsOf(await open(dossier, admin, at)), reason: 'because a test says so' };
    expect((await send(dossier, at, fields, admin)).headers.get('location')).toContain('done=delete');
  });

  test('is closed by an admin: by syncing the member, or from ours beside Stripe’s', async () => {
    const admin = await somebody(dossier, 'admin');
    for (const way of ['sync', 'repair'] as const) {
      const buyer = await aBuyer(dossier);
      const { customer } = await subscribe(dossier, buyer);
      forget(customer);
      const at = way === 'sync' ? `/admin/members/${buyer.id}/billing/sync` : '/admin/billing/repair';
      const asked = await open(dossier, admin, way === 'sync' ? at : `/admin/billing/compare?customer=${customer}`);
      expect(asked.text).toContain(way === 'sync' ? `Stripe does not know ${customer}` : 'does not know this customer');
      const answer = await send(dossier, at, fieldsOf(asked), admin);
      expect([way, answer.status, await reads(dossier, buyer)]).toEqual([way, 303, false]);
    }
  });
});

describe('a second customer of the same account', () => {
  /** Another customer at Stripe for the account, who pays. */
  async function second(buyer: Buyer): Promise<string> {
    const { stripe } = dossier.app.billing;
    const { id: customer } = await stripe.customers.create({ email: buyer.email, metadata: { account: buyer.id } });
    const price = await dossier.wall.read(accountsViewer, (db) =>
      db.price.findFirstOrThrow({ where: { offered: true, interval: 'month' } }),
    );
    const { id } = await stripe.checkout.sessions.create({
      mode: 'subscription',
      customer,
      line_items: [{ price: price.stripeId, quantity: 1 }],
      success_url: dossier.url,
    });
    sandboxOf(dossier).acts.payCheckout(id, { card: 'good' });
    return customer;
  }

  test.each(['404', 'deleted'] as const)(
    'takes the place of the one who is gone (%s) in one pass of the comparison, and by its events alone',
    async (gone) => {
      for (const by of ['comparison', 'events'] as const) {
        const buyer = await aBuyer(dossier);
        const { customer } = await subscribe(dossier, buyer);
        const { deliveries, acts } = sandboxOf(dossier);
        deliveries.dropNext(1_000);
        if (gone === '404') forget(customer);
        else acts.deleteCustomer(customer);
        if (by === 'events') deliveries.dropNext(0);
        const fresh = await second(buyer);
        await drained(dossier);
        deliveries.dropNext(0);
        if (by === 'comparison') await reconcileAll(dossier.app.billing);
        const rows = await customersOf(dossier, buyer);
        expect([
          by,
          await reads(dossier, buyer),
          rows.filter(({ deletedAt }) => deletedAt === null).map(({ stripeId }) => stripeId),
        ]).toEqual([by, true, [fresh]]);
        expect(await alarmsAbout('duplicate-customer', fresh)).toEqual([]);
      }
    },
  );

  test('beside one who is there stays an alarm', async () => {
    const buyer = await aBuyer(dossier);
    const { customer } = await subscribe(dossier, buyer);
    const other = await second(buyer);
    await drained(dossier);
    expect(await alarmsAbout('duplicate-customer', other)).toHaveLength(1);
    expect((await customersOf(dossier, buyer)).map(({ stripeId }) => stripeId)).toEqual([customer]);
  });
});

describe('the key of another Stripe account', () => {
  test('closes nothing, raises one alarm, is told to who comes; and all is as it was when the right one is back', async () => {
    const buyers = [await aBuyer(dossier), await aBuyer(dossier)];
    const paid = [await subscribe(dossier, buyers[0]!), await subscribe(dossier, buyers[1]!)];
    const { accountId, email } = await aCustomer(dossier);
    const idle = { id: accountId, email, cookie: await logIn(dossier, accountId, dossier.clock.now().getTime()) };
    await drained(dossier);
    // To everybody who asks, the other account has nothing of ours.
    const taken = (['customers', 'prices', 'subscriptions'] as const).map((kind) => {
      const all = [...world().collections[kind].values()];
      for (const { id } of all) world().remove(kind, id);
      return () => {
        for (const one of all) world().add(kind, one);
      };
    });
    const admin = await somebody(dossier, 'admin');
    try {
      await reconcileAll(dossier.app.billing);
      const alarms = await alarmsOf(dossier, 'other-account');
      expect([alarms.length, alarms[0]!.times >= 3]).toEqual([1, true]);
      for (const buyer of buyers) expect(await reads(dossier, buyer)).toBe(true);
      const [buyer] = buyers;
      for (const answer of [
        await press(buyer!, 'portal'),
        await press(buyer!, 'look'),
        await press(buyer!, 'cancel', { subscription: paid[0]!.subscription }),
      ])
        expect([answer.status, said(answer, '.done-bad')]).toEqual([
          409,
          expect.stringContaining('Stripe does not know you as its customer just now'),
        ]);
      expect(said(await send(dossier, '/es/account/billing/portal', {}, buyer), '.done-bad')).toContain(
        'Stripe no le conoce ahora mismo',
      );
      expect((await askToPay(dossier, buyer!)).headers.get('location')).toContain('done=subscribed-already');
      expect(said(await askToPay(dossier, idle), '.form-error')).toContain('Stripe refused');
      const at = `/admin/members/${buyer!.id}/delete`;
      const fields = { ...fieldsOf(await open(dossier, admin, at)), reason: 'because a test says so' };
      expect((await send(dossier, at, fields, admin)).status).toBe(503);
    } finally {
      for (const back of taken) back();
    }
    await reconcileAll(dossier.app.billing);
    for (const [index, buyer] of buyers.entries()) {
      expect(await reads(dossier, buyer)).toBe(true);
      expect(await rowOf(dossier, paid[index]!.subscription)).toMatchObject({ status: 'active', endedAt: null });
    }
    expect(sessionIn(await askToPay(dossier, idle))).toMatch(/^cs_/);
  });

  test('for so long that nothing is open any more lets go of who can pay in the new one', async () => {
    const buyer = await aBuyer(dossier);
    const { customer, subscription } = await subscribe(dossier, buyer);
    forget(customer);
    // Its price is another account's; what is offered now is this one's.
    await dossier.wall.write(accountsViewer, (db) =>
      db.subscription.update({ where: { stripeId: subscription }, data: { priceId: 'price_of_another_account' } }),
    );
    await reconcileAll(dossier.app.billing);
    expect(await reads(dossier, buyer)).toBe(true);
    world().remove('subscriptions', subscription);
    sandboxOf(dossier).acts.advance(40 * 86_400);
    await drained(dossier);
    await reconcileAll(dossier.app.billing);
    expect(await rowOf(dossier, subscription)).toMatchObject({ accessReason: 'deleted' });
  });
});
