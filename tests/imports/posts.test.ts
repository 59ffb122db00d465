import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { writePage } from '../support/own-pages';
import { said, visit } from '../support/page';
import { act, CANARY, check, CHOSEN, formOn, idIn, see, stateOf, upload } from './support';

const row = (id: string, more: object) => ({
  ...{ id, title: `Post ${id}`, slug: `post-${id}`, type: 'post', status: 'published', visibility: 'public' },
  ...{ published_at: '2024-03-01 09:00:00', custom_excerpt: `Excerpt ${id}`, html: `<p>Body ${id}</p>` },
  ...more,
});
const lexical = JSON.stringify({
  root: {
    children: [
      { type: 'paragraph', children: [{ type: 'text', text: 'Open by Lexical' }] },
      { type: 'paywall' },
      { type: 'paragraph', children: [{ type: 'text', text: `${CANARY} lexical`, format: 1 }] },
    ],
  },
});
const POSTS = [
  row('1', {
    html: '<p>Body 1 <a href="__GHOST_URL__/post-2/">on</a></p><iframe src="x"></iframe>',
    feature_image: 'x',
  }),
  row('2', { visibility: 'paid', html: `<p>Open 2</p><!--members-only--><p>${CANARY} paid</p>` }),
  row('3', { visibility: 'members', html: `<p>${CANARY} members</p>` }),
  row('4', { visibility: 'tiers', html: null, lexical }),
  row('5', { status: 'draft', published_at: null, visibility: 'paid', html: `<p>${CANARY} draft</p>` }),
  row('6', { type: 'page', slug: 'privacy-policy', html: '<h2>What is kept</h2><p>Little.</p><img src="x">' }),
  row('61', { type: 'page', slug: 'briefings' }),
  row('62', { type: 'page', slug: 'about' }),
  row('63', { type: 'page', slug: 'only-some', visibility: 'paid', html: `<p>${CANARY} page</p>` }),
  row('7', { title: '' }),
  row('8', { slug: 'a-signal' }),
  row('9', { slug: 'post-1' }),
  row('10', { html: '' }),
];
const EXPORT = JSON.stringify({
  db: [
    {
      meta: { version: '5.80.0' },
      data: {
        posts: POSTS,
        tags: [
          { id: 't', name: 'Policy Watch', slug: 'policy-watch' },
          { id: 'i', name: '#internal', slug: 'hash-internal', visibility: 'internal' },
        ],
        posts_tags: [
          { post_id: '1', tag_id: 'i', sort_order: 0 },
          { post_id: '1', tag_id: 't', sort_order: 1 },
        ],
        users: [
          {
            ...{ id: 'u', name: 'Ada Example', slug: 'ada', email: 'ada@example.org' },
            ...{ bio: 'Writes about <b>clouds</b>.', website: 'https://example.org/ada', location: 'Hamburg' },
          },
          { id: 'v', name: 'Bo Example', slug: 'bo' },
        ],
        posts_authors: POSTS.map(({ id, type }) => ({
          post_id: id,
          author_id: type === 'page' ? 'v' : 'u',
          sort_order: 0,
        })),
      },
    },
  ],
});

let dossier: Dossier;
let admin: Somebody;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier({ billing: true });
  cast = await enterAll(dossier);
  admin = await somebody(dossier, 'admin');
  await dossier.take('a-signal', { 'en.md': original() });
  await writePage(dossier, 'about');
  await dossier.take('in-policy', { 'en.md': original({ slug: 'in-policy', category: 'policy-watch' }, '') });
});
afterAll(() => dossier.stop());

const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const rowsOf = (id: string) =>
  dossier.wall.read(accountsViewer, (db) =>
    db.importRow.findMany({ where: { importId: id }, orderBy: { number: 'asc' } }),
  );
const briefings = () =>
  dossier.wall.read(editorialViewer, (db) => db.briefing.count({ where: { slug: { startsWith: 'post-' } } }));
let id = '';

test('a file that is no export is refused, and its words are in no answer and no log', async () => {
  for (const [file, why] of [
    [`{"db": ${CANARY}`, 'no JSON'],
    ['{}', 'no posts'],
  ] as const) {
    const answer = await upload(dossier, admin.cookie, file, 'ghost.json');
    expect([answer.status, answer.text.includes(why)]).toEqual([422, true]);
    expect(answer.text).not.toContain(CANARY);
  }
  expect(JSON.stringify(dossier.logged)).not.toContain(CANARY);
});

test('a dry run says what becomes of each post, and why not; what has to be chosen is asked for', async () => {
  id = idIn(await upload(dossier, admin.cookie, EXPORT, 'ghost.json'));
  const form = formOn(await see(dossier, admin.cookie, `/admin/import/${id}`), 'form.section-form');
  expect(form['category.0']).toBe('policy-watch');
  const wrong = await send(dossier, `/admin/import/${id}/check`, { ...form, home: 'x' }, { cookie: admin.cookie });
  expect([wrong.status, wrong.html.querySelectorAll('[aria-invalid]').length > 5]).toEqual([422, true]);
  const page = await check(dossier, admin.cookie, id, CHOSEN);
  expect((await rowsOf(id)).map(({ outcome, notes }) => [outcome, ...notes])).toEqual([
    ['add', 'post-dropped:iframe × 1', 'post-picture-elsewhere:?'],
    ['add', 'post-paid'],
    ['add', 'post-members'],
    ['add', 'post-paid'],
    ['add', 'post-paid'],
    ['add', 'page-draft:/privacy', 'post-picture-elsewhere:?'],
    ['refuse', 'page-slug-reserved:/briefings'],
    ['refuse', 'page-slug-taken:/about'],
    ['refuse', 'page-gated'],
    ['refuse', 'post-title'],
    ['refuse', 'post-slug-taken:a-signal'],
    ['refuse', 'post-twice:1'],
    ['refuse', 'post-empty'],
  ]);
  expect(page.text).toContain('Left out: iframe × 1.');
  expect(page.text).not.toContain(CANARY);
  expect(await briefings()).toBe(0);
});

test('posts become briefings as they were, and nobody reads a gated word who may not', async () => {
  await act(dossier, admin.cookie, id, 'run');
  await stateOf(dossier, id, 'done');
  expect(await briefings()).toBe(5);
  const first = await at('/briefings/post-1');
  expect([said(first, 'h1'), said(first, '.byline a[rel=author]')]).toEqual(['Post 1', 'Ada Example']);
  expect(first.text).toContain('href="/post-2/"');
  const author = await at('/authors/ada');
  expect([said(author, '.dek'), author.html.querySelector('.byline a')?.getAttribute('href')]).toEqual([
    ...['Writes about <b>clouds</b>.', 'https://example.org/ada'],
  ]);
  expect((await at('/categories/policy-watch')).text).toContain('/briefings/post-1');
  for (const slug of ['post-2', 'post-3', 'post-4', 'post-5'])
    for (const name of ['visitor', 'circle'] as const) {
      const page = await at(`/briefings/${slug}`, name);
      expect([slug, name, page.text.includes(CANARY)]).toEqual([slug, name, name === 'circle' && slug === 'post-3']);
    }
  expect((await at('/briefings/post-4')).text).toContain('Open by Lexical');
  expect((await at('/briefings/post-5')).status).toBe(404);
  expect((await at('/briefings/post-2', 'alliance')).text).toContain(`${CANARY} paid`);
  for (const path of [
    '/',
    '/feed.xml',
    '/feed.json',
    `/search?q=${CANARY}`,
    '/api/v1/briefings/post-2',
    '/authors/ada',
  ])
    expect([path, new RegExp(`${CANARY} (?:paid|members|lexical|draft)`).test((await at(path)).text)]).toEqual([
      path,
      false,
    ]);
  expect(JSON.stringify(dossier.logged)).not.toContain(CANARY);
});

test("a page becomes a draft of one's own, at the address that is known here, and nobody reads it before it is published", async () => {
  const page = () =>
    dossier.wall.read(editorialViewer, (db) =>
      db.page.findUnique({ where: { slug: 'privacy' }, include: { draft: true, formerSlugs: true } }),
    );
  const draft = await page();
  expect(draft?.draft?.texts).toEqual({
    en: { title: 'Post 6', description: 'Excerpt 6', body: '## What is kept\n\nLittle.' },
  });
  expect(draft?.draft?.authors).toEqual([{ key: 'bo', name: 'Bo Example' }]);
  expect(draft?.formerSlugs.map(({ slug }) => slug)).toEqual(['privacy-policy']);
  expect([(await at('/privacy')).status, (await at('/privacy-policy')).status]).toEqual([404, 404]);
  const list = await see(dossier, admin.cookie, `/admin/import/${id}?outcome=added`);
  expect(list.text).toContain(`/desk/pages/${draft?.id}`);
});

test('old addresses lead on for whoever meets the briefing', async () => {
  const moved = await at('/post-2');
  expect([moved.status, moved.headers.get('location')]).toEqual([301, '/briefings/post-2']);
  expect([(await at('/post-2/')).headers.get('location'), (await at('/post-5')).status]).toEqual(['/post-2', 404]);
});

test('what was sealed is gone when it is done, and no table but passages has held it', async () => {
  const kept = await dossier.wall.read(accountsViewer, (db) => db.importText.count());
  expect(kept).toBe(0);
  expect(JSON.stringify(await rowsOf(id))).not.toContain(CANARY);
});

test('an import is taken back whole; what was written in since stays', async () => {
  const briefing = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findUniqueOrThrow({ where: { slug: 'post-1' } }),
  );
  await dossier.wall.write(editorialViewer, (db) =>
    db.correction.create({ data: { briefingId: briefing.id }, select: { id: true } }),
  );
  const asked = await see(dossier, admin.cookie, `/admin/import/${id}/take-back`);
  for (const sentence of ['5 briefings are deleted, the last first.', 'The draft of 1 page is deleted.'])
    expect(asked.text).toContain(sentence);
  await act(dossier, admin.cookie, id, 'take-back');
  await stateOf(dossier, id, 'taken-back');
  // The briefing that stays names one of the two whom the import has brought along.
  const authors = await dossier.wall.read(editorialViewer, (db) => db.author.findMany({ select: { slug: true } }));
  expect(authors.map(({ slug }) => slug)).toEqual(['ada']);
  expect((await rowsOf(id)).filter(({ outcome }) => outcome === 'kept').map(({ notes }) => notes)).toEqual([
    ['kept-edited'],
  ]);
  expect(await briefings()).toBe(1);
  const pages = await dossier.wall.read(editorialViewer, (db) => db.page.findMany({ select: { slug: true } }));
  expect(pages.map(({ slug }) => slug).filter((slug) => slug === 'privacy')).toEqual([]);
  expect([(await at('/post-2')).status, (await at('/briefings/post-2')).status]).toEqual([404, 404]);
});

test('broken off between a briefing and its row, an import goes on and makes nothing twice', async () => {
  const again = idIn(await upload(dossier, admin.cookie, EXPORT.replaceAll('post-', 'later-'), 'ghost.json'));
  await check(dossier, admin.cookie, again, CHOSEN);
  await act(dossier, admin.cookie, again, 'run');
  await stateOf(dossier, again, 'done');
  const before = await dossier.wall.read(editorialViewer, (db) => db.briefing.count());
  // As a process leaves it that dies after the first briefing: what is sealed is there, the rows say nothing.
  const third = idIn(await upload(dossier, admin.cookie, EXPORT.replaceAll('post-', 'third-'), 'ghost.json'));
  await check(dossier, admin.cookie, third, CHOSEN);
  const { id: made } = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findUniqueOrThrow({ where: { slug: 'later-1' }, select: { id: true } }),
  );
  await dossier.wall.write(editorialViewer, (db) =>
    db.formerPath.update({ where: { path: '/later-1' }, data: { importId: third, importRow: 1 } }),
  );
  await act(dossier, admin.cookie, third, 'run');
  await stateOf(dossier, third, 'done');
  expect((await rowsOf(third))[0]).toMatchObject({ outcome: 'added', briefingId: made });
  expect(await dossier.wall.read(editorialViewer, (db) => db.briefing.count())).toBe(before + 4);
});
