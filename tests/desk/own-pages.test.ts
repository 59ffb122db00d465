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

async function save(section: string, changes: Record<string, string>, from?: URLSearchParams): Promise<Page> {
  const fields = new URLSearchParams(from ?? fieldsOf(await see(section)));
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  return post(section, fields.toString());
}

async function act(section: string, fields: Record<string, string>, name: Name = 'editor'): Promise<Page> {
  const page = await see(`${section}/publish`, name);
  const version = page.html.querySelector('input[name=version]')?.getAttribute('value') ?? '';
  return post(`${section}/publish`, { version, sure: '1', ...fields }, name);
}

test('a page is begun, written, seen before and published, in two languages', async () => {
  const section = await begin('How we work');
  expect(said(await see('/desk/pages'), '.desk-row-facts span')).toBe('/how-we-work');
  expect((await act(section, { act: 'publish' })).status).toBe(422);
  const saved = await save(section, { 'body.en': '## Slowly\n\nAnd *well*.', 'title.es': 'Cómo trabajamos' });
  expect(where(saved)).toBe(`${section}?done=saved`);
  expect((await see('/how-we-work', 'visitor')).status).toBe(404);
  expect((await see(`${section}/preview?lang=es`)).text).toContain('And <em>well</em>.');
  expect((await act(section, { act: 'publish' })).status).toBe(303);
  const page = await see('/es/how-we-work', 'visitor');
  expect([said(page, 'h1'), said(page, '.prose h2')]).toEqual(['Cómo trabajamos', 'Slowly']);
  expect((await act(section, { act: 'publish' })).status).toBe(422);
});

test('two who change the same lose nothing: one is asked, and what only one changed is merged', async () => {
  const section = await begin('Two hands', 'two-hands');
  const [one, other] = [fieldsOf(await see(section)), fieldsOf(await see(section))];
  await save(section, { 'body.en': 'The first.', 'title.es': 'Dos manos' }, one);
  const conflict = await save(section, { 'body.en': 'The second.', 'description.en': 'In one sentence.' }, other);
  expect([conflict.status, conflict.html.querySelectorAll('.conflict-text').map((text) => text.text)]).toEqual([
    409,
    ['The first.', 'The second.'],
  ]);
  const kept = fieldsOf(conflict, 'main form');
  await post(section, kept.toString());
  const now = fieldsOf(await see(section));
  expect([now.get('body.en'), now.get('description.en'), now.get('title.es')]).toEqual([
    'The second.',
    'In one sentence.',
    'Dos manos',
  ]);
  // A script is told the same, and an answer that was lost on the way is no conflict.
  const typed = new URLSearchParams({ ...Object.fromEntries(now), 'body.en': 'Third.', seq: '1' });
  for (let time = 0; time < 2; time++) {
    const answer = await post(section, typed.toString(), 'editor', true);
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
  const section = await begin('A moving page', 'before');
  await save(section, { 'body.en': 'Here.' });
  await act(section, { act: 'publish' });
  expect((await post(`${section}/address`, { slug: 'after' })).status).toBe(303);
  const former = await see('/before', 'visitor');
  expect([former.status, where(former), (await see('/after', 'visitor')).status]).toEqual([301, '/after', 200]);
  expect((await post(`${section}/address`, { slug: 'login' })).status).toBe(422);
});

test('what binds the publisher an admin gives to readers; a correction leaves the version as it is', async () => {
  const section = await begin('Terms', 'terms');
  await save(section, { 'body.en': 'One.' });
  expect((await act(section, { act: 'publish' })).status).toBe(403);
  expect((await act(section, { act: 'publish' }, 'admin')).status).toBe(303);
  await save(section, { 'body.en': 'One, put right.' });
  expect((await act(section, { act: 'publish', change: 'correction' }, 'admin')).status).toBe(303);
  expect(said(await see('/terms', 'visitor'), '.byline li')).toBe('Version 1');
  await save(section, { 'body.en': 'Two.' });
  const later = await act(section, { act: 'publish', change: 'asked', when: '2999-01-01T08:00' }, 'admin');
  expect(later.status).toBe(303);
  expect((await see('/terms', 'visitor')).text).toContain('One, put right.');
  // Nothing else comes out while something is to come.
  await save(section, { 'body.en': 'Three.' });
  expect((await act(section, { act: 'publish' }, 'admin')).status).toBe(422);
  expect((await act(section, { act: 'unschedule' }, 'admin')).status).toBe(303);
  expect((await post(`${section}/address`, { slug: 'conditions' }, 'admin')).status).toBe(403);
});

test('a revision is compared and put back; an archived page is nowhere, and nothing leads to it', async () => {
  const section = await begin('About us', 'about');
  await save(section, { 'body.en': 'We are two.' });
  await act(section, { act: 'publish' });
  await save(section, { 'body.en': 'We are three.' });
  await act(section, { act: 'publish' });
  const second = await see(`${section}/revisions/2`);
  expect([said(second, '.change del'), said(second, '.change ins')]).toEqual(['removed: two.', 'added: three.']);
  expect((await post(`${section}/revisions/1/restore`, '')).status).toBe(303);
  expect(fieldsOf(await see(section)).get('body.en')).toBe('We are two.');
  expect((await post(`${section}/revisions/2/restore`, '')).status).toBe(409);
  await act(section, { act: 'publish' });
  expect((await see('/about', 'visitor')).text).toContain('We are two.');
  expect((await act(section, { act: 'archive', sure: '' })).status).toBe(200);
  expect((await act(section, { act: 'archive' })).status).toBe(303);
  expect((await see('/about', 'visitor')).status).toBe(404);
  expect((await act(section, { act: 'unarchive' })).status).toBe(303);
  expect((await see('/about', 'visitor')).status).toBe(200);
  await act(section, { act: 'archive' });
  expect(where(await act(section, { act: 'delete' }))).toBe('/desk/pages?done=deleted');
  expect((await see(section)).status).toBe(404);
  const log = await dossier.wall.read(editorialViewer, (db) => db.page.count({ where: { slug: 'about' } }));
  expect(log).toBe(0);
});
