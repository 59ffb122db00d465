import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { original, PASSAGES, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { meta, said, visit, type Page } from '../support/page';
import { aPicture } from '../support/pictures';

let dossier: Dossier;
let cast: Record<Name, Member>;
let id: string;
const at = (path: string, name: Name | null = null) =>
  visit(`${dossier.url}${path}`, name ? { headers: cast[name].headers } : {});
const post = (path: string, fields: Record<string, string> = {}, name: Name = 'editor') =>
  send(dossier, path, new URLSearchParams(fields).toString(), { cookie: cast[name].headers['Cookie'] ?? '' });
const old = (text: string) =>
  original(
    { cover: 'cover.png' },
    PASSAGES.replaceAll('GATED', `OLD ${text}`).replace('OLD', '![Routes](routes.png)\n\nOLD'),
  )
    .replace('A lead in English', 'An old lead')
    .replace('title: A', 'cover-alt: A harbour.\ntitle: A')
    .replace('The open body.', 'The old body.\n\n![A map](map.png)');

const OF = '/briefings/a-signal/revisions';

/** 1 with old texts, 2 a draft in between, 3 as readers have it now. */
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  const pictures = {
    'cover.png': await aPicture('png', 10, false),
    'map.png': await aPicture('png', 90, false),
    'routes.png': await aPicture('png', 170, false),
  };
  await dossier.take('a-signal', { 'en.md': old('of one'), 'es.md': SPANISH, ...pictures });
  await dossier.take('a-signal', {
    'en.md': original({ state: 'draft' }, PASSAGES.replaceAll('GATED', 'NEVER')),
    'es.md': SPANISH,
  });
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[older]' }), 'es.md': SPANISH });
  id = await idOf(dossier, 'a-signal');
});
afterAll(() => dossier.stop());

/** The pictures that a page shows. */
const picturesOn = (page: Page) =>
  page.html
    .querySelectorAll('img')
    .map((one) => one.getAttribute('src')!)
    .filter((src) => src.startsWith('/pictures/'));

test('a former revision says that it is one, shows what the viewer may read of it by the matrix of today, and is found by no search engine', async () => {
  const page = await at(`${OF}/1`);
  expect([page.status, meta(page, 'robots')]).toEqual([200, 'noindex']);
  expect(page.html.querySelector('link[rel=canonical]')!.getAttribute('href')).toBe(
    `${dossier.url}/briefings/a-signal`,
  );
  expect(said(page, '.as-it-was')).toMatch(/Revision 1 This is not the newest text\. Readers had it from .* until /);
  expect(said(page, '.lead')).toContain('An old lead');
  expect(page.text).not.toMatch(/OLD|GATED|NEVER|routes\.png/);
  expect(page.html.querySelectorAll('.gate').length).toBeGreaterThan(0);
  const circle = await at(`${OF}/1`, 'circle');
  expect(circle.text).toContain('OLD of one trend text.');
  expect(circle.text).not.toMatch(/OLD of one evidence|GATED/);
  const alliance = await at(`${OF}/1`, 'alliance');
  for (const text of ['trend', 'evidence', 'failure path', 'source note'])
    expect(alliance.text).toContain(`OLD of one ${text} text.`);
  // Each field falls back by itself.
  const spanish = await at(`/es${OF}/1`);
  expect(said(spanish, 'h1')).toContain('Una señal en español');
  expect(said(spanish, '.lead')).toMatch(/An old lead.*inglés/);
});

test('its pictures are seen by whom its texts are open to, and by nobody else', async () => {
  const [open, gated] = [picturesOn(await at(`${OF}/1`)), picturesOn(await at(`${OF}/1`, 'circle'))];
  expect([open.length, gated.length]).toEqual([2, 3]);
  const routes = gated.find((src) => !open.includes(src))!;
  for (const src of open) expect((await at(src)).status).toBe(200);
  expect(await Promise.all([at(routes), at(routes, 'circle')])).toMatchObject([{ status: 404 }, { status: 200 }]);
});

test('the one that readers have now is under its address too; what they never had is not', async () => {
  const page = await at(`${OF}/3`, 'alliance');
  expect(said(page, '.as-it-was')).toContain('This is the newest text');
  expect(page.text).toContain('GATED evidence text.');
  for (const number of ['2', '4', '0', 'x', '01', '1e3'])
    for (const name of [null, 'alliance', 'editor'] as const)
      expect([number, (await at(`${OF}/${number}`, name)).status]).toEqual([number, 404]);
  expect((await at('/briefings/older/revisions/1')).headers.get('location')).toMatch(/a-signal\/revisions\/1$/);
  expect((await at('/briefings/nobody-wrote-this/revisions/1')).status).toBe(404);
  expect((await at('/briefings/a-signal/citation.txt')).text).toContain(`${dossier.url}${OF}/3\n`);
});

test('what changed is said field by field, in what the viewer may read', async () => {
  const labels = (page: Page) =>
    page.html.querySelectorAll('.changes dt').map((one) => one.text.trim().split(/\s{2,}/)[0]);
  const changes = (name: Name | null) => at(`${OF}/1/changes?to=3`, name);
  const page = await changes(null);
  expect(labels(page)).toEqual(['Lead paragraph', 'Text', 'What the cover shows', 'Cover']);
  expect(page.html.querySelector('.change del')!.text).toContain('An old');
  expect(page.text).not.toMatch(/OLD|GATED|NEVER/);
  expect(page.text).toContain('Passages that are not open to you are not compared.');
  const circle = await changes('circle');
  expect(circle.text).toMatch(/OLD of one/);
  expect(circle.text).not.toContain('evidence text');
  expect((await changes('alliance')).text).toContain('evidence text');
  expect(labels(await at(`${OF}/1/changes`))).toEqual(labels(page));
  expect((await at(`${OF}/3/changes?to=3`)).text).toContain('Nothing that you can read here has changed.');
  for (const part of ['/2/changes', '/1/changes?to=2', '/9/changes']) expect((await at(OF + part)).status).toBe(404);
  expect((await at(`${OF}/1/changes?to=x`)).status).toBe(400);
  const list = await at(OF);
  expect(list.html.querySelectorAll('.revisions .row-name').map((one) => one.text)).toEqual([
    'Revision 3',
    'Revision 1',
  ]);
  expect(list.html.querySelector('.revisions a[href*=changes]')!.getAttribute('href')).toBe(`${OF}/1/changes?to=3`);
});

test('no revision opens while its briefing is withdrawn, nor to whom its embargo keeps it from', async () => {
  expect((await doAct(dossier, cast.editor, id, 'unpublish')).status).toBe(303);
  for (const part of ['', '/1', '/3', '/1/changes'])
    for (const name of [null, 'alliance', 'editor'] as const)
      expect([part, (await at(OF + part, name)).status]).toEqual([part, 404]);
  const early = '\n    tier: leadership-alliance\n    until: 2999-01-01T00:00:00Z';
  const take = (fields: Record<string, string>) =>
    dossier.take('a-signal', { 'en.md': original(fields), 'es.md': SPANISH });
  await take({ early, formerly: '[older]' });
  expect(await Promise.all([at(`${OF}/1`), at(`${OF}/1`, 'circle'), at(`${OF}/1`, 'alliance')])).toMatchObject([
    { status: 404 },
    { status: 404 },
    { status: 200 },
  ]);
  await take({ formerly: '[older]' });
  // Published for a tier first: what came out under an embargo stays under it.
  expect(await Promise.all([at(`${OF}/1`), at(`${OF}/5`), at(`${OF}/5`, 'alliance')])).toMatchObject([
    { status: 200 },
    { status: 404 },
    { status: 200 },
  ]);
});

describe('a revision that an editor closes', () => {
  const section = () => `/desk/briefings/${id}/revisions/1`;
  const endedPassages = () =>
    dossier.wall.read({ role: 'reader', rank: 20 }, (db) =>
      db.passage.count({ where: { briefingId: id, text: { contains: 'OLD' } } }),
    );

  test('is asked for, with a reason', async () => {
    expect((await at(`${section()}`, 'editor')).html.querySelector(`a[href="${section()}/close"]`)).not.toBeNull();
    const ask = await at(`${section()}/close`, 'editor');
    expect(said(ask, 'h1')).toBe('Close revision 1 to readers?');
    for (const reason of ['', '   ', 'x'.repeat(301)]) {
      const refused = await post(`${section()}/close`, { reason });
      expect([refused.status, said(refused, '#reason-error')]).toEqual([422, expect.stringContaining('Give a reason')]);
      expect(refused.html.querySelector('#reason')!.getAttribute('value')).toBe(reason.trim());
    }
    expect((await post(`${section()}/close`)).status).toBe(400);
    expect((await at(`${OF}/1`)).status).toBe(200);
    // What readers have now is withdrawn with its briefing, and what they never had cannot be closed.
    for (const number of [2, 9, (await currentOf())!])
      for (const act of ['close', 'reopen'])
        expect((await post(`/desk/briefings/${id}/revisions/${number}/${act}`, { reason: 'x' })).status).toBe(404);
    expect((await post(`${section()}/close`, { reason: 'x' }, 'alliance')).status).toBe(404);
  });

  test('is 410 with that reason for everybody, and its passages are shut in Postgres and with its pictures', async () => {
    const picture = picturesOn(await at(`${OF}/1`, 'circle'));
    expect(await endedPassages()).toBeGreaterThan(3);
    expect((await post(`${section()}/close`, { reason: 'A name was <wrong>.' })).status).toBe(303);
    for (const name of [null, 'circle', 'alliance', 'editor'] as const) {
      const page = await at(`${OF}/1`, name);
      expect([page.status, page.headers.get('cache-control')]).toEqual([410, 'no-store']);
      expect(said(page, '.notice')).toContain('A name was <wrong>.');
      expect(page.text).toContain('A name was &lt;wrong&gt;.');
      expect(page.text).not.toMatch(/OLD|old lead/);
      for (const part of ['/1/changes', '/3/changes?to=1']) expect((await at(OF + part, name)).status).toBe(410);
    }
    expect(await endedPassages()).toBe(0);
    for (const src of picture) expect([src, (await at(src, 'circle')).status]).toEqual([src, 404]);
    expect(said(await at(`/es${OF}`), '.revisions')).toContain('A name was');
    expect((await at(`${section()}/close`, 'editor')).status).toBe(404);
    // Twice is once.
    expect((await post(`${section()}/close`, { reason: 'again' })).status).toBe(303);
    expect(said(await at(section(), 'editor'), 'main')).toContain('It is closed to them. A name was');
    // The desk reads what it wrote.
    expect(
      await dossier.wall.read(editorialViewer, (db) =>
        db.passage.count({ where: { briefingId: id, untilRevision: 2 } }),
      ),
    ).toBeGreaterThan(3);
  });

  test('opens again, and both are in the log', async () => {
    expect(said(await at(`${section()}/reopen`, 'editor'), 'h1')).toContain('again?');
    expect((await post(`${section()}/reopen`)).status).toBe(303);
    expect((await at(`${OF}/1`, 'circle')).text).toContain('OLD of one trend text.');
    expect((await post(`${section()}/reopen`)).status).toBe(303);
    const entries = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({ where: { action: { startsWith: 'revision-' } }, orderBy: { at: 'asc' } }),
    );
    expect(entries.map(({ action, after }) => [action, after])).toEqual([
      ['revision-closed', { revision: 1, closed: '1', reason: 'A name was <wrong>.' }],
      ['revision-reopened', { revision: 1 }],
    ]);
  });

  test('takes those before it along where that is meant', async () => {
    expect(said(await at(`/desk/briefings/${id}/revisions/3/close`, 'editor'), '.check')).toBe(
      'And the one before it that readers can still open',
    );
    await post(`/desk/briefings/${id}/revisions/3/close`, { reason: 'Both.', earlier: '1' });
    for (const number of [1, 3]) expect((await at(`${OF}/${number}`, 'alliance')).status).toBe(410);
  });

  const currentOf = async () =>
    (await dossier.wall.read(editorialViewer, (db) => db.briefing.findUnique({ where: { id } })))?.revision;
});

test('what is no reader’s is no reader’s: neither rows of revisions nor the names of their pictures', async () => {
  await dossier.wall.read({ role: 'reader', rank: 20 }, async (db) => {
    expect(await db.revision.count()).toBe(0);
    const rows = await db.$queryRaw<{ kept: object }[]>`SELECT wall.published_revision(${id}::uuid, 5) AS kept`;
    expect(Object.keys(rows[0]!.kept)).not.toContain('figures');
    expect(await db.$queryRaw`SELECT wall.published_revision(${id}::uuid, 2) AS kept`).toEqual([{ kept: null }]);
    await expect(db.$executeRaw`DELETE FROM closed_revisions`).rejects.toThrow();
  });
});
