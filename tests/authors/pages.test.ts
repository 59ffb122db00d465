import { randomUUID } from 'node:crypto';
import { editorialViewer } from '../../src/access/viewer';
import { enterAll, type Member, type Name } from '../support/cast';
import { fieldsOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { saying, writePage } from '../support/own-pages';
import { said, visit, type Page } from '../support/page';

/** The publisher's own pages have authors as briefings have them. */
let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  for (const [slug, name] of [
    ['ada', 'Ada Example'],
    ['bo', 'Bo Example'],
  ] as const)
    expect((await post('/desk/authors', { ...EMPTY, name, slug, once: randomUUID() })).status).toBe(303);
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const EMPTY = { links: '', 'line.en': '', 'line.es': '' };
const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string> | string) =>
  send(dossier, path, fields, { cookie: cast.editor.headers['Cookie']! });
const byline = ({ html }: Page) =>
  html.querySelectorAll('.byline a[rel="author"]').map((one) => [one.text, one.getAttribute('href')]);
const ownPages = ({ html }: Page) =>
  html.querySelectorAll('[aria-labelledby="author-pages"] a').map((one) => one.getAttribute('href'));

async function save(room: string, changes: Record<string, string>, from?: URLSearchParams): Promise<Page> {
  const fields = new URLSearchParams(from ?? fieldsOf(await at(room, 'editor')));
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  return post(room, fields.toString());
}

async function publish(room: string): Promise<void> {
  const version = (await at(`${room}/publish`, 'editor')).html.querySelector('input[name=version]');
  const fields = { act: 'publish', version: version?.getAttribute('value') ?? '' };
  expect((await post(`${room}/publish`, fields)).status).toBe(303);
}

let room = '';

test('authors are chosen in an order, and stand in the byline, in JSON-LD and on their own pages once it is published', async () => {
  room = `/desk/pages/${await writePage(dossier, 'about', { content: saying({ en: 'About us' }) })}`;
  expect([byline(await at('/about')), ownPages(await at('/authors/ada'))]).toEqual([[], []]);
  await save(room, { 'authors.1': 'bo', 'authors.2': 'ada' });
  expect(byline(await at(`${room}/preview`, 'editor')).map(([name]) => name)).toEqual(['Bo Example', 'Ada Example']);
  // What is typed is nobody's.
  expect([byline(await at('/about')), ownPages(await at('/authors/ada'))]).toEqual([[], []]);
  await publish(room);
  const page = await at('/es/about');
  expect(byline(page)).toEqual([
    ['Bo Example', '/es/authors/bo'],
    ['Ada Example', '/es/authors/ada'],
  ]);
  const ld = JSON.parse(page.html.querySelector('script[type="application/ld+json"]')!.text) as { author: unknown };
  expect(ld.author).toEqual([
    { '@type': 'Person', name: 'Bo Example', url: `${dossier.url}/es/authors/bo` },
    { '@type': 'Person', name: 'Ada Example', url: `${dossier.url}/es/authors/ada` },
  ]);
  expect(ownPages(await at('/es/authors/ada'))).toEqual(['/es/about']);
});

test('a renamed author is found by every revision, and a revision says who wrote it', async () => {
  const form = Object.fromEntries(fieldsOf(await at('/desk/authors/bo', 'editor'), 'form.desk-category-form'));
  expect((await post('/desk/authors/bo', { ...form, slug: 'bo-b', name: 'Bo B. Example' })).status).toBe(303);
  expect(byline(await at('/about'))[0]).toEqual(['Bo B. Example', '/authors/bo-b']);
  expect(ownPages(await at('/authors/bo-b'))).toEqual(['/about']);
  await save(room, { 'authors.1': 'ada', 'authors.2': '' });
  await publish(room);
  expect([byline(await at('/about')).length, ownPages(await at('/authors/bo-b'))]).toEqual([1, []]);
  const change = await at(`${room}/revisions/3`, 'editor');
  expect(change.html.querySelectorAll('.change del').map((one) => one.text)).toContain('removed: Ada Example');
  expect((await post(`${room}/revisions/2/restore`, '')).status).toBe(303);
  const fields = fieldsOf(await at(room, 'editor'));
  expect([fields.get('authors.1'), fields.get('authors.2')]).toEqual(['bo-b', 'ada']);
});

test('two who choose another author are asked, and what only one has changed is merged', async () => {
  const [one, other] = [fieldsOf(await at(room, 'editor')), fieldsOf(await at(room, 'editor'))];
  await save(room, { 'authors.2': '' }, one);
  expect((await save(room, { 'title.en': 'About all of us' }, other)).status).toBe(303);
  const merged = fieldsOf(await at(room, 'editor'));
  expect([merged.get('authors.1'), merged.get('authors.2'), merged.get('title.en')]).toEqual([
    ...['bo-b', '', 'About all of us'],
  ]);
  await save(room, { 'authors.1': 'ada' }, merged);
  const conflict = await save(room, { 'authors.1': '' }, merged);
  expect([conflict.status, conflict.text.includes('Ada Example')]).toEqual([409, true]);
});

test('an author whom a page names stays: as it is typed, as readers have it, and as it is to come', async () => {
  const remove = async (slug: string) => {
    const page = await at(`/desk/authors/${slug}/delete`, 'editor');
    return { page, seen: page.html.querySelector('[name=version]')?.getAttribute('value') ?? null };
  };
  const { page, seen } = await remove('ada');
  expect([seen, page.html.querySelectorAll('.points a').map((link) => link.getAttribute('href'))]).toEqual([
    null,
    [room],
  ]);
  await writePage(dossier, 'later', {
    content: { ...saying({ en: 'Later' }), authors: [{ key: 'cy', name: 'Cy Example' }] },
    when: new Date('2999-01-01'),
  });
  expect((await remove('cy')).seen).toBeNull();
  expect(ownPages(await at('/authors/cy'))).toEqual([]);
  expect((await post('/desk/authors/cy/delete', { version: 'x' })).status).toBe(409);
  // The history alone keeps nobody: it names them as they were called.
  await save(room, { 'authors.1': '', 'authors.2': '' });
  await publish(room);
  const gone = await remove('bo-b');
  expect((await post('/desk/authors/bo-b/delete', { version: gone.seen! })).status).toBe(303);
  expect((await at(`${room}/revisions/2`, 'editor')).text).toContain('Bo Example');
  expect(said(await at('/about'), 'h1')).toBe('About all of us');
  const rows = await dossier.wall.read(editorialViewer, (db) => db.author.findMany({ select: { slug: true } }));
  expect(rows.map(({ slug }) => slug).sort()).toEqual(['ada', 'cy']);
});
