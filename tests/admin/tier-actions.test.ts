import { accountsViewer, adminViewer, editorialViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { aBuyer, see } from '../support/billing/buyer';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';
import { fieldsOf, open, somebody, type Somebody } from './support';

let dossier: Dossier;
let admin: Somebody;

beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  await dossier.take('a-signal', { 'en.md': original() });
  admin = await somebody(dossier, 'admin');
});
afterAll(() => dossier.stop());

const ask = (path: string) => open(dossier, admin, `/admin/tiers/${path}`);
const mean = (page: Page, path: string, more: Readonly<Record<string, string>> = {}) =>
  send(dossier, `/admin/tiers/${path}`, { reason: 'a test', ...fieldsOf(page), ...more }, { cookie: admin.cookie });
const textsOf = ({ html }: Page, selector: string) => html.querySelectorAll(selector).map((one) => one.text.trim());
const anybody = (path: string) => visit(`${dossier.url}${path}`);
const gates = async () => textsOf(await anybody('/briefings/a-signal'), '.gate-tier > span:first-of-type');
const entries = (action: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { action }, orderBy: { at: 'asc' } }));
const location = ({ headers }: Page) => headers.get('location');
/** Everything a test made is gone, and the delivered tiers are as they were. */
afterEach(() =>
  dossier.wall.write(adminViewer, async (db) => {
    await db.tier.updateMany({ data: { retiredAt: null } });
    await db.tier.update({ where: { slug: 'strategy-circle' }, data: { rank: 10, joining: 'free' } });
    await db.tier.update({ where: { slug: 'leadership-alliance' }, data: { rank: 20 } });
  }),
);

const HARBOUR = 'name=Harbour+Desk&below=strategy-circle&joining=paid&emblem=ring';

test('a paid tier is made between two, priced, and is offered from then on', async () => {
  expect((await ask('new')).status).toBe(200);
  const wrong = await ask('new?name=Strategy+Circle&slug=Not+One&below=nobodys&joining=free&emblem=ring');
  expect([wrong.status, textsOf(wrong, '.form-wrong, .field-error, [id$=-error]').length >= 4]).toEqual([422, true]);
  expect(wrong.html.querySelector('[name=name]')!.getAttribute('value')).toBe('Strategy Circle');

  const asked = await ask(`new?${HARBOUR}`);
  const made = await mean(asked, 'new');
  expect([made.status, location(made)]).toEqual([303, '/admin/tiers/harbour-desk/texts?done=tier-made']);
  expect((await mean(asked, 'new')).status).toBe(303);
  expect(await entries('tier-made')).toHaveLength(1);
  expect(textsOf(await open(dossier, admin, '/admin/tiers'), '.tier-head > span')).toEqual(
    expect.arrayContaining(['Harbour Desk']),
  );
  expect(textsOf(await open(dossier, admin, '/admin/tiers'), '.tier-do a')).toContain('Set a price Harbour Desk');
  expect((await anybody('/join/harbour-desk')).status).toBe(404);
  expect(textsOf(await anybody('/pricing'), '.plan-price')[2]).toBe('By invitation');

  const [none, unknown] = [
    await ask('harbour-desk/price?month=&year='),
    await ask('harbour-desk/price?currency=XXX&month=19'),
  ];
  expect([none.status, unknown.status]).toEqual([422, 422]);
  const price = await ask('harbour-desk/price?currency=usd&month=19&year=');
  expect((await mean(price, 'harbour-desk/price')).status).toBe(303);
  await until(async () => (await anybody('/join/harbour-desk')).status === 200);
  expect(textsOf(await anybody('/pricing'), '.plan-figure')[2]).toBe('$19');
});

test('a tier that is moved opens and closes at once what it said before', async () => {
  const buyer = await aBuyer(dossier);
  expect((await ask('public/order?below=strategy-circle')).text).toContain('stays');
  expect((await ask('strategy-circle/order?below=public')).status).toBe(422);
  // What was read goes along with those who read it.
  const day = new Date('2026-01-01');
  await dossier.wall.write(editorialViewer, async (db) => {
    const { id: briefingId } = await db.briefing.findFirstOrThrow({ where: { slug: 'a-signal' } });
    const counts = [20, 5].map((rank) => ({ day, briefingId, rank, reads: rank }));
    await db.readCount.createMany({ data: counts });
  });
  const asked = await ask('leadership-alliance/order?below=public');
  expect(textsOf(asked, '.points li')).toContain(
    'Relationship evidence, 1 passage in 1 published briefing: 1 member reads them who could not before.',
  );
  // Whoever joined the Circle reads now what the Alliance pays for: said before it is done, and so.
  const before = await gatesOf(buyer);
  expect((await mean(asked, 'leadership-alliance/order')).status).toBe(303);
  expect([before.length > 0, await gatesOf(buyer)]).toEqual([true, []]);
  // The form was filled in against another order.
  expect((await mean(asked, 'leadership-alliance/order', { submission: crypto.randomUUID() })).status).toBe(422);
  const [entry] = await entries('tier-moved');
  expect([entry!.before, entry!.after]).toMatchObject([{ rank: 20 }, { rank: 5, 'tier-below': 'public' }]);
  const reads = await dossier.wall.read(editorialViewer, (db) =>
    db.readCount.findMany({ where: { day, reads: { gt: 0 } } }),
  );
  expect(reads.map(({ rank, reads: n }) => [rank, n])).toEqual([[5, 25]]);
});

const gatesOf = async (buyer: Awaited<ReturnType<typeof aBuyer>>) =>
  textsOf(await see(dossier, buyer, '/briefings/a-signal'), '.gate-tier > span:first-of-type');

test('a retired tier is offered to nobody, kept by who has it, and offered again', async () => {
  const buyer = await aBuyer(dossier);
  const asked = await ask('strategy-circle/retire');
  expect(asked.text).toContain('Then no tier is free to join');
  expect((await mean(asked, 'strategy-circle/retire', { reason: '' })).status).toBe(422);
  expect((await mean(asked, 'strategy-circle/retire')).status).toBe(303);
  expect((await anybody('/join/strategy-circle')).status).toBe(404);
  expect(textsOf(await anybody('/pricing'), '.plan-name')).not.toContain('Strategy Circle');
  expect(await gates()).toContain('Strategy Circle');
  const page = await anybody('/briefings/a-signal');
  expect([
    said(page, '#gate-strategy-circle .gate-price'),
    page.html.querySelector('#gate-strategy-circle .button'),
  ]).toEqual(['By invitation', null]);
  expect(await gatesOf(buyer)).not.toContain('Strategy Circle');
  expect((await mean(await ask('strategy-circle/offer'), 'strategy-circle/offer')).status).toBe(303);
  expect((await anybody('/join/strategy-circle')).status).toBe(200);
});

test('one tier at most is free to join', async () => {
  expect((await ask(`new?${HARBOUR.replace('paid', 'free')}&slug=second`)).status).toBe(422);
  expect((await ask('leadership-alliance/joining?joining=free')).text).toContain('It has a price');
  const asked = await ask('strategy-circle/joining?joining=invitation');
  expect((await mean(asked, 'strategy-circle/joining')).status).toBe(303);
  expect((await anybody('/join/strategy-circle')).status).toBe(404);
});

test('only what nothing refers to is deleted', async () => {
  expect((await ask('strategy-circle/delete')).text).toContain('Something refers to it');
  await mean(await ask(`new?${HARBOUR.replace('Harbour+Desk', 'Short+Lived')}`), 'new');
  const asked = await ask('short-lived/delete');
  // Somebody is given it in the meantime: Postgres holds to it.
  const { id } = await somebody(dossier);
  const grant = await dossier.wall.write(accountsViewer, (db) =>
    db.grant.create({ data: { accountId: id, tierSlug: 'short-lived', source: 'COMP', from: new Date(0) } }),
  );
  const refused = await mean(asked, 'short-lived/delete');
  expect([refused.status, refused.text.includes('Something refers to it')]).toEqual([409, true]);
  await dossier.wall.write(accountsViewer, (db) => db.grant.delete({ where: { id: grant.id } }));
  expect((await mean(await ask('short-lived/delete'), 'short-lived/delete')).status).toBe(303);
  expect((await ask('short-lived/texts')).status).toBe(404);
});
