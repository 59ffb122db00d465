import sharp from 'sharp';
import { editorialViewer, visitor } from '../../src/access/viewer';
import { enterAll, type Member, type Name } from '../support/cast';
import { fieldsOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { saying, writePage } from '../support/own-pages';
import { said, visit, type Page } from '../support/page';
import { aPicture, GIF, PLACE } from '../support/pictures';

/** Pictures on the publisher's own pages: added at the desk, named by texts, seen while readers have that text. */
let dossier: Dossier;
let cast: Record<Name, Member>;
const see = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const post = (path: string, fields: Record<string, string> | string, name: Name = 'admin') =>
  send(dossier, path, fields, { cookie: cast[name].headers['Cookie']! });
const where = ({ headers }: Page) => headers.get('location')!;
const kept = () => dossier.wall.read(editorialViewer, (db) => db.picture.count());

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

function upload(
  desk: string,
  bytes: Uint8Array | null,
  name = 'Harbour map.png',
  more: Readonly<Record<string, string>> = {},
): Promise<Page> {
  const body = new FormData();
  body.set('picture', new Blob(bytes ? [new Uint8Array(bytes)] : []), bytes ? name : '');
  const headers = { ...cast.editor.headers, Origin: dossier.url, ...more };
  return visit(`${dossier.url}${desk}/pictures`, { method: 'POST', body, headers });
}

async function write(desk: string, changes: Record<string, string>): Promise<Page> {
  const fields = fieldsOf(await see(desk, 'admin'));
  for (const [name, value] of Object.entries(changes)) fields.set(name, value);
  return post(desk, fields.toString());
}

async function act(desk: string, name: string, more: Record<string, string> = {}): Promise<Page> {
  const page = await see(`${desk}/publish`, 'admin');
  const version = page.html.querySelector('input[name=version]')?.getAttribute('value') ?? '';
  return post(`${desk}/publish`, { act: name, version, sure: '1', ...more });
}

const begin = async (slug: string, texts: Record<string, string> = { en: 'A page' }): Promise<string> =>
  `/desk/pages/${await writePage(dossier, slug, { content: saying(texts) })}`;

const images = (page: Page) =>
  page.html.querySelectorAll('.prose img').map((one) => [one.getAttribute('src'), one.getAttribute('alt')]);
/** Whether somebody is shown a picture, by its address. */
const seen = async (src: string, name: Name = 'visitor') => (await see(src, name)).status;

test('a picture is drawn anew, and nobody sees it before a text that shows it is published', async () => {
  const desk = await begin('about', { en: 'About us', es: 'Quiénes somos' });
  const none = await see(`${desk}/pictures`, 'editor');
  expect([none.text.includes('There are no pictures yet.'), none.text.includes('Back to the text')]).toEqual([
    true,
    true,
  ]);
  const added = await upload(desk, await aPicture('png', 1, true));
  expect([added.status, where(added)]).toEqual([
    303,
    `${desk}/pictures?done=pictured&added=harbour-map.png#picture-harbour-map-png`,
  ]);
  // The same again has the name that it has; another one gets one of its own.
  expect(where(await upload(desk, await aPicture('png', 1, true), 'x.png'))).toContain('added=harbour-map.png');
  expect(where(await upload(desk, await aPicture('png', 2, false)))).toContain('added=harbour-map-2.png');
  const atDesk = await fetch(`${dossier.url}${desk}/pictures/harbour-map.png`, { headers: cast.editor.headers });
  expect(Buffer.from(await atDesk.arrayBuffer()).includes(PLACE)).toBe(false);
  const [id] = await dossier.wall.read(editorialViewer, (db) =>
    db.pagePicture.findMany({ where: { name: 'harbour-map.png' }, select: { pictureId: true } }),
  );
  const src = `/pictures/${id!.pictureId}.png`;
  await write(desk, {
    'body.en': '![The harbour](harbour-map.png "Seen from above")',
    'body.es': 'El puerto:\n\n![El puerto](harbour-map.png)',
  });
  expect((await see(`${desk}/preview`, 'editor')).text).toContain(`src="${desk}/pictures/harbour-map.png?of=`);
  expect([await seen(src), await seen(src, 'editor')]).toEqual([404, 404]);
  await act(desk, 'publish', { when: '2999-01-01T08:00' });
  expect(await seen(src)).toBe(404);
  await act(desk, 'unschedule');
  expect((await act(desk, 'publish')).status).toBe(303);
  const page = await see('/about');
  expect([images(page), said(page, 'figcaption')]).toEqual([[[src, 'The harbour']], 'Seen from above']);
  expect(page.html.querySelector('.prose img')?.getAttribute('srcset')).toContain('-480.webp 480w');
  expect(images(await see('/es/about'))).toEqual([[src, 'El puerto']]);
  for (const name of ['visitor', 'stranger', 'admin'] as const) expect(await seen(src, name)).toBe(200);
  expect(await seen(src.replace('.png', '-480.webp'))).toBe(200);
});

test('what is not there or says nothing of itself is marked, and not published', async () => {
  const desk = await begin('method');
  for (const body of ['![A chart](nowhere.png)', '![](https://elsewhere.example/x.png)']) {
    await write(desk, { 'body.en': body });
    expect((await see(desk, 'editor')).text).toContain('It names a picture that is not among those of the page');
    const refused = await act(desk, 'publish');
    expect([refused.status, refused.text.includes('A text names a picture that is not among those')]).toEqual([
      422,
      true,
    ]);
  }
  for (const [bytes, status] of [
    [null, 422],
    [GIF, 422],
  ] as const)
    expect((await upload(desk, bytes, 'x.gif')).status).toBe(status);
  // The editor's page sends pictures itself, and is told where they are.
  const script = { Accept: 'application/json' };
  const added = await upload(desk, await aPicture('png', 9, false), 'a.png', script);
  expect([added.status, JSON.parse(added.text)]).toEqual([200, { outcome: 'kept', name: 'a.png' }]);
  const refused = await upload(desk, GIF, 'a.gif', script);
  expect([refused.status, JSON.parse(refused.text)]).toMatchObject([422, { outcome: 'refused' }]);
});

test('it goes with the text that showed it, and comes back with the revision', async () => {
  const desk = await begin('team');
  await upload(desk, await aPicture('png', 3, false), 'team.png');
  await write(desk, { 'body.en': '![The team](team.png)' });
  await act(desk, 'publish');
  const [[src]] = images(await see('/team')) as [[string]];
  const used = await post(`${desk}/pictures/team.png/remove`, '');
  expect([used.status, used.text.includes('a text shows it')]).toEqual([409, true]);
  await write(desk, { 'body.en': 'No picture.' });
  expect(await seen(src)).toBe(200);
  expect(where(await post(`${desk}/pictures/team.png/remove`, ''))).toBe(`${desk}/pictures?done=unpictured`);
  expect([await seen(src), images(await see('/team'))]).toEqual([200, [[src, 'The team']]]);
  await act(desk, 'publish');
  expect(await seen(src)).toBe(404);
  // Its name is kept for it: an old text shows what it showed.
  expect(where(await upload(desk, await aPicture('png', 4, false), 'team.png'))).toContain('added=team-2.png');
  expect((await post(`${desk}/revisions/2/restore`, '')).status).toBe(303);
  await act(desk, 'publish');
  expect([images(await see('/team')), await seen(src)]).toEqual([[[src, 'The team']], 200]);
});

test('it is gone while the page is archived, and for good with it; a version keeps its own', async () => {
  const [desk, terms] = [await begin('moving'), await begin('terms')];
  const before = await kept();
  for (const [one, tint] of [
    [desk, 5],
    [terms, 6],
  ] as const) {
    await upload(one, await aPicture('png', tint, false), 'shown.png');
    await write(one, { 'body.en': '![Shown](shown.png)' });
    await act(one, 'publish');
  }
  const [[src]] = images(await see('/moving')) as [[string]];
  const [[ofTerms]] = images(await see('/terms')) as [[string]];
  await act(desk, 'archive');
  await act(terms, 'archive');
  expect([await seen(src), await seen(ofTerms), images(await see('/terms/versions/2'))]).toEqual([
    404,
    200,
    [[ofTerms, 'Shown']],
  ]);
  await act(desk, 'unarchive');
  expect(await seen(src)).toBe(200);
  await act(desk, 'archive');
  await act(desk, 'delete');
  expect([await seen(src), await kept()]).toEqual([404, before + 1]);
});

test('a wide one has sizes, and only those of the questions show none', async () => {
  const desk = await begin('questions');
  expect((await see(`${desk}/pictures`, 'editor')).status).toBe(404);
  expect((await upload(desk, await aPicture('png', 7, false))).status).toBe(404);
  const wide = await sharp({ create: { width: 1800, height: 40, channels: 3, background: '#123' } })
    .png()
    .toBuffer();
  const contact = await begin('contact');
  await upload(contact, wide, 'wide.png');
  await write(contact, { 'body.en': '![Wide](wide.png)' });
  await act(contact, 'publish');
  expect((await see('/contact')).html.querySelector('.prose img')?.getAttribute('srcset')).toContain('1600w');
});

test('Postgres alone shows nobody a picture that no page shows', async () => {
  const asVisitor = await dossier.wall.read(visitor, (db) =>
    db.pageRevisionPicture.findMany({ select: { name: true }, orderBy: { name: 'asc' } }),
  );
  expect(asVisitor.map(({ name }) => name)).toEqual(['harbour-map.png', 'shown.png', 'team.png', 'wide.png']);
});
