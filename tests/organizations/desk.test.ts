import { randomUUID } from 'node:crypto';
import { accountsViewer } from '../../src/access/viewer';
import { original, PASSAGES } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, fieldsOf, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const FAR = '2999-01-01T08:00:00Z';
const LEI = '5493001KJTIIGC8Y1R12';

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original() });
  await dossier.take('early', {
    'en.md': original(
      {
        slug: 'early',
        organizations: '\n    - key: secret\n      name: Secret',
        early: `\n    tier: leadership-alliance\n    until: ${FAR}`,
      },
      '',
    ),
  });
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const at = (path: string, name: Name = 'visitor', url = dossier.url) =>
  visit(`${url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string>, name: Name = 'editor') =>
  send(dossier, path, fields, { cookie: cast[name].headers['Cookie']! });
const formOf = async (slug: string) =>
  Object.fromEntries(fieldsOf(await at(`/desk/organizations/${slug}`, 'editor'), 'form.desk-category-form'));
const change = async (slug: string, fields: Record<string, string>) =>
  post(`/desk/organizations/${slug}`, { ...(await formOf(slug)), ...fields });
const EMPTY = {
  ...{ name: '', slug: '', url: '', links: '', lei: '', wikidata: '' },
  'description.en': '',
  'description.es': '',
};
const make = (fields: Record<string, string>, submission: string = randomUUID()) =>
  post('/desk/organizations', { ...EMPTY, submission, ...fields });
const entries = (action: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { action }, orderBy: { at: 'asc' } }));
const ldOf = async (path: string) =>
  JSON.parse((await at(path)).html.querySelector('script[type="application/ld+json"]')!.text) as unknown;

test('what the desk says of an organization stands on its page, in every language and process, and in JSON-LD', async () => {
  const other = await startDossier({ on: dossier.urls });
  try {
    await at('/organizations/one-org', 'visitor', other.url);
    const changed = await change('one-org', {
      'description.en': 'Makes <one> thing.',
      links: 'https://www.example.net/one',
      lei: LEI.toLowerCase().replace(/(.{4})/g, '$1 '),
      wikidata: 'q42',
    });
    expect(changed.headers.get('location')).toBe('/desk/organizations?done=organization-changed');
    await until(async () => said(await at('/organizations/one-org', 'visitor', other.url), '.dek') !== null);
    const page = await at('/organizations/one-org', 'visitor', other.url);
    expect(said(page, '.dek')).toBe('Makes <one> thing.');
    const links = page.html.querySelectorAll('.byline a').map((one) => one.text);
    expect(links).toEqual(['example.org', 'example.net', LEI, 'Q42']);
    expect(page.html.querySelector('meta[name=description]')?.getAttribute('content')).toBe('Makes <one> thing.');
    // In Spanish it is said in English, and marked so, until it is said in Spanish.
    const dek = async () => (await at('/es/organizations/one-org')).html.querySelector('.dek');
    expect((await dek())?.querySelector('[lang=en]')?.text).toBe('Makes <one> thing.');
    await change('one-org', { 'description.es': 'Hace una cosa.' });
    expect([(await dek())?.text.trim(), (await dek())?.querySelector('[lang]')]).toEqual(['Hace una cosa.', null]);
    expect(await ldOf('/organizations/one-org')).toMatchObject({
      '@type': 'Organization',
      name: 'One Org',
      url: 'https://example.org',
      description: 'Makes <one> thing.',
      sameAs: ['https://www.example.net/one', 'https://www.wikidata.org/wiki/Q42'],
      leiCode: LEI,
    });
  } finally {
    await other.stop();
  }
});

test('a visitor is told nothing of an organization whose briefings are not there for them', async () => {
  await change('secret', { 'description.en': 'Is the news.' });
  expect((await at('/organizations/secret')).status).toBe(404);
  expect(said(await at('/organizations/secret', 'alliance'), '.dek')).toBe('Is the news.');
  const words = (name: Name) =>
    dossier.wall.read({ role: 'reader', rank: cast[name].rank ?? 0 }, (db) =>
      db.organizationText.count({ where: { organizationSlug: 'secret' } }),
    );
  expect(await words('visitor')).toBe(0);
  // Nor where it has moved.
  await change('secret', { slug: 'disclosed' });
  expect([(await at('/organizations/secret')).status, (await at('/organizations/secret', 'circle')).status]).toEqual([
    404, 404,
  ]);
  expect((await at('/organizations/secret', 'alliance')).headers.get('location')).toBe('/organizations/disclosed');
  expect((await at('/search?organization=secret')).status).toBe(200);
});

test('what is wrong is said beside its field, and what was typed stays', async () => {
  const page = async (fields: Record<string, string>) => {
    const { status, text } = await make({ name: 'Di', ...fields });
    return { status, text };
  };
  const lei = await page({ lei: LEI.replace('12', '13') });
  expect([lei.status, lei.text.includes('This is no LEI'), lei.text.includes('value="Di"')]).toEqual([422, true, true]);
  for (const [fields, sentence] of [
    [{ lei: 'QQQ' }, 'This is no LEI'],
    [{ wikidata: 'P31' }, 'This is no item of Wikidata'],
    [{ wikidata: 'Q0' }, 'This is no item of Wikidata'],
    [{ url: 'javascript:alert(1)' }, 'Please write a whole web address.'],
    [{ links: 'https://example.org\nftp://example.org' }, 'Please write whole web addresses'],
    [{ name: '' }, 'Please write a name.'],
    [{ name: 'one  ORG' }, 'Another organization has this name.'],
    [{ wikidata: 'Q42' }, 'Another organization has this identifier.'],
    [{ slug: 'one-org' }, 'Another organization has or had this address.'],
    [{ slug: 'secret' }, 'Another organization has or had this address.'],
    [{ slug: 'wip-org' }, 'Another organization has or had this address.'],
  ] as const)
    expect([sentence, (await page(fields)).text.includes(sentence)]).toEqual([sentence, true]);
  const before = await formOf('one-org');
  await change('one-org', { 'description.es': 'Otra cosa.' });
  expect((await post('/desk/organizations/one-org', { ...before, 'description.es': 'Mía.' })).status).toBe(409);
});

test('an organization has another name and address, where its notes, links and searches follow', async () => {
  const id = await idOf(dossier, 'a-signal');
  const query = 'organization=one-org';
  expect((await post('/account/follow', { query, list: 'each' }, 'circle')).status).toBe(303);
  const stale = await openSheet(dossier, cast.editor, id);
  await change('one-org', { name: 'First Org', slug: 'first-org' });
  const moved = await at('/es/organizations/one-org');
  expect([moved.status, moved.headers.get('location')]).toEqual([301, '/es/organizations/first-org']);
  expect((await at('/organizations/one-org/feed.xml')).headers.get('location')).toBe(
    '/organizations/first-org/feed.xml',
  );
  const page = await at('/organizations/first-org', 'circle');
  expect([said(page, 'h1'), said(page, '.organization-notes .prose')]).toEqual([
    'First Org',
    'GATED organization note.',
  ]);
  const briefing = await at('/briefings/a-signal', 'circle');
  expect(briefing.html.querySelector('.organization-name a')?.getAttribute('href')).toBe('/organizations/first-org');
  expect(briefing.text).toContain('GATED organization note.');
  // A search of before leads on, and what is followed is called by the name of now.
  expect((await at('/search?organization=one-org')).headers.get('location')).toBe('/search?organization=first-org');
  expect((await at('/search?q=first+org')).text).toContain('/briefings/a-signal');
  const answer = JSON.parse((await at('/api/v1/search?organization=one-org')).text) as { total: number };
  expect(answer.total).toBe(1);
  expect((await at('/account/letters', 'circle')).text).toContain('First Org');
  expect(await dossier.wall.read(accountsViewer, (db) => db.follow.findMany({ select: { query: true } }))).toEqual([
    { query: 'organization=first-org' },
  ]);
  // An editor's page and a file of before are read as they are meant.
  stale.fields.set('summary.en', 'Written on a page of before.');
  expect((await sendSheet(dossier, cast.editor, stale)).status).toBe(303);
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  const kept = await at('/briefings/a-signal', 'circle');
  expect(kept.html.querySelector('.organization-name a')?.getAttribute('href')).toBe('/organizations/first-org');
  for (const text of ['Written on a page of before.', 'GATED organization note.']) expect(kept.text).toContain(text);
  await dossier.take('a-signal', { 'en.md': original() });
  expect((await at('/organizations/one-org')).status).toBe(301);
  expect(said(await at('/organizations/first-org'), 'h1')).toBe('First Org');
  expect(await entries('organization-changed')).not.toHaveLength(0);
});

test('what was said before finds its organization under the address of now', async () => {
  const id = await idOf(dossier, 'a-signal');
  await dossier.take('a-signal', {
    'en.md': original({ organizations: null }, PASSAGES.replace(/::: organization one-org\n[^:]*:::\n/, '')),
  });
  await dossier.take('another', {
    'en.md': original(
      {
        slug: 'another',
        organizations: '\n    - key: first-org\n      name: First Org\n      url: https://example.org',
      },
      '',
    ),
  });
  await change('first-org', { slug: 'the-org', name: 'The Org' });
  const was = await at('/briefings/a-signal/revisions/1', 'circle');
  expect(was.html.querySelector('.organization-name a')?.getAttribute('href')).toBe('/organizations/the-org');
  expect(was.text).toContain('GATED organization note.');
  const desk = await at(`/desk/briefings/${id}/revisions/1`, 'editor');
  expect([desk.status, desk.text.includes('The Org')]).toEqual([200, true]);
  // Back at an address it had, it has had that one no longer.
  await change('the-org', { slug: 'one-org' });
  expect([(await at('/organizations/one-org')).status, (await at('/organizations/the-org')).status]).toEqual([
    200, 301,
  ]);
});

test('the list is searched, put in order and turned over; one that nothing names can go', async () => {
  const once = randomUUID();
  for (const _time of [1, 2]) expect((await make({ name: 'Nobody Yet' }, once)).status).toBe(303);
  expect(await entries('organization-made')).toHaveLength(1);
  const names = async (query: string) =>
    (await at(`/desk/organizations${query}`, 'editor')).html.querySelectorAll('.desk-row h2').map((one) => one.text);
  expect(await names('')).toEqual(['Nobody Yet', 'Secret', 'The Org']);
  expect((await names('?sort=briefings')).at(-1)).toBe('Nobody Yet');
  expect([await names(`?q=${LEI.slice(3, 12)}`), await names('?q=nobody%25')]).toEqual([['The Org'], []]);
  expect((await at('/desk/organizations?q=zzz', 'editor')).text).toContain('No organization found');
  const seen = async (slug: string) =>
    (await at(`/desk/organizations/${slug}/delete`, 'editor')).html
      .querySelector('[name=version]')
      ?.getAttribute('value');
  expect([await seen('one-org'), await seen('disclosed')]).toEqual([undefined, undefined]);
  const gone = { version: (await seen('nobody-yet'))! };
  expect((await post('/desk/organizations/nobody-yet/delete', gone)).status).toBe(303);
  expect(await names('')).toEqual(['Secret', 'The Org']);
  const [entry] = await entries('organization-deleted');
  expect(entry?.before).toMatchObject({ slug: 'nobody-yet' });
});
