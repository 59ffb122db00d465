import { editorialViewer } from '../../src/access/viewer';
import { enterAll, type Member, type Name } from '../support/cast';
import { fieldsOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

/** A page of the publisher's own is written, given to readers, put right, taken back and looked back on. */
let dossier: Dossier;
let cast: Record<Name, Member>;
const see = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string> | string, name: Name = 'editor', script = false) =>
  send(dossier, path, fields, {
    cookie: cast[name].headers['Cookie']!,
    headers: script ? { Accept: 'application/json' } : {},
  });
const where = ({ headers }: Page) => headers.get('location')!;

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

async function begin(title: string, slug = ''): Promise<string> {
  const answer = await post('/desk/pages', { title, slug, lang: 'en' });
  expect(answer.status).toBe(303);
  return where(answer);
}

async function save(room: string, changes: Record<string, string>, from?: URLSearchParams): Promise<Page> {
  const fields = new URLSearchParams(from ?? fieldsOf(await see(room)));
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  return post(room, fields.toString());
}

async function act(room: string, fields: Record<string, string>, name: Name = 'editor'): Promise<Page> {
  const page = await see(`${room}/publish`, name);
  const version = page.html.querySelector('input[name=version]')?.getAttribute('value') ?? '';
  return post(`${room}/publish`, { version, sure: '1', ...fields }, name);
}

test('a page is begun, written, seen before and published, in two languages', async () => {
  const room = await begin('How we work');
  expect(said(await see('/desk/pages'), '.desk-row-facts span')).toBe('/how-we-work');
  expect((await act(room, { act: 'publish' })).status).toBe(422);
  const saved = await save(room, { 'body.en': '## Slowly\n\nAnd *well*.', 'title.es': 'Cómo trabajamos' });
  expect(where(saved)).toBe(`${room}?done=saved`);
  expect((await see('/how-we-work', 'visitor')).status).toBe(404);
  expect((await see(`${room}/preview?lang=es`)).text).toContain('And <em>well</em>.');
  expect((await act(room, { act: 'publish' })).status).toBe(303);
  const page = await see('/es/how-we-work', 'visitor');
  expect([said(page, 'h1'), said(page, '.prose h2')]).toEqual(['Cómo trabajamos', 'Slowly']);
  expect((await act(room, { act: 'publish' })).status).toBe(422);
});

test('two who change the same lose nothing: one is asked, and what only one changed is merged', async () => {
  const room = await begin('Two hands', 'two-hands');
  const [one, other] = [fieldsOf(await see(room)), fieldsOf(await see(room))];
  await save(room, { 'body.en': 'The first.', 'title.es': 'Dos manos' }, one);
  const conflict = await save(room, { 'body.en': 'The second.', 'description.en': 'In one sentence.' }, other);
  expect([conflict.status, conflict.html.querySelectorAll('.conflict-text').map((text) => text.text)]).toEqual([
    409,
    ['The first.', 'The second.'],
  ]);
  const kept = fieldsOf(conflict, 'main form');
  await post(room, kept.toString());
  const now = fieldsOf(await see(room));
  expect([now.get('body.en'), now.get('description.en'), now.get('title.es')]).toEqual([
    'The second.',
    'In one sentence.',
    'Dos manos',
  ]);
  // A script is told the same, and an answer that was lost on the way is no conflict.
  const typed = new URLSearchParams({ ...Object.fromEntries(now), 'body.en': 'Third.', seq: '1' });
  for (let time = 0; time < 2; time++) {
    const answer = await post(room, typed.toString(), 'editor', true);
    expect(JSON.parse(answer.text)).toMatchObject({ outcome: 'saved' });
  }
});

test('addresses of others are nobody’s page, and a former one leads on', async () => {
  await begin('Taken', 'taken');
  for (const [slug, why] of [
    ['taken', 'Another page has this address, or had it.'],
    ['briefings', 'Something else stands at this address, or may one day.'],
    ['search', 'Something else stands at this address, or may one day.'],
    ['fr', 'Something else stands at this address, or may one day.'],
    ['Not/a slug', 'Small letters without accents, digits and single hyphens, at most 80'],
  ] as const) {
    const answer = await post('/desk/pages', { title: 'A title', slug, lang: 'en' });
    expect([slug, answer.status, said(answer, '#page-slug-error')]).toEqual([slug, 422, why]);
    expect(answer.html.querySelector('#page-slug')?.getAttribute('value')).toBe(slug);
  }
  const room = await begin('A moving page', 'before');
  await save(room, { 'body.en': 'Here.' });
  await act(room, { act: 'publish' });
  expect((await post(`${room}/address`, { slug: 'after' })).status).toBe(303);
  const former = await see('/before', 'visitor');
  expect([former.status, where(former), (await see('/after', 'visitor')).status]).toEqual([301, '/after', 200]);
  expect((await post(`${room}/address`, { slug: 'login' })).status).toBe(422);
});

test('what binds the publisher an admin gives to readers; a correction leaves the version as it is', async () => {
  const room = await begin('Terms', 'terms');
  await save(room, { 'body.en': 'One.' });
  expect((await act(room, { act: 'publish' })).status).toBe(403);
  expect((await act(room, { act: 'publish' }, 'admin')).status).toBe(303);
  await save(room, { 'body.en': 'One, put right.' });
  expect((await act(room, { act: 'publish', change: 'correction' }, 'admin')).status).toBe(303);
  expect(said(await see('/terms', 'visitor'), '.byline li')).toBe('Version 1');
  await save(room, { 'body.en': 'Two.' });
  const later = await act(room, { act: 'publish', change: 'asked', when: '2999-01-01T08:00' }, 'admin');
  expect(later.status).toBe(303);
  expect((await see('/terms', 'visitor')).text).toContain('One, put right.');
  // Nothing else comes out while something is to come.
  await save(room, { 'body.en': 'Three.' });
  expect((await act(room, { act: 'publish' }, 'admin')).status).toBe(422);
  expect((await act(room, { act: 'unschedule' }, 'admin')).status).toBe(303);
  expect((await post(`${room}/address`, { slug: 'conditions' }, 'admin')).status).toBe(403);
});

test('a revision is compared and put back; an archived page is nowhere, and nothing leads to it', async () => {
  const room = await begin('About us', 'about');
  await save(room, { 'body.en': 'We are two.' });
  await act(room, { act: 'publish' });
  await save(room, { 'body.en': 'We are three.' });
  await act(room, { act: 'publish' });
  const second = await see(`${room}/revisions/2`);
  expect([said(second, '.change del'), said(second, '.change ins')]).toEqual(['removed: two.', 'added: three.']);
  expect((await post(`${room}/revisions/1/restore`, '')).status).toBe(303);
  expect(fieldsOf(await see(room)).get('body.en')).toBe('We are two.');
  expect((await post(`${room}/revisions/2/restore`, '')).status).toBe(409);
  await act(room, { act: 'publish' });
  expect((await see('/about', 'visitor')).text).toContain('We are two.');
  expect((await act(room, { act: 'archive', sure: '' })).status).toBe(200);
  expect((await act(room, { act: 'archive' })).status).toBe(303);
  expect((await see('/about', 'visitor')).status).toBe(404);
  expect((await act(room, { act: 'unarchive' })).status).toBe(303);
  expect((await see('/about', 'visitor')).status).toBe(200);
  await act(room, { act: 'archive' });
  expect(where(await act(room, { act: 'delete' }))).toBe('/desk/pages?done=deleted');
  expect((await see(room)).status).toBe(404);
  const log = await dossier.wall.read(editorialViewer, (db) => db.page.count({ where: { slug: 'about' } }));
  expect(log).toBe(0);
});
