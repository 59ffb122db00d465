import { zipSync } from 'fflate';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { ran } from '../support/command';
import { SESSION_SECRET, startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { aPicture, GIF, PLACE } from '../support/pictures';
import { act, CANARY, check, CHOSEN, idIn, see, stateOf, upload } from './support';

const image = (name: string) => `<img src="__GHOST_URL__/content/images/${name}" alt="">`;
const row = (id: string, more: object) => ({
  ...{ id, title: `Seen ${id}`, slug: `seen-${id}`, type: 'post', status: 'published', visibility: 'public' },
  ...{ published_at: '2024-03-01 09:00:00', html: `<p>Body ${id}</p>` },
  ...more,
});
const POSTS = [
  row('1', {
    html: `<p>Open</p><figure>${image('size/w600/2024/01/Map one.png')}<figcaption>A "map"</figcaption></figure>
      <p><img src="https://elsewhere.example/x.png"> ${image('2024/01/lost.png')} ${image('2024/01/film.gif')}</p>`,
    feature_image: '__GHOST_URL__/content/images/2024/01/head.jpg',
  }),
  row('2', {
    visibility: 'paid',
    html: `<p>Open 2 <img src="https://old.example.org/content/images/2024/01/open.webp" alt="Seen by all"></p>
      <!--members-only--><p>${CANARY} paid</p>${image('2024/02/secret-route.png')}${image('2024/02/lost-secret.png')}`,
  }),
  row('3', { html: image('2024/01/broken.png') }),
  row('4', {
    ...{ type: 'page', slug: 'our-house', feature_image: '__GHOST_URL__/content/images/2024/01/head.jpg' },
    html: `<p>Here</p>${image('2024/03/house.png')}${image('2024/03/lost-too.png')}`,
  }),
];
const EXPORT = JSON.stringify({
  db: [
    {
      data: {
        posts: POSTS,
        posts_meta: [{ post_id: '1', feature_image_alt: 'What the head shows' }],
      },
    },
  ],
});

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;
let files: Record<string, Uint8Array>;
let folder: string;
let id = '';
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
  files = {
    'content/images/2024/01/Map one.png': await aPicture('png', 1, true),
    'content/images/size/w600/2024/01/Map one.png': await aPicture('png', 99, false),
    'content/images/2024/01/head.jpg': await aPicture('jpg', 2, true),
    'content/images/2024/01/film.gif': GIF,
    'content/images/2024/01/open.webp': await aPicture('webp', 3, false),
    'content/images/2024/02/secret-route.png': await aPicture('png', 4, true),
    'content/images/2024/01/broken.png': (await aPicture('png', 5, false)).subarray(0, 400),
    'content/images/2024/03/house.png': await aPicture('png', 7, true),
    'content/images/2024/01/unnamed.png': await aPicture('png', 6, false),
    'content/settings/routes.yaml': Buffer.from('routes:'),
  };
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-pictures-'));
});
afterAll(async () => {
  await dossier.stop();
  rmSync(folder, { recursive: true, force: true });
});

const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const notesOf = (of: string) =>
  dossier.wall
    .read(accountsViewer, (db) => db.importRow.findMany({ where: { importId: of }, orderBy: { number: 'asc' } }))
    .then((rows) => rows.map(({ outcome, notes }) => [outcome, ...notes]));
const pictures = () => dossier.wall.read(editorialViewer, (db) => db.picture.count());
const waiting = () => dossier.wall.read(accountsViewer, (db) => db.importPicture.count());

function send(of: string, file: Uint8Array): Promise<Page> {
  const body = new FormData();
  body.set('file', new Blob([new Uint8Array(file)]), 'content.zip');
  return visit(`${dossier.url}/admin/import/${of}/pictures`, {
    method: 'POST',
    body,
    headers: { Cookie: admin.cookie, Origin: dossier.url },
  });
}

const missing = (page: Page): string[] =>
  page.html.querySelectorAll('table.dense tbody tr').map((line) => line.text.replace(/\s+/g, ' ').trim());

test('what posts show and is not here is listed, and what was checked without it says so', async () => {
  id = idIn(await upload(dossier, admin.cookie, EXPORT, 'ghost.json'));
  const page = await see(dossier, admin.cookie, `/admin/import/${id}/pictures`);
  expect(page.text).toContain('The posts show 10 pictures; 0 of them are here.');
  expect(missing(page)).toContain('Seen 2 __GHOST_URL__/content/images/2024/02/secret-route.png Not sent yet');
  await check(dossier, admin.cookie, id, CHOSEN);
  expect(await notesOf(id)).toEqual([
    [
      'add',
      'post-picture-missing:2024/01/head.jpg, 2024/01/Map one.png, 2024/01/lost.png, 2024/01/film.gif',
      'post-picture-elsewhere:elsewhere.example',
    ],
    ['add', 'post-paid', 'post-picture-missing:2024/01/open.webp', 'post-picture-gated:2'],
    ['refuse', 'post-empty'],
    [
      ...['add', 'page-draft:/our-house'],
      'post-picture-missing:2024/01/head.jpg, 2024/03/house.png, 2024/03/lost-too.png',
    ],
  ]);
});

test('a zip that is none, or shows nothing of the posts, is refused in a sentence', async () => {
  for (const [file, why] of [
    [Buffer.from('PNG'), 'no zip'],
    [zipSync(files).subarray(0, 3_000), 'no zip'],
    [zipSync({ 'content/images/2024/01/unnamed.png': files['content/images/2024/01/unnamed.png']! }), 'No post shows'],
  ] as const) {
    const answer = await send(id, file);
    expect([answer.status, said(answer, '#file-error')]).toEqual([422, expect.stringContaining(why)]);
  }
});

test('a zip of the content folder is taken in, sealed, and asks to be checked again', async () => {
  expect((await send(id, zipSync(files))).status).toBe(303);
  // Twice is nothing twice.
  expect((await send(id, zipSync(files))).status).toBe(303);
  const rows = await dossier.wall.read(accountsViewer, (db) => db.importPicture.findMany({ where: { importId: id } }));
  expect(rows.length).toBe(7);
  expect(rows.some(({ sealed }) => Buffer.from(sealed).includes('PNG'))).toBe(false);
  expect(JSON.stringify(rows.map(({ mark }) => mark))).not.toContain('secret');
  expect((await see(dossier, admin.cookie, `/admin/import/${id}`)).text).toContain('To be matched');
  await check(dossier, admin.cookie, id, CHOSEN);
  expect(await notesOf(id)).toEqual([
    [
      'add',
      'post-picture-elsewhere:elsewhere.example',
      'post-picture-missing:2024/01/lost.png',
      'post-picture-format:2024/01/film.gif',
    ],
    ['add', 'post-paid', 'post-picture-gated:1'],
    ['refuse', 'post-empty'],
    ['add', 'page-draft:/our-house', 'post-picture-missing:2024/03/lost-too.png'],
  ]);
});

test('pictures come with their briefing: what stands behind the paywall is as gated as its text', async () => {
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  expect(await waiting()).toBe(0);
  const first = await at('/briefings/seen-1');
  const shown = first.html.querySelectorAll('.prose img').map((one) => one.getAttribute('alt'));
  expect([shown, said(first, '.prose figcaption')]).toEqual([['A "map"'], 'A "map"']);
  expect(first.html.querySelector('img[alt="What the head shows"]')).not.toBeNull();
  const srcs = async (name: Name) =>
    (await at('/briefings/seen-2', name)).html.querySelectorAll('.prose img').map((one) => one.getAttribute('src')!);
  const [open, gated] = await srcs('alliance');
  expect([await srcs('visitor'), await srcs('circle')]).toEqual([[open], [open]]);
  for (const name of ['visitor', 'circle', 'alliance'] as const)
    expect([name, (await at(open!, name)).status, (await at(gated!, name)).status]).toEqual([
      name,
      200,
      name === 'alliance' ? 200 : 404,
    ]);
  // Drawn anew: where it was taken is in none of them.
  const bytes = await fetch(`${dossier.url}${gated}`, { headers: cast.alliance.headers }).then((it) => it.text());
  expect(bytes).not.toContain(PLACE);
  expect((await see(dossier, admin.cookie, `/admin/import/${id}/pictures`)).text).toContain('are here already');
  expect((await send(id, zipSync(files))).status).toBe(409);
});

test('a page comes with its pictures as a draft, the one at its head first', async () => {
  const page = await dossier.wall.read(editorialViewer, (db) =>
    db.page.findUniqueOrThrow({ where: { slug: 'our-house' }, include: { draft: true } }),
  );
  expect(page.draft!.texts).toMatchObject({
    en: { body: '![Seen 4](head.jpg)\n\nHere\n\n![Seen 4](house.png)' },
  });
  const preview = await at(`/desk/pages/${page.id}/preview`, 'editor');
  const shown = preview.html.querySelectorAll('.prose img').map((one) => one.getAttribute('src')!);
  expect(shown.length).toBe(2);
  for (const src of shown) expect([(await at(src, 'editor')).status, (await at(src)).status]).toEqual([200, 303]);
});

test('taken back, the pictures go with their briefings and pages', async () => {
  expect(await pictures()).toBe(5);
  await act(dossier, admin.cookie, id, 'take-back');
  await stateOf(dossier, id, 'taken-back');
  expect(await pictures()).toBe(0);
});

describe('npm run import --content', () => {
  const bringIn = (...args: string[]) =>
    ran('import', args, {
      ...{ PATH: process.env['PATH'], HOME: folder, PORT: '0', DATA_DIR: path.join(folder, 'data') },
      ...{ DATABASE_URL: dossier.urls.app, DATABASE_OWNER_URL: dossier.urls.owner, SESSION_SECRET },
    });

  test('takes in what posts show out of a folder, and no file besides', async () => {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    writeFileSync(path.join(folder, 'ghost.json'), EXPORT);
    const file = path.join(folder, 'ghost.json');
    const { code, out } = await bringIn('ghost', file, '--content', path.join(folder, 'content'));
    expect([code, out]).toEqual([0, expect.stringContaining('Pictures: 7 of the 10 that the posts show.')]);
    for (const args of [
      ['ghost', file, '--content', path.join(folder, 'nothing')],
      ['members', file, '--content', folder],
      ['ghost', file, '--pictures', folder],
    ])
      expect((await bringIn(...args)).code).toBe(1);
  });
});
