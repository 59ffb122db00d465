import type Stripe from 'stripe';
import { adminViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { setUpStripe } from '../../src/billing/stripe/setup';
import { billingTasks } from '../../src/billing/sync/tasks';
import { aBuyer, subscribe } from '../support/billing/buyer';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { jobsOf, someoneWaits, work } from '../support/stores/jobs';
import { until } from '../support/until';
import { fieldsOf, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let stripe: Stripe;
let admin: Somebody;
beforeEach(async () => {
  dossier = await startDossier({ billing: { works: false } });
  stripe = dossier.payments!.stripe;
  admin = await somebody(dossier, 'admin');
});
afterEach(() => dossier.stop());

/** Changes texts of a tier through its section. Answers with what was said to happen. */
async function word(form: Readonly<Record<string, string>>, tier = 'leadership-alliance'): Promise<string[]> {
  const at = `/admin/tiers/${tier}/texts`;
  const page = await open(dossier, admin, at);
  const typed = Object.fromEntries(
    page.html
      .querySelectorAll('textarea, input:not([type=hidden])')
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value') ?? one.text]),
  );
  const shown = await send(
    dossier,
    at,
    { ...typed, ...form, version: fieldsOf(page)['version']!, step: 'look' },
    { cookie: admin.cookie },
  );
  expect(
    (await send(dossier, at, { ...fieldsOf(shown), step: 'save' }, { cookie: admin.cookie })).headers.get('location'),
  ).toBe('/admin/tiers?done=tier-worded');
  return shown.html.querySelectorAll('.points li').map((one) => one.text);
}

const jobs = () => jobsOf(dossier, 'tier-worded');
const products = async () =>
  (await stripe.products.list({ limit: 100 })).data.map(({ name, description, metadata, active }) => ({
    name,
    description,
    tier: metadata['tier'],
    active,
  }));
const before = {
  name: 'Leadership Alliance',
  description: expect.stringMatching(/./) as string,
  tier: 'leadership-alliance',
  active: true,
};

test('a tier that is renamed is renamed at Stripe, on what is paid next too', async () => {
  const { customer, subscription } = await subscribe(dossier, await aBuyer(dossier));
  expect(await products()).toEqual([before]);
  expect(await word({ 'name-en': 'The Council', 'blurb-en': 'For whoever decides.' })).toContain(
    'Stripe shows the English name, and the sentence below it, on its pages and on invoices from now on.',
  );
  expect(await products()).toEqual([before]);
  await work(dossier, 'tier-worded');
  expect(await products()).toEqual([{ ...before, name: 'The Council', description: 'For whoever decides.' }]);
  dossier.payments!.sandbox.acts.renew(subscription);
  const descriptions = (await stripe.invoices.list({ customer })).data.map(({ lines }) => lines.data[0]!.description);
  expect(descriptions).toEqual([
    expect.stringContaining('The Council'),
    expect.stringContaining('Leadership Alliance'),
  ]);
});

test('of two changes the last one stands; what Stripe has of another tier stays', async () => {
  await stripe.products.create({ name: 'Something else' });
  await stripe.products.create({ name: 'An earlier one', active: false, metadata: { tier: 'leadership-alliance' } });
  await word({ 'name-en': 'The Council' });
  await word({ 'name-en': 'The Table' });
  expect(await jobs()).toHaveLength(1);
  await work(dossier, 'tier-worded');
  expect((await products()).map(({ name, active }) => [name, active]).sort()).toEqual([
    ['Something else', true],
    ['The Table', false],
    ['The Table', true],
  ]);
  expect(dossier.logged).toEqual([]);
});

test('a change while Stripe is being told of the one before comes after it', async () => {
  await word({ 'name-en': 'The Council' });
  const tell = (door: Stripe) =>
    billingTasks({ ...dossier.app.billing, stripe: door })['tier-worded']!(
      { tier: 'leadership-alliance' },
      { attempt: 1, last: false },
    );
  let second: Promise<void> = Promise.resolve();
  const update = async (id: string, params: Stripe.ProductUpdateParams) => {
    await word({ 'name-en': 'The Table' });
    second = tell(stripe);
    await until(async () => (await someoneWaits(dossier)) || (await products())[0]!.name === 'The Table');
    return stripe.products.update(id, params);
  };
  const list = new Proxy(stripe.products, {
    get: (it, name) =>
      name === 'update' ? update : (Reflect.get(it, name) as (...args: unknown[]) => unknown).bind(it),
  });
  await tell(
    new Proxy(stripe, { get: (it, name) => (name === 'products' ? list : (Reflect.get(it, name) as unknown)) }),
  );
  await second;
  expect((await products())[0]!.name).toBe('The Table');
});

test('while Stripe does not answer the tier is renamed here, and there later', async () => {
  await word({ 'name-en': 'The Council' });
  await work(dossier, 'tier-worded', { ...dossier.app.billing, stripe: noPayments().stripe });
  expect([await products(), (await jobs()).map(({ attempts }) => attempts)]).toEqual([[before], [1]]);
  expect(dossier.logged.map(({ tier, msg }) => [tier, msg])).toEqual([
    ['leadership-alliance', 'Stripe could not be told the words of a tier yet'],
  ]);
  await work(dossier, 'tier-worded');
  expect([(await products()).map(({ name }) => name), await jobs()]).toEqual([['The Council'], []]);
});

test('a free tier has nothing to tell, nor has one that is gone', async () => {
  expect((await word({ 'name-en': 'Inner Circle' }, 'strategy-circle')).join(' ')).not.toContain('Stripe');
  expect([await jobs(), await products()]).toEqual([[], [before]]);
  const tell = (tier: string) =>
    billingTasks({ ...dossier.app.billing, stripe: noPayments().stripe })['tier-worded']!(
      { tier },
      { attempt: 1, last: false },
    );
  await tell('strategy-circle');
  await tell('nobody');
  expect(dossier.logged).toEqual([]);
});

test('the setup tells Stripe the same, and nothing where it knows', async () => {
  await dossier.wall.write(adminViewer, (db) =>
    db.tierText.update({
      where: { tierSlug_lang: { tierSlug: 'leadership-alliance', lang: 'en' } },
      data: { name: 'The Council' },
    }),
  );
  expect(await setUpStripe(dossier.app.billing, dossier.url)).toEqual([
    expect.stringMatching(/^the words of prod_\w+ for leadership-alliance$/),
  ]);
  expect((await products()).map(({ name }) => name)).toEqual(['The Council']);
  expect(await setUpStripe(dossier.app.billing, dossier.url)).toEqual([]);
});
