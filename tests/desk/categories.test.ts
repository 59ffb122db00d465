import { randomUUID } from 'node:crypto';
import { editorialViewer, accountsViewer } from '../../src/access/viewer';
import { findCategories } from '../../src/briefings/reading/queries';
import { importCategories } from '../../src/briefings/categories';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await takeInto('policy-watch');
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const at = (path: string, name: Name = 'editor', url = dossier.url) =>
  visit(`${url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string>, name: Name = 'editor') =>
  send(dossier, path, fields, { cookie: cast[name].headers['Cookie']! });
const menu = async (url = dossier.url) =>
  (await visit(url)).html
    .querySelectorAll('header nav a[href^="/categories/"]')
    .map((one) => [one.text.trim(), one.getAttribute('href')!]);
/** Publishes a briefing in that category: without one, readers are not led to it. */
const takeInto = (category: string, changes: Record<string, string | null> = {}) =>
  dossier.take(`in-${category}`, {
    'en.md': original({ slug: `in-${category}`, category, organizations: null, ...changes }, ''),
  });
const entries = (action: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { action }, orderBy: { at: 'asc' } }));

const EMPTY = { 'name.en': '', 'name.es': '', 'description.en': '', 'description.es': '', slug: '' };
const make = (fields: Record<string, string>, name: Name = 'editor', once: string = randomUUID()) =>
  post('/desk/categories', { ...EMPTY, submission: once, ...fields }, name);

/** What the form of a category would send as it stands. */
function fieldsOf({ html }: Page): Record<string, string> {
  return Object.fromEntries(
    html
      .querySelectorAll('form.desk-category-form :is(input, textarea)')
      .map((one) => [one.getAttribute('name')!, one.getAttribute('value') ?? one.text.replace(/^\n/, '')]),
  );
}
const change = async (slug: string, fields: Record<string, string>, name: Name = 'editor') =>
  post(`/desk/categories/${slug}`, { ...fieldsOf(await at(`/desk/categories/${slug}`, name)), ...fields }, name);

test('an editor makes a category: at once in the editor, with its first briefing in the menu of every process, and noted', async () => {
  const other = await startDossier({ on: dossier.urls });
  const id = await idOf(dossier, 'a-signal');
  try {
    expect((await menu(other.url)).map(([name]) => name)).toEqual(['Cloud Service', 'Policy Watch']);
    const once = randomUUID();
    const made = await make(
      {
        'name.en': ' Export   Controls ',
        'name.es': 'Control de exportaciones',
        'description.en': 'Who may sell what to whom.',
      },
      'editor',
      once,
    );
    expect([made.status, made.headers.get('location')]).toEqual([303, '/desk/categories?done=category-made']);
    expect((await make({ 'name.en': 'Export Controls' }, 'editor', once)).status).toBe(303);
    // Nobody is led to where there is nothing to read, or not yet.
    await takeInto('export-controls', { early: '\n    tier: leadership-alliance\n    until: 2999-01-01T00:00:00Z' });
    expect((await menu()).map(([name]) => name)).toEqual(['Cloud Service', 'Policy Watch']);
    expect((await at('/', 'alliance')).text).toContain('/categories/export-controls');
    await takeInto('export-controls');
    expect(await menu()).toEqual([
      ['Cloud Service', '/categories/cloud-service'],
      ['Policy Watch', '/categories/policy-watch'],
      ['Export Controls', '/categories/export-controls'],
    ]);
    await until(async () => (await menu(other.url)).length === 3);
    expect(
      (await openSheet(dossier, cast.editor, id)).page.html
        .querySelectorAll('select[name=category] option')
        .map((one) => one.getAttribute('value')),
    ).toContain('export-controls');
    expect(said(await visit(`${dossier.url}/es/categories/export-controls`), 'h1')).toBe('Control de exportaciones');
  } finally {
    await other.stop();
  }
  expect(await entries('category-made')).toMatchObject([
    {
      actorId: cast.editor.id,
      targetKind: 'category',
      targetId: 'export-controls',
      before: null,
      after: { slug: 'export-controls', 'category-name.es': 'Control de exportaciones' },
      fromAddress: '127.0.0.0/24',
    },
  ]);
});

test('the list says how many briefings are in each, as many as its link finds', async () => {
  const page = await at('/desk/categories');
  const counts = page.html.querySelectorAll('.desk-category .desk-row-facts a[href*="/desk?"]').map((one) => one.text);
  expect(counts).toEqual(['1 briefing', '1 briefing', '1 briefing']);
  expect((await at('/desk?category=cloud-service')).html.querySelectorAll('.desk-row')).toHaveLength(1);
});

test('another address keeps the old one leading on: for readers, for the API, for files and for a form that was open', async () => {
  const id = await idOf(dossier, 'a-signal');
  const sheet = await openSheet(dossier, cast.editor, id);
  expect((await change('cloud-service', { slug: 'clouds', 'name.en': 'Clouds' })).headers.get('location')).toBe(
    '/desk/categories?done=category-changed',
  );

  expect(said(await visit(`${dossier.url}/categories/clouds`), 'h1')).toBe('Clouds');
  expect(said(await visit(`${dossier.url}/briefings/a-signal`), 'main')).toContain('Clouds');
  for (const [from, to] of [
    ['/categories/cloud-service', '/categories/clouds'],
    ['/es/categories/cloud-service?page=2', '/es/categories/clouds?page=2'],
  ] as const) {
    const moved = await visit(`${dossier.url}${from}`);
    expect([moved.status, moved.headers.get('location')]).toEqual([301, to]);
  }
  expect((await at('/desk/categories/cloud-service')).headers.get('location')).toBe('/desk/categories/clouds');
  expect(
    (JSON.parse((await visit(`${dossier.url}/api/v1/briefings?category=cloud-service`)).text) as { items: unknown[] })
      .items,
  ).toHaveLength(1);
  expect(await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH })).toMatchObject({
    outcome: 'unchanged',
  });
  expect((await sendSheet(dossier, cast.editor, sheet, { category: 'cloud-service' })).status).toBe(303);
  await importCategories(
    dossier.wall,
    'categories.yaml',
    Buffer.from('cloud-service:\n  name: {en: Clouds, es: Nubes}\n'),
  );
  expect((await menu()).map(([, href]) => href)).toEqual([
    '/categories/clouds',
    '/categories/policy-watch',
    '/categories/export-controls',
  ]);

  // And back: what it has is no former address any more.
  await change('clouds', { slug: 'cloud-service' });
  expect([
    (await visit(`${dossier.url}/categories/cloud-service`)).status,
    (await visit(`${dossier.url}/categories/clouds`)).headers.get('location'),
  ]).toEqual([200, '/categories/cloud-service']);
  expect((await entries('category-changed'))[0]).toMatchObject({
    targetId: 'clouds',
    before: { slug: 'cloud-service', 'category-name.en': 'Cloud Service' },
    after: { slug: 'clouds', 'category-name.en': 'Clouds' },
  });
  expect((await at('/admin/audit?action=category-changed', 'admin')).text).toContain('Changed a category');
});

test('a revision of before comes back into its category, and into the one it has where that is gone', async () => {
  await make({ 'name.en': 'Passing' });
  await dossier.take('restored', {
    'en.md': original({ slug: 'restored', state: 'draft', published: null, category: 'passing' }),
  });
  await dossier.take('restored', {
    'en.md': original({ slug: 'restored', state: 'draft', published: null, category: 'policy-watch', impact: 'low' }),
  });
  await change('passing', { slug: 'passed' });
  const id = await idOf(dossier, 'restored');
  const restore = async (number: number) => [
    (await post(`/desk/briefings/${id}/revisions/${number}/restore`, {})).status,
    (await dossier.wall.read(editorialViewer, (db) => db.briefing.findUniqueOrThrow({ where: { id } }))).categorySlug,
  ];
  expect(await restore(1)).toEqual([303, 'passed']);
  expect(await restore(2)).toEqual([303, 'policy-watch']);
  const { seen } = {
    seen: (await at('/desk/categories/passed/delete')).html.querySelector('[name=version]')!.getAttribute('value')!,
  };
  expect((await post('/desk/categories/passed/delete', { version: seen })).status).toBe(303);
  expect(await restore(1)).toEqual([303, 'policy-watch']);
});

test('two who change the same do not overwrite each other: what stands is shown beside what was typed', async () => {
  const form = fieldsOf(await at('/desk/categories/policy-watch'));
  await change('policy-watch', { 'description.en': 'Theirs.' }, 'admin');
  const late = await post('/desk/categories/policy-watch', { ...form, 'description.en': 'Mine.' });
  expect([late.status, said(late, '.conflict')]).toEqual([409, 'Description (English) There now Theirs. Yours Mine.']);
  expect(fieldsOf(late)['description.en']).toBe('Mine.');
  expect((await entries('category-changed')).at(-1)).toMatchObject({ after: { 'category-description.en': 'Theirs.' } });
  expect((await post('/desk/categories/policy-watch', fieldsOf(late))).status).toBe(303);
  expect((await entries('category-changed')).at(-1)).toMatchObject({
    before: { 'category-description.en': 'Theirs.' },
    after: { 'category-description.en': 'Mine.' },
  });
  // The very same again is done already.
  const before = (await entries('category-changed')).length;
  expect([
    (await post('/desk/categories/policy-watch', fieldsOf(late))).status,
    (await entries('category-changed')).length,
  ]).toEqual([303, before]);
});

test("the order is the readers' order, and the same step twice is one", async () => {
  const order = async () => (await menu()).map(([, href]) => href!.slice('/categories/'.length));
  const [first, second, third] = await order();
  expect((await post(`/desk/categories/${third}/move`, { before: second! })).status).toBe(303);
  expect((await post(`/desk/categories/${third}/move`, { before: second! })).status).toBe(303);
  expect(await order()).toEqual([first, third, second]);
  await post(`/desk/categories/${first}/move`, { after: third! });
  expect(await order()).toEqual([third, first, second]);
  expect(await entries('category-moved')).toMatchObject([
    { targetId: third, before: { place: 3 }, after: { place: 2 } },
    { targetId: first, before: { place: 1 }, after: { place: 2 } },
  ]);
});

test('only an empty category is deleted: else the page says what is in it, a working copy too', async () => {
  const asked = await at('/desk/categories/cloud-service/delete');
  expect([asked.status, asked.html.querySelector('main form'), said(asked, 'main .points')]).toEqual([
    200,
    null,
    'A signal in English',
  ]);
  const { version: seen } = fieldsOf(await at('/desk/categories/cloud-service')) as { version: string };
  expect((await post('/desk/categories/cloud-service/delete', { version: seen })).status).toBe(409);

  await make({ 'name.en': 'Short lived' });
  const empty = await at('/desk/categories/short-lived/delete');
  const mark = empty.html.querySelector('[name=version]')!.getAttribute('value')!;
  const sheet = await openSheet(dossier, cast.editor, await idOf(dossier, 'a-signal'));
  await sendSheet(dossier, cast.editor, sheet, { category: 'short-lived' });
  expect((await post('/desk/categories/short-lived/delete', { version: mark })).status).toBe(409);
  const again = await openSheet(dossier, cast.editor, await idOf(dossier, 'a-signal'));
  await sendSheet(dossier, cast.editor, again, { category: 'cloud-service' });

  await change('short-lived', { 'name.en': 'Shorter' });
  expect((await post('/desk/categories/short-lived/delete', { version: mark })).status).toBe(409);
  const now = (await at('/desk/categories/short-lived/delete')).html
    .querySelector('[name=version]')!
    .getAttribute('value')!;
  expect((await post('/desk/categories/short-lived/delete', { version: now })).headers.get('location')).toBe(
    '/desk/categories?done=category-deleted',
  );
  expect([
    (await visit(`${dossier.url}/categories/short-lived`)).status,
    (await post('/desk/categories/short-lived/delete', { version: now })).status,
  ]).toEqual([404, 404]);
  expect(await entries('category-deleted')).toMatchObject([
    { targetId: 'passed' },
    { targetId: 'short-lived', before: { 'category-name.en': 'Shorter' } },
  ]);
});

test.each([
  [{}, 'name-en', 'Please write a name, in one language at least.'],
  [
    { 'name.en': 'Fine', 'description.es': 'Sin nombre.' },
    'name-es',
    'Please write a name too, or leave the description empty.',
  ],
  [{ 'name.en': 'x'.repeat(81) }, 'name-en', 'Please use at most 80 characters.'],
  [{ 'name.en': 'policy WATCH' }, 'name-en', 'Another category has this name.'],
  [{ 'name.en': 'Turned \u202earound' }, 'name-en', 'Please leave out control characters.'],
  [{ 'name.en': 'Fine', 'description.en': 'x'.repeat(301) }, 'description-en', 'Please use at most 300 characters.'],
  [{ 'name.en': 'Fine', slug: 'Not Fine' }, 'slug', 'Only small letters, digits and single hyphens, at most 80.'],
  [{ 'name.en': '🎉' }, 'slug', 'No address can be made of this name. Please write one.'],
  [{ 'name.en': 'Fine', slug: 'policy-watch' }, 'slug', 'Another category has or had this address.'],
  [{ 'name.en': 'Fine', slug: 'clouds' }, 'slug', 'Another category has or had this address.'],
] as const)('%j is said beside its field, and what was typed stays', async (fields, field, words) => {
  const before = await menu();
  const answer = await make(fields);
  expect([answer.status, answer.html.querySelector(`#category-${field}-error`)?.text]).toEqual([422, words]);
  expect(answer.html.querySelector('[name="name.en"]')!.getAttribute('value')).toBe({ ...EMPTY, ...fields }['name.en']);
  expect(await menu()).toEqual(before);
});

test('half a form is none, what is not there is not found, and nobody but the desk comes in', async () => {
  expect((await post('/desk/categories', { once: randomUUID() })).status).toBe(400);
  expect((await post('/desk/categories', EMPTY)).status).toBe(400);
  expect((await post('/desk/categories/policy-watch', EMPTY)).status).toBe(400);
  expect((await post('/desk/categories/policy-watch/move', {})).status).toBe(400);
  expect((await post('/desk/categories/policy-watch/delete', {})).status).toBe(400);
  for (const path of ['/desk/categories/none', '/desk/categories/none/delete', '/desk/categories/no--no'])
    expect((await at(path)).status).toBe(404);
  expect((await post('/desk/categories/none', { ...EMPTY, 'name.en': 'x', version: 'x' })).status).toBe(404);
  expect((await post('/desk/categories/none/move', { before: 'policy-watch' })).status).toBe(404);
  const before = await menu();
  for (const [name, status] of [
    ['visitor', 303],
    ['circle', 404],
    ['support', 404],
  ] as const) {
    const knocking = name === 'visitor' ? {} : { cookie: cast[name].headers['Cookie']! };
    for (const [path, fields] of [
      ['/desk/categories', { ...EMPTY, 'name.en': 'Mine', once: randomUUID() }],
      ['/desk/categories/policy-watch', { ...EMPTY, 'name.en': 'Mine', version: 'x' }],
      ['/desk/categories/policy-watch/delete', { version: 'x' }],
      ['/desk/categories/policy-watch/move', { after: 'x' }],
    ] as const) {
      expect([name, path, (await send(dossier, path, fields, knocking)).status]).toEqual([name, path, status]);
    }
    expect((await at('/desk/categories', name)).status).toBe(status);
  }
  expect(await menu()).toEqual(before);
});

test('a categories.yaml puts its own in its order, and none of them between the others', async () => {
  const slugs = () =>
    dossier.wall.read(editorialViewer, async (db) => (await findCategories(db)).map(({ slug }) => slug));
  const take = (...names: string[]) =>
    importCategories(
      dossier.wall,
      'categories.yaml',
      Buffer.from(names.map((one) => `${one}:\n  name: {en: ${one}}\n`).join('')),
    );
  const before = await slugs();
  await take('zeta', 'alpha');
  expect(await slugs()).toEqual([...before, 'zeta', 'alpha']);
  await take('alpha', before.at(-1)!, 'omega', 'zeta');
  expect(await slugs()).toEqual([...before.slice(0, -1), 'alpha', before.at(-1), 'omega', 'zeta']);
  const after = await slugs();
  await take('alpha', before.at(-1)!, 'omega', 'zeta');
  expect(await slugs()).toEqual(after);
});
