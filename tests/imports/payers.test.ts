import { Client } from 'pg';
import type Stripe from 'stripe';
import { accountsViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { sandboxOf } from '../support/billing/buyer';
import { standingOf } from '../support/billing/subscriber';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { asSuperuserIn } from '../support/stores/cluster';
import { until } from '../support/until';
import { act, check, formOn, idIn, listed, see, stateOf, upload } from './support';

let dossier: Dossier;
let admin: Somebody;
let stripe: Stripe;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  admin = await somebody(dossier, 'admin');
  ({ stripe } = dossier.app.billing);
}, 120_000);
afterAll(() => dossier.stop());

/** A price as a former platform made it: nothing on it says that it is ours. */
async function foreignPrice(name: string): Promise<Stripe.Price> {
  const product = await stripe.products.create({ name });
  const price = { currency: 'eur', unit_amount: 700, recurring: { interval: 'month' } } as const;
  return stripe.prices.create({ product: product.id, ...price });
}

/** Somebody who pays it there. */
async function payer(price: Stripe.Price, email: string): Promise<{ customer: string; subscription: string }> {
  const customer = await stripe.customers.create({ email });
  const address = 'http://127.0.0.1:9/';
  const session = await stripe.checkout.sessions.create({
    ...{ mode: 'subscription', customer: customer.id, success_url: address, cancel_url: address },
    line_items: [{ price: price.id, quantity: 1 }],
  });
  expect(sandboxOf(dossier).acts.payCheckout(session.id, { card: 'good' }).outcome).toBe('paid');
  const { subscription } = await stripe.checkout.sessions.retrieve(session.id);
  return { customer: customer.id, subscription: subscription as string };
}

const idOf = async (email: string) =>
  (await dossier.wall.read(accountsViewer, (db) => db.account.findUniqueOrThrow({ where: { email } }))).id;
const reads = async (email: string) => (await standingOf(dossier, await idOf(email))).rank;

test('whoever pays a price of another platform reads for it once it is mapped, pays as before and is written to by nobody', async () => {
  const [gold, other] = [await foreignPrice('Gold'), await foreignPrice('Silver')];
  const pays = await payer(gold, 'pays@example.org');
  const leaves = await payer(gold, 'leaves@example.org');
  const unmapped = await payer(other, 'unmapped@example.org');
  await stripe.subscriptions.update(leaves.subscription, { cancel_at_period_end: true });
  const none = await stripe.customers.create({ email: 'none@example.org' });
  const id = idIn(
    await upload(
      dossier,
      admin.cookie,
      'email,stripe_customer_id,tiers\n' +
        `pays@example.org,${pays.customer},Gold\nleaves@example.org,${leaves.customer},Gold\n` +
        `unmapped@example.org,${unmapped.customer},Silver\nnone@example.org,${none.id},Gold\n`,
    ),
  );
  const checked = await check(dossier, admin.cookie, id);
  expect(checked.text).toContain('4 customers, 3 of them with a subscription');
  expect(checked.text).toContain('3 members pay a price that opens no tier here.');
  expect(listed(checked)[0]![3]).toBe(`Stripe: active, ${gold.id}`);
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  const alarms = await dossier.wall.read(accountsViewer, (db) =>
    db.alarm.findMany({ where: { kind: 'unknown-price' } }),
  );
  expect(alarms.map(({ subject }) => subject).sort()).toEqual([gold.id, other.id].sort());

  const found = await see(dossier, admin.cookie, '/admin/import/prices');
  expect(listed(found).map(([name, , n]) => [name, n])).toEqual([
    [`Gold ${gold.id}`, '2'],
    [`Silver ${other.id}`, '1'],
  ]);
  const at = '/admin/import/prices/map';
  const asked = await see(dossier, admin.cookie, `${at}?price=${gold.id}&tier=leadership-alliance`);
  const mapped = await send(dossier, at, formOn(asked, 'form.section-form'), { cookie: admin.cookie });
  expect(mapped.status).toBe(303);
  await until(async () => (await reads('pays@example.org')) === 20 && (await reads('leaves@example.org')) === 20);
  // Without a mapping, or without a subscription, a word in a table opens nothing.
  expect([await reads('unmapped@example.org'), await reads('none@example.org')]).toEqual([10, 10]);
  const after = await stripe.subscriptions.retrieve(pays.subscription);
  expect(after.items.data.map(({ price }) => price.id)).toEqual([gold.id]);
  expect((await stripe.invoices.list({ customer: pays.customer })).data).toHaveLength(1);
  const letters = await dossier.wall.read(accountsViewer, (db) =>
    db.letter.findMany({ where: { recipient: { in: ['pays@example.org', 'leaves@example.org'] } } }),
  );
  expect(letters).toEqual([]);

  // Taken back: Stripe is left alone.
  await act(dossier, admin.cookie, id, 'take-back');
  await stateOf(dossier, id, 'taken-back');
  expect((await stripe.subscriptions.retrieve(pays.subscription)).status).toBe('active');
  expect(await dossier.wall.read(accountsViewer, (db) => db.customer.count())).toBe(0);
}, 120_000);

test('the looks at payers wait behind every other job, and the page says how many are left', async () => {
  // The queue forgets a job that is done: what was put into it is written down besides.
  await asSuperuserIn(dossier.urls.superuser, (db) =>
    db.query(`
      CREATE TABLE public.queued (task text, priority int);
      CREATE FUNCTION public.note_queued() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN
        INSERT INTO public.queued SELECT t.identifier, NEW.priority FROM graphile_worker._private_tasks t
          WHERE t.id = NEW.task_id;
        RETURN NULL; END $$;
      CREATE TRIGGER note_queued AFTER INSERT ON graphile_worker._private_jobs FOR EACH ROW
        EXECUTE FUNCTION public.note_queued()`),
  );
  const { customer } = await payer(await foreignPrice('Bronze'), 'bronze@example.org');
  const file = `email,stripe_customer_id\nbronze@example.org,${customer}\n`;
  const id = idIn(await upload(dossier, admin.cookie, file));
  await check(dossier, admin.cookie, id);
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  const { rows } = await asSuperuserIn(dossier.urls.superuser, async (db) => {
    const found = await db.query<{ task: string; priority: number }>(
      'SELECT DISTINCT task, priority FROM public.queued',
    );
    await db.query('DROP TRIGGER note_queued ON graphile_worker._private_jobs; DROP TABLE public.queued');
    return found;
  });
  const priorityOf = (task: string) => rows.filter((one) => one.task === task).map(({ priority }) => priority);
  expect(priorityOf('sync')).toEqual([10]);
  expect(priorityOf('import')).toEqual([0]);
  const left = async () =>
    (await see(dossier, admin.cookie, `/admin/import/${id}`)).text.includes('Still to be looked at');
  await until(async () => !(await left()));
  await dossier.wall.write(accountsViewer, (db) =>
    db.customer.updateMany({ where: { stripeId: customer }, data: { syncedAt: null } }),
  );
  expect(await left()).toBe(true);
}, 120_000);

test('nobody is notified of accounts that nobody can know, and everybody of a change to one that is there', async () => {
  const there = await somebody(dossier, 'reader');
  const listener = new Client({ connectionString: dossier.urls.app });
  await listener.connect();
  const heard: string[] = [];
  listener.on('notification', ({ payload }) => void heard.push(payload ?? ''));
  await listener.query('LISTEN dossier_accounts');
  const rows = Array.from({ length: 1_200 }, (_none, at) => `many-${at}@example.org,\n`).join('');
  const id = idIn(await upload(dossier, admin.cookie, `email,comp\n${rows}${there.email},yes\n`));
  await check(dossier, admin.cookie, id, { comp: 'leadership-alliance', until: '2027-06-30' });
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  await until(() => heard.includes(there.id));
  await listener.end();
  expect(heard.filter((one) => one !== there.id && one !== admin.id)).toEqual([]);
  expect(await reads('many-7@example.org')).toBe(10);
}, 120_000);
