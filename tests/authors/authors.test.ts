import { randomUUID } from 'node:crypto';
import { accountsViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, fieldsOf, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { aPicture } from '../support/pictures';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
const authors = (...names: readonly string[]) =>
  names.map((name) => `\n    - key: ${name.toLowerCase().replaceAll(' ', '-')}\n      name: ${name}`).join('');

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original({ authors: authors('Ada Example', 'Bo Example') }) });
  await dossier.take('another', { 'en.md': original({ slug: 'another' }, '') });
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged.splice(0)).toEqual([]));

const at = (path: string, name: Name = 'visitor', url = dossier.url) =>
  visit(`${url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string>, name: Name = 'editor') =>
  send(dossier, path, fields, { cookie: cast[name].headers['Cookie']! });
const formOf = async (slug: string) =>
  Object.fromEntries(fieldsOf(await at(`/desk/authors/${slug}`, 'editor'), 'form.desk-category-form'));
const change = async (slug: string, fields: Record<string, string>) =>
  post(`/desk/authors/${slug}`, { ...(await formOf(slug)), ...fields });
const EMPTY = { name: '', slug: '', links: '', 'line.en': '', 'line.es': '' };
const make = (fields: Record<string, string>, once: string = randomUUID()) =>
  post('/desk/authors', { ...EMPTY, submission: once, ...fields });
const entries = (action: string) =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.findMany({ where: { action }, orderBy: { at: 'asc' } }));

test('the authors of a briefing stand in its byline, in its JSON-LD and in the API; without one the publication does', async () => {
  const page = await at('/briefings/a-signal');
  const links = page.html.querySelectorAll('.byline a[rel="author"]');
  expect(links.map((one) => [one.text, one.getAttribute('href')])).toEqual([
    ['Ada Example', '/authors/ada-example'],
    ['Bo Example', '/authors/bo-example'],
  ]);
  const ld = JSON.parse(page.html.querySelector('script[type="application/ld+json"]')!.text) as { author: unknown };
  expect(ld.author).toMatchObject([{ '@type': 'Person', name: 'Ada Example' }, { name: 'Bo Example' }]);
  const answer = JSON.parse((await at('/api/v1/briefings/a-signal')).text) as { authors: unknown };
  expect(answer.authors).toMatchObject([{ key: 'ada-example', name: 'Ada Example' }, { key: 'bo-example' }]);
  const other = await at('/briefings/another');
  expect(other.text).toContain('"author":{"@type":"Organization"');
  expect(other.html.querySelector('.byline a[rel="author"]')).toBeNull();
});

test('an author has a page with line, links and picture, in every language and process; a former address leads on', async () => {
  const other = await startDossier({ on: dossier.urls });
  try {
    await at('/authors/ada-example', 'visitor', other.url);
    const changed = await change('ada-example', {
      slug: 'ada',
      'line.en': 'Writes about clouds.',
      'line.es': 'Escribe sobre nubes.',
      links: 'https://example.org/ada\nhttps://www.example.net/@ada',
    });
    expect(changed.headers.get('location')).toBe('/desk/authors?done=author-changed');
    const form = new FormData();
    form.append('picture', new Blob([new Uint8Array(await aPicture('png', 600, false))]), 'ada.png');
    const pictured = await fetch(`${dossier.url}/desk/authors/ada/picture`, {
      method: 'POST',
      body: form,
      headers: { ...cast.editor.headers, Origin: dossier.url },
      redirect: 'manual',
    });
    expect(pictured.headers.get('location')).toBe('/desk/authors/ada?done=author-changed');
    await until(async () => (await at('/authors/ada', 'visitor', other.url)).status === 200);
    const page = await at('/es/authors/ada', 'visitor', other.url);
    expect([said(page, 'h1'), said(page, '.dek')]).toEqual(['Ada Example', 'Escribe sobre nubes.']);
    expect(page.html.querySelectorAll('.byline a').map((one) => one.text)).toEqual(['example.org', 'example.net']);
    const src = page.html.querySelector('img.portrait')!.getAttribute('src')!;
    expect((await fetch(`${other.url}${src}`)).status).toBe(200);
    expect(page.html.querySelectorAll('.index a[href="/es/briefings/a-signal"]').length).toBeGreaterThan(0);
    const moved = await at('/authors/ada-example');
    expect([moved.status, moved.headers.get('location')]).toEqual([301, '/authors/ada']);
    expect((await at('/briefings/a-signal')).text).toContain('href="/authors/ada"');
    expect((await at('/authors/ada/feed.xml')).text).toContain('/briefings/a-signal');
    expect((await at('/authors/ada-example/feed.json')).headers.get('location')).toBe('/authors/ada/feed.json');
    expect((await at('/sitemap-sections.xml')).text).toContain('/authors/ada<');
    expect((await post('/desk/authors/ada/picture/remove', {})).status).toBe(303);
    await until(async () => (await fetch(`${other.url}${src}`)).status === 404);
  } finally {
    await other.stop();
  }
});

test('an editor makes an author once, chooses them in an order, and a revision remembers', async () => {
  const once = randomUUID();
  expect((await make({ name: 'Cy Example' }, once)).status).toBe(303);
  expect((await make({ name: 'Cy Example' }, once)).status).toBe(303);
  expect(await entries('author-made')).toHaveLength(1);
  const id = await idOf(dossier, 'another');
  const sheet = await openSheet(dossier, cast.editor, id);
  sheet.fields.set('authors.1', 'cy-example');
  sheet.fields.set('authors.2', 'bo-example');
  expect((await sendSheet(dossier, cast.editor, sheet)).status).toBe(303);
  const again = await openSheet(dossier, cast.editor, id);
  expect([again.fields.get('authors.1'), again.fields.get('authors.2')]).toEqual(['cy-example', 'bo-example']);
  expect((await at('/briefings/another')).text).not.toContain('Cy Example');
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  expect((await at('/briefings/another')).html.querySelector('.byline a[rel=author]')?.text).toBe('Cy Example');
  // Renamed since, they are still found by the revision.
  await change('cy-example', { slug: 'cy' });
  expect((await at(`/desk/briefings/${id}/revisions/2`, 'editor')).text).toContain('Cy Example');
  const page = await at('/authors/cy');
  expect([page.status, page.html.querySelectorAll('.index h2').length]).toEqual([200, 1]);
});

test('what is wrong is said beside its field, and what was typed stays', async () => {
  const page = async (fields: Record<string, string>) => {
    const answer = await make(fields);
    return { status: answer.status, text: answer.text };
  };
  const link = await page({ name: 'Di', links: 'javascript:alert(1)' });
  expect([link.status, link.text.includes('Please write whole web addresses')]).toEqual([422, true]);
  expect(link.text).toContain('value="Di"');
  expect((await page({})).text).toContain('Please write a name.');
  for (const slug of ['ada-example', 'ada', 'bo-example'])
    expect((await page({ name: 'Di', slug })).text).toContain('Another author has or had this address.');
  const before = await formOf('bo-example');
  await change('bo-example', { 'line.en': 'First.' });
  expect((await post('/desk/authors/bo-example', { ...before, 'line.en': 'Second.' })).status).toBe(409);
});

test('an author whom a briefing or a working copy names stays; any other goes', async () => {
  const seen = async (slug: string) =>
    (await at(`/desk/authors/${slug}/delete`, 'editor')).html.querySelector('[name=version]')?.getAttribute('value');
  expect([await seen('ada'), await seen('cy')]).toEqual([undefined, undefined]);
  expect((await post('/desk/authors/cy/delete', { version: 'x' })).status).toBe(409);
  await make({ name: 'Nobody Yet' });
  expect((await post('/desk/authors/nobody-yet/delete', { version: 'x' })).status).toBe(409);
  expect((await post('/desk/authors/nobody-yet/delete', { version: (await seen('nobody-yet'))! })).status).toBe(303);
  expect((await at('/authors/nobody-yet')).status).toBe(404);
  expect(await entries('author-deleted')).toHaveLength(1);
});
