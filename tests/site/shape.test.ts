import { visitor } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { loadShape } from '../../src/site/shape/load';
import { slugFault } from '../../src/site/shape/slugs';
import { fieldsOf, open, somebody, type Somebody } from '../admin/support';
import { ask, briefingIn } from '../support/api';
import { enter, VISITOR, type Member } from '../support/cast';
import { beginDraft, doAct, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { asSuperuserIn } from '../support/stores/cluster';

let dossier: Dossier;
let admin: Somebody;
let editor: Member;
let id: string;

const post = (path: string, fields: Record<string, string>, by = admin) =>
  send(dossier, path, fields, { cookie: by.cookie });
const page = (path = '/briefings/a-signal', member: Member = VISITOR) =>
  visit(`${dossier.url}${path}`, { headers: member.headers });
const files = async () => Object.fromEntries((await exportBriefing(dossier.wall, 'a-signal'))!);
const row = (section: Page, slug: string) =>
  section.html.querySelectorAll('tbody tr').find((one) => one.querySelector('.dense-under')?.text === slug);
const rowText = (section: Page, slug: string) => row(section, slug)?.text.replace(/\s+/g, ' ').trim() ?? null;

/** Makes a word as the form does, typed names by language. */
async function make(group: string, typed: Record<string, string>): Promise<Page> {
  const form = fieldsOf(await open(dossier, admin, `/admin/shape/${group}/new`));
  return post(`/admin/shape/${group}/new`, { ...form, ...typed });
}

/** Opens the page that asks, and means it. */
async function act(path: string, changes: Record<string, string> = {}): Promise<Page> {
  return post(path, { ...fieldsOf(await open(dossier, admin, path)), ...changes });
}

async function publish(changes: Record<string, string>, acts: readonly string[] = ['keep']): Promise<void> {
  expect((await sendSheet(dossier, editor, await openSheet(dossier, editor, id), changes)).status).toBe(303);
  for (const one of acts) expect([one, (await doAct(dossier, editor, id, one)).status]).toEqual([one, 303]);
}

beforeAll(async () => {
  dossier = await startDossier();
  [admin, editor] = [await somebody(dossier, 'admin'), await enter(dossier, 'editor')];
  id = (await beginDraft(dossier, 'a-signal')).split('/').at(-1)!;
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

test('what the migration writes is the shape as it is delivered', async () => {
  expect(await dossier.wall.read(visitor, loadShape)).toEqual(DELIVERED_SHAPE);
});

test('a type, a domain, a fact and a list are made in the browser, written at the desk and read everywhere', async () => {
  const made = {
    types: { 'name-en': 'Field Note', 'name-es': 'Nota de campo' },
    domains: { 'name-en': 'Climate', 'name-es': '' },
    facts: { 'name-en': 'Basin', 'name-es': 'Cuenca' },
    lists: { 'name-en': 'Title', 'name-es': 'Títulos', slug: 'open-questions', place: 'story' },
  };
  for (const [group, typed] of Object.entries(made))
    expect([group, (await make(group, typed)).headers.get('location')]).toEqual([
      group,
      `/admin/shape?done=word-made#shape-${group}`,
    ]);
  const { fields, page: form } = await openSheet(dossier, editor, id);
  const named = (word: string) => [...fields.keys()].find((name) => name.includes(word) && name.endsWith('.en'))!;
  expect(form.text).toContain('Field Note');
  await publish(
    {
      ...{ type: 'field-note', domain: 'climate' },
      ...{ [named('basin')]: 'The Rhine basin', [named('open-questions')]: 'Who pays?\nWhen?' },
    },
    ['submit', 'publish'],
  );
  const read = await page();
  for (const words of ['Field Note', 'Climate', 'Basin', 'The Rhine basin', 'Who pays?', 'When?'])
    expect([words, read.text.includes(words)]).toEqual([words, true]);
  const spanish = (await page('/es/briefings/a-signal')).text;
  // A name that one language lacks is that of the first.
  for (const words of ['Nota de campo', 'Climate', 'Cuenca', 'Títulos'])
    expect([words, spanish.includes(words)]).toEqual([words, true]);
  expect((await files())['en.md']).toMatch(
    /type: field-note\n[^]*domain: climate\n[^]*\ntitle: A signal in English\n[^]*\n {2}basin: The Rhine basin\n[^]*\nlists:\n {2}open-questions:\n {4}- Who pays\?\n {4}- When\?\n/,
  );
  const answer = briefingIn(await ask(`${dossier.url}/api/v1/briefings/a-signal`));
  expect(answer).toMatchObject({ type: 'field-note', domain: 'climate' });
  expect(JSON.stringify(answer)).toContain('"openQuestions"');
  expect((await ask(`${dossier.url}/api/openapi.json`)).text).toContain('"field-note"');
  expect((await page('/search?type=field-note')).text).toContain('/briefings/a-signal');
  const before = await files();
  expect(await dossier.take('a-signal', before)).toBeDefined();
  expect(await files()).toEqual(before);
});

test('the section says how each is called, how often it is said, and what can be done with it', async () => {
  const section = await open(dossier, admin, '/admin/shape');
  expect(rowText(section, 'climate')).toMatch(/^Climate climate Spanish: none 1 briefing/);
  expect(rowText(section, 'field-note')).toMatch(/Spanish: Nota de campo 1 briefing/);
  const ways = (slug: string) =>
    row(section, slug)!
      .querySelectorAll('a')
      .map((one) => one.getAttribute('href')!.split('/').at(-1));
  expect(ways('climate')).toEqual(['names', 'retire']);
  expect(ways('economy')).toEqual(['names', 'retire', 'delete']);
  expect(ways('watch')).toEqual(['names']);
});

test('another name changes nothing but the name, and an order on pages nothing in files', async () => {
  const before = await files();
  const path = '/admin/shape/types/field-note/names';
  const typed = { 'name-en': 'Dispatch', 'name-es': 'Despacho' };
  const stale = fieldsOf(await open(dossier, admin, path));
  expect((await act(path, typed)).status).toBe(303);
  const moved = await post(path, { ...stale, 'name-en': 'Another', submission: crypto.randomUUID() });
  expect([moved.status, said(moved, '.form-error')]).toEqual([409, expect.stringContaining('changed')]);
  expect(
    [(await page()).text, (await page('/es/briefings/a-signal')).text].map((one) => /Dispatch|Despacho/.test(one)),
  ).toEqual([true, true]);
  for (const group of ['facts', 'lists', 'types']) {
    const section = await open(dossier, admin, '/admin/shape');
    const form = section.html.querySelectorAll(`form[action^="/admin/shape/${group}/"]`).at(-1)!;
    const sent = Object.fromEntries(
      form.querySelectorAll('input').map((one) => [one.getAttribute('name')!, one.getAttribute('value')!]),
    );
    expect((await post(form.getAttribute('action')!, sent)).status).toBe(303);
    // The same form once more is the same move.
    expect((await post(form.getAttribute('action')!, sent)).status).toBe(303);
  }
  const { facts, lists } = await dossier.wall.read(visitor, loadShape);
  expect(
    [facts, lists].map((words) => words.findIndex(({ slug }) => ['basin', 'open-questions'].includes(slug))),
  ).toEqual([3, 2]);
  expect(await files()).toEqual(before);
  const taken = await dossier.take('a-signal', before);
  expect(JSON.stringify(taken)).not.toContain('updated');
});

test('what is retired is offered no more, and what says it still does; what is said is not deleted', async () => {
  const path = '/admin/shape/domains/climate';
  const asked = await open(dossier, admin, `${path}/retire`);
  expect(said(asked, '.points')).toContain('1 briefing says it, and still does.');
  expect((await act(`${path}/retire`)).status).toBe(303);
  const domains = (sheet: Page) =>
    sheet.html.querySelectorAll('select[name=domain] option').map((one) => one.getAttribute('value'));
  expect(domains((await openSheet(dossier, editor, id)).page)).toContain('climate');
  const other = (await beginDraft(dossier, 'another')).split('/').at(-1)!;
  expect(domains((await openSheet(dossier, editor, other)).page)).not.toContain('climate');
  // It is saved as it is.
  await publish({ 'title.en': 'Another title' });
  expect((await page()).text).toContain('Climate');
  const refused = await open(dossier, admin, `${path}/delete`);
  expect(said(refused, '.form-error')).toContain('It can be retired');
  expect(refused.html.querySelector('main form[method=post]')).toBeNull();
  await publish({ domain: 'technology' });
  // The former revision says it still.
  expect(said(await open(dossier, admin, `${path}/delete`), '.form-error')).toContain('former version');
  expect((await act(`${path}/offer`)).status).toBe(303);
  expect(domains((await openSheet(dossier, editor, other)).page)).toContain('climate');
});

test('what nothing says is deleted, and may be made again; the last type on offer stays', async () => {
  expect((await act('/admin/shape/domains/economy/delete')).status).toBe(303);
  expect(rowText(await open(dossier, admin, '/admin/shape'), 'economy')).toBeNull();
  expect((await make('domains', { 'name-en': 'Economy', 'name-es': '' })).status).toBe(303);
  for (const slug of ['signal', 'trend', 'policy', 'risk'])
    expect((await act(`/admin/shape/types/${slug}/retire`)).status).toBe(303);
  expect(said(await open(dossier, admin, '/admin/shape/types/field-note/retire'), '.form-error')).toContain('last one');
  for (const slug of ['signal', 'trend', 'policy', 'risk'])
    expect((await act(`/admin/shape/types/${slug}/offer`)).status).toBe(303);
});

test('what is wrong is said beside its field, and what was typed stays', async () => {
  const wrong = await make('facts', { 'name-en': 'Region', 'name-es': '', slug: 'signaltype' });
  expect(wrong.status).toBe(422);
  expect(said(wrong, '#name-en-error')).toBe('Another one has this name.');
  expect(said(wrong, '#slug-error')).toContain('hyphens');
  expect(wrong.html.querySelector('#name-en')!.getAttribute('value')).toBe('Region');
  const faults: [string, string, string][] = [
    ['facts', 'signal_type', 'Small letters'],
    ['facts', 'constructor', 'something else'],
    ['facts', 'value-of', 'something else'],
    ['lists', 'title', 'something else'],
    ['lists', 'cover-alt', 'something else'],
    ['kinds', 'failurepath', 'but for its hyphens'],
    ['kinds', '2nd', 'beginning with a letter'],
  ];
  for (const [group, slug, says] of faults) {
    const typed = {
      'name-en': 'Quite new',
      'name-es': '',
      slug,
      place: 'story',
      'passage-shape': 'list',
      tier: 'public',
    };
    const answer = await make(group, typed);
    expect([slug, answer.status, said(answer, '#slug-error')]).toEqual([slug, 422, expect.stringContaining(says)]);
  }
  const none = await make('kinds', { 'name-en': 'X', 'name-es': '', 'passage-shape': 'heap', tier: 'nobody' });
  expect([said(none, '#passage-shape-error'), said(none, '#tier-error')]).toEqual([
    'Please choose one.',
    'Please choose one.',
  ]);
  const band = await act('/admin/shape/bands/a/names', { 'name-en': 'Sure', 'long-en': 'Sure of it' });
  expect([band.status, said(band, '#long-en-error')]).toEqual([422, expect.stringContaining('{percent}')]);
  expect(slugFault('facts', 'a-1', [{ slug: 'a1' }])).toBe('taken');
});

test('of two who make one word at once, one does', async () => {
  const form = fieldsOf(await open(dossier, admin, '/admin/shape/kinds/new'));
  const typed = { 'name-en': 'Twice', 'name-es': '', slug: '', 'passage-shape': 'list', tier: 'leadership-alliance' };
  const answers = await Promise.all(
    [1, 2, 3].map(() => post('/admin/shape/kinds/new', { ...form, ...typed, submission: crypto.randomUUID() })),
  );
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  expect(answers.every(({ status }) => [303, 409, 422].includes(status))).toBe(true);
});

test('a kind whose maker died before its gate opens to nobody, and the form sent again gives it one', async () => {
  const form = { ...fieldsOf(await open(dossier, admin, '/admin/shape/kinds/new')), slug: '', 'passage-shape': 'list' };
  const typed = { ...form, 'name-en': 'Orphan', 'name-es': '', tier: 'strategy-circle' };
  expect((await post('/admin/shape/kinds/new', typed)).status).toBe(303);
  await asSuperuserIn(dossier.urls.superuser, (client) => client.query("DELETE FROM gates WHERE kind = 'orphan'"));
  const section = await open(dossier, admin, '/admin/shape');
  expect(rowText(section, 'orphan')).toContain('No tier opens it: nobody reads it. Choose one in the gate matrix');
  expect((await post('/admin/shape/kinds/new', typed)).status).toBe(303);
  expect(rowText(await open(dossier, admin, '/admin/shape'), 'orphan')).toContain('Opens for: Strategy Circle');
  // Deleted and made again, it begins without the gate it had.
  expect((await act('/admin/shape/kinds/orphan/delete')).status).toBe(303);
  const gates = await dossier.wall.read(visitor, (db) => db.gate.findMany({ where: { kind: 'orphan' } }));
  expect(gates).toEqual([]);
});

test('nobody but an admin changes the shape, in Postgres neither', async () => {
  const reader = await somebody(dossier, 'reader');
  const support = await somebody(dossier, 'support');
  for (const [by, status] of [
    [reader, 404],
    [support, 403],
  ] as const) {
    expect((await open(dossier, by, '/admin/shape')).status).toBe(status);
    expect((await post('/admin/shape/types/new', { 'name-en': 'X' }, by)).status).toBe(status);
  }
  const editorial = { role: 'editor', rank: 1000 } as const;
  for (const viewer of [visitor, editorial])
    await expect(
      dossier.wall.write(viewer, (db) => db.$queryRaw`SELECT wall.add_shape_value('kinds', 'trend')::text`),
    ).rejects.toThrow(/an admin's to change/);
  for (const [group, slug] of [
    ['kinds', 'x"; DROP TABLE passages'],
    ['passages', 'trend'],
    ['kinds', 'not-a-word'],
  ])
    await expect(
      dossier.wall.write(
        { role: 'admin', rank: 1000 },
        (db) => db.$queryRaw`SELECT wall.add_shape_value(${group}, ${slug})::text`,
      ),
    ).rejects.toThrow(/no such word/);
});

test('the audit log tells of each', async () => {
  const log = await open(dossier, admin, '/admin/audit?action=word-made');
  expect(log.text).toContain('Made a word of the shape');
  expect(log.html.querySelectorAll('a[href="/admin/shape"]').length).toBeGreaterThan(0);
});
