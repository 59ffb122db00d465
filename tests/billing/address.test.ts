import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { deleteAccount } from '../../src/accounts/actions/delete-account';
import { ensureCustomer } from '../../src/billing/stripe/customers';
import { noPayments } from '../../src/billing/stripe/payments';
import { reconcileAll, type ReconcileParts } from '../../src/billing/sync/reconcile';
import { syncCustomer } from '../../src/billing/sync/sync-customer';
import { billingTasks } from '../../src/billing/sync/tasks';
import { aBuyer, customersOf, subscribe, type Buyer } from '../support/billing/buyer';
import { anyEmail, PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { jobsOf, someoneWaits, work } from '../support/stores/jobs';
import { tokenTo } from '../support/letters';
import { alarmsOf } from '../support/billing/subscriber';
import { until } from '../support/until';

let dossier: Dossier;
let stripe: Stripe;
beforeAll(async () => {
  // Each test works on the queue when it is time to.
  dossier = await startDossier({ billing: { works: false } });
  stripe = dossier.payments!.stripe;
});
afterEach(async () => {
  expect(await jobs()).toEqual([]);
});
afterAll(() => dossier.stop());

/** Asks for another address and confirms it with the link of the letter. Answers with the address. */
async function move({ cookie }: Pick<Buyer, 'cookie'>): Promise<string> {
  const to = anyEmail();
  await send(dossier, '/account/email', { email: to, current: PASSWORD }, { cookie });
  const done = await send(dossier, '/verify', { token: await tokenTo(dossier, to, 'email-change') }, { cookie });
  expect(done.headers.get('location')).toBe('/account?done=address-changed');
  return to;
}

const jobs = () => jobsOf(dossier, 'address-changed');
const worked = (parts?: ReconcileParts) => work(dossier, 'address-changed', parts);

const task = (parts: ReconcileParts, { id }: Pick<Buyer, 'id'>) =>
  billingTasks(parts)['address-changed']!({ account: id }, { attempt: 1, last: false });

/** What Stripe has of a customer. */
const customer = async (id: string): Promise<Stripe.Customer> => {
  const it = await stripe.customers.retrieve(id);
  if (it.deleted) throw new Error(`${id} is deleted`);
  return it;
};

/** The same parts, with something done in place of a customer's update. */
function updating(update: (id: string, params: Stripe.CustomerUpdateParams) => Promise<unknown>): ReconcileParts {
  const customers = new Proxy(stripe.customers, {
    get: (it, name) =>
      name === 'update' ? update : (Reflect.get(it, name) as (...args: unknown[]) => unknown).bind(it),
  });
  return {
    ...dossier.app.billing,
    stripe: new Proxy(stripe, {
      get: (it, name) => (name === 'customers' ? customers : (Reflect.get(it, name) as unknown)),
    }),
  };
}

const logged = (about: string) =>
  dossier.logged.filter(({ customer: one }) => one === about).map(({ level, msg }) => [level, msg]);

test('a confirmed address is told to Stripe, and nothing else of the customer is touched', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id, subscription } = await subscribe(dossier, buyer);
  const before = await customer(id);
  const to = await move(buyer);
  expect((await customer(id)).email).toBe(buyer.email);
  await worked();
  expect(await customer(id)).toEqual({ ...before, email: to });

  // What is written next goes there.
  dossier.payments!.sandbox.acts.renew(subscription);
  const [invoice] = (await stripe.invoices.list({ customer: id, limit: 1 })).data;
  expect([invoice!.billing_reason, invoice!.customer_email]).toEqual(['subscription_cycle', to]);
  expect(logged(id)).toEqual([]);
});

test('of two changes in a row the last one stands, told once', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id } = await subscribe(dossier, buyer);
  await move(buyer);
  const to = await move(buyer);
  expect(await jobs()).toHaveLength(1);
  await worked();
  expect((await customer(id)).email).toBe(to);
});

test('a change while Stripe is being told of the one before comes after it', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id } = await subscribe(dossier, buyer);
  const first = await move(buyer);
  let to = '';
  let second: Promise<void> = Promise.resolve();
  await task(
    updating(async (one, params) => {
      expect(params).toEqual({ email: first });
      to = await move(buyer);
      second = task(dossier.app.billing, buyer);
      await until(async () => (await someoneWaits(dossier)) || (await customer(id)).email === to);
      return stripe.customers.update(one, params);
    }),
    buyer,
  );
  await second;
  expect((await customer(id)).email).toBe(to);
  await worked();
});

test('a change while the customer is being made is told by the first look', async () => {
  const buyer = await aBuyer(dossier);
  let to = '';
  const { stripeId } = await ensureCustomer(
    updating(async (id, params) => {
      await stripe.customers.update(id, params);
      to = await move(buyer);
      await worked();
    }),
    buyer.id,
  );
  expect((await customer(stripeId)).email).toBe(buyer.email);
  expect(await syncCustomer(dossier.app.billing, stripeId)).toMatchObject({ outcome: 'applied', emailCorrected: true });
  expect((await customer(stripeId)).email).toBe(to);
});

test('while Stripe does not answer the address is changed here, and told later', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id } = await subscribe(dossier, buyer);
  const to = await move(buyer);
  await worked({ ...dossier.app.billing, stripe: noPayments().stripe });
  expect([(await customer(id)).email, await jobs()]).toEqual([buyer.email, [expect.objectContaining({ attempts: 1 })]]);
  expect(logged(id)).toEqual([[40, 'Stripe could not be told an address yet']]);
  await worked();
  expect((await customer(id)).email).toBe(to);
});

test('what Stripe refuses is not asked again and again, and not kept quiet', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id } = await subscribe(dossier, buyer);
  await move(buyer);
  await worked(updating((one) => stripe.customers.update(one, { email: 'no address' })));
  expect(await jobs()).toEqual([]);
  expect(logged(id)).toEqual([[50, expect.stringMatching(/^Stripe could not be told an address, and this job/)]]);
});

test("whoever is no customer, or no longer one, is no concern of Stripe's", async () => {
  const [never, gone, ended] = [await aBuyer(dossier), await aBuyer(dossier), await aBuyer(dossier)];
  const [left, over] = [await subscribe(dossier, gone), await subscribe(dossier, ended)];
  await move(never);
  await worked({ ...dossier.app.billing, stripe: noPayments().stripe });
  expect([await jobs(), await customersOf(dossier, never)]).toEqual([[], []]);

  await move(gone);
  await dossier.wall.write(accountsViewer, (db) => deleteAccount(db, gone.id));
  await move(ended);
  await stripe.customers.del(over.customer);
  await worked();
  expect((await customer(left.customer)).email).toBe(gone.email);
  expect([...logged(left.customer), ...logged(over.customer)]).toEqual([]);
});

test('the comparison with everybody finds another address at Stripe and mends it, with one request more and no alarm', async () => {
  const [buyer, other] = [await aBuyer(dossier), await aBuyer(dossier)];
  const { customer: id } = await subscribe(dossier, buyer);
  await subscribe(dossier, other);
  await reconcileAll(dossier.app.billing);
  const asked: string[] = [];
  const listen = ({ method, path }: Stripe.RequestEvent) => {
    asked.push(`${method} ${path.split('?')[0]}`);
  };
  // The SDK leaves these two without a type.
  const { on, off } = stripe as unknown as Record<'on' | 'off', (event: 'request', listener: typeof listen) => void>;
  on.call(stripe, 'request', listen);
  try {
    expect((await reconcileAll(dossier.app.billing))!.repaired).toBe(0);
    const usual = asked.splice(0).sort();
    expect(usual.filter((one) => one.startsWith('POST'))).toEqual([]);

    await stripe.customers.update(id, { email: anyEmail() });
    asked.length = 0;
    expect((await reconcileAll(dossier.app.billing))!.repaired).toBe(1);
    expect(asked.sort()).toEqual([...usual, `POST /v1/customers/${id}`].sort());
  } finally {
    off.call(stripe, 'request', listen);
  }
  expect((await customer(id)).email).toBe(buyer.email);
  expect((await alarmsOf(dossier)).map(({ subject }) => subject)).not.toContain(id);
  expect((await reconcileAll(dossier.app.billing))!.repaired).toBe(0);
});

test('a look that cannot mend the address stands all the same', async () => {
  const buyer = await aBuyer(dossier);
  const { customer: id } = await subscribe(dossier, buyer);
  await stripe.customers.update(id, { email: anyEmail() });
  const refused = updating((one) => stripe.customers.update(one, { email: 'no address' }));
  expect(await syncCustomer(refused, id)).toMatchObject({ outcome: 'applied', access: true, emailCorrected: false });
  expect(logged(id)).toEqual([[40, expect.stringMatching(/could not be mended$/)]]);
});
