import sharp from 'sharp';
import { editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { ask, briefingIn } from '../support/api';
import { original, PASSAGES, SPANISH } from '../support/briefing';
import { enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet, pushOutRestorePoints } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { PNG } from '../support/pictures';

let dossier: Dossier;
let cast: Record<Name, Member>;
let id: string;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const section = () => `/desk/briefings/${id}/pictures`;
const stored = () =>
  dossier.wall
    .read(editorialViewer, (db) => db.picture.findMany({ select: { id: true } }))
    .then((rows) => rows.map((row) => row.id));

/** A picture of its own, `width` wide; its tint makes its bytes differ. */
const draw = (width: number, tint: number) =>
  sharp({ create: { width, height: Math.ceil(width / 2), channels: 3, background: { r: tint, g: 80, b: 120 } } });

async function upload(
  bytes: Uint8Array | null,
  {
    name = 'Trade routes.png',
    as = 'editor',
    to = section(),
    script = false,
  }: { name?: string; as?: Name; to?: string; script?: boolean } = {},
): Promise<Page> {
  const form = new FormData();
  form.set('picture', new Blob(bytes ? [new Uint8Array(bytes)] : []), bytes ? name : '');
  return visit(`${dossier.url}${to}`, {
    method: 'POST',
    body: form,
    headers: { ...cast[as].headers, Origin: dossier.url, ...(script ? { Accept: 'application/json' } : {}) },
  });
}

const nameOf = (page: Page) => new URL(page.headers.get('location')!, dossier.url).searchParams.get('added')!;

/** Types over fields of the editor's page. */
async function type(changes: Readonly<Record<string, string>>): Promise<void> {
  const sheet = await openSheet(dossier, cast.editor, id);
  expect((await sendSheet(dossier, cast.editor, sheet, changes)).status).toBe(303);
}

/** Closes every revision that readers had before: what stood in one of them is where it stands now alone. */
const closeFormer = () =>
  dossier.wall.write(editorialViewer, async (db) => {
    const where = { briefingId: id, endedAt: { not: null } };
    const rows = await db.publishedRevision.findMany({ where, select: { briefingId: true, number: true } });
    const data = rows.map((row) => ({ ...row, reason: 'A picture was wrong.', lang: 'en' }));
    await db.closedRevision.createMany({ data, skipDuplicates: true });
  });

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());
beforeEach(async () => {
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  id = await idOf(dossier, 'a-signal');
});
afterEach(async () => {
  await send(dossier, `/desk/briefings/${id}/discard`, {}, { cookie: cast.editor.headers['Cookie']! });
  expect(dossier.logged).toEqual([]);
});

const READS: readonly Name[] = ['alliance', 'inGrace', 'comped', 'trial', 'editor', 'admin'];
const READS_NOT: readonly Name[] = [
  'visitor',
  'stranger',
  'circle',
  'lapsed',
  'notYet',
  'revoked',
  'suspended',
  'support',
];

test('a picture in a passage is as gated as the passage: at every address, in every size, to everybody', async () => {
  const added = await upload(
    await draw(1200, 10)
      .withExif({ IFD0: { Artist: 'SECRETNAME' } })
      .png()
      .toBuffer(),
  );
  expect([added.status, nameOf(added)]).toEqual([303, 'trade-routes.png']);
  await type({
    'evidence.a-tie.text.en': 'GATED evidence text.\n\n![A map of GATED routes](trade-routes.png "GATED caption")',
  });
  const draft = (await at(section())).html.querySelector('.desk-pictures img')!.getAttribute('src')!;
  expect([(await at(draft)).status, (await at(draft)).headers.get('cache-control')]).toEqual([
    200,
    'private, no-store',
  ]);
  for (const name of [...READS_NOT, 'alliance'] as const)
    expect([name, (await at(draft, name)).status]).toEqual([
      name,
      cast[name].headers['Cookie'] && name !== 'suspended' ? 404 : 303,
    ]);
  const [before] = await stored();
  for (const name of READS) expect([name, (await at(`/pictures/${before}.png`, name)).status]).toEqual([name, 404]);

  const previews = { 'strategy-circle': false, 'leadership-alliance': true };
  for (const [as, shows] of Object.entries(previews)) {
    const page = await at(`/desk/briefings/${id}/preview?as=${as}`);
    expect([as, page.html.querySelector('.prose img')?.getAttribute('src')]).toEqual([as, shows ? draft : undefined]);
    expect(page.text.includes('trade-routes')).toBe(shows);
  }

  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
  const figure = (await at('/briefings/a-signal', 'alliance')).html.querySelector('.prose figure')!;
  const image = figure.querySelector('img')!;
  expect(['alt', 'width', 'height', 'loading'].map((one) => image.getAttribute(one))).toEqual([
    'A map of GATED routes',
    '1200',
    '600',
    'lazy',
  ]);
  expect(figure.querySelector('figcaption')!.text).toBe('GATED caption');
  const addresses = [
    image.getAttribute('src')!,
    ...image
      .getAttribute('srcset')!
      .split(', ')
      .map((one) => one.split(' ')[0]!),
  ];
  expect(new Set(addresses).size).toBe(3);
  for (const address of new Set(addresses)) {
    for (const name of READS) {
      const answer = await at(address, name);
      expect([name, answer.status, answer.headers.get('cache-control')]).toEqual([name, 200, 'private, no-cache']);
      expect(
        (
          await visit(`${dossier.url}${address}`, {
            headers: { ...cast[name].headers, 'If-None-Match': answer.headers.get('etag')! },
          })
        ).status,
      ).toBe(304);
    }
    const tag = (await at(address, 'alliance')).headers.get('etag')!;
    for (const name of READS_NOT) {
      expect([name, (await at(address, name)).status]).toEqual([name, 404]);
      expect([
        name,
        (await visit(`${dossier.url}${address}`, { headers: { ...cast[name].headers, 'If-None-Match': tag } })).status,
      ]).toEqual([name, 404]);
    }
  }
  for (const name of READS_NOT)
    expect([
      name,
      (await at('/briefings/a-signal', name)).text.includes('trade-routes') ||
        (await at('/briefings/a-signal', name)).text.includes(image.getAttribute('src')!),
    ]).toEqual([name, false]);
  const kept = Buffer.from(
    await (await fetch(`${dossier.url}${addresses[0]!}`, { headers: cast.alliance.headers })).arrayBuffer(),
  );
  expect(kept.includes('SECRETNAME')).toBe(false);
});

test('the API names a picture where the text is open, and a token that reads it finds it', async () => {
  await dossier.take('a-signal', {
    'en.md': original({}, PASSAGES.replace('GATED evidence text.', '![GATED](routes.png)')).replace(
      'The open body.',
      'The open body. ![Open](open.png)',
    ),
    'routes.png': await draw(20, 1).png().toBuffer(),
    'open.png': PNG,
  });
  const [circle, alliance] = [await tokenFor(dossier, cast.circle.id!), await tokenFor(dossier, cast.alliance.id!)];
  const read = briefingIn(await ask(`${dossier.url}/api/v1/briefings/a-signal`, { token: alliance }));
  const [gated] = read.passages.find(({ kind }) => kind === 'evidence')!.pictures;
  expect([gated!.name, gated!.width, gated!.height]).toEqual(['routes.png', 20, 10]);
  const here = (url: string) => url.replace(/^https?:\/\/[^/]+/, dossier.url);
  const status = async (url: string, token?: string) => (await ask(here(url), token ? { token } : {})).status;
  expect([
    await status(gated!.url),
    await status(gated!.url, circle),
    await status(gated!.url, alliance),
    await status(gated!.url, 'wrong'),
  ]).toEqual([404, 404, 200, 401]);
  const [open] = read.body!.pictures;
  expect([await status(open!.url), await status(open!.url, circle)]).toEqual([200, 200]);
  expect(briefingIn(await ask(`${dossier.url}/api/v1/briefings/a-signal`, { token: circle })).body!.pictures).toEqual([
    open,
  ]);
  expect([
    await status(`${dossier.url}/api/v1/pictures/x.png`, alliance),
    await status(`${open!.url}?as=admin`),
  ]).toEqual([404, 400]);
});

test("a picture that stands in the open body too is everybody's; one with an embargo opens by itself", async () => {
  const files = (tail: Readonly<Record<string, string | null>>, body: string) => ({
    'en.md': original(tail, PASSAGES.replace('GATED trend text.', 'GATED ![A map](map.png)')).replace(
      'The open body.',
      body,
    ),
    'map.png': PNG,
  });
  await dossier.take(
    'a-signal',
    files(
      { stricter: '\n    trend/trend: leadership-alliance', until: '\n    trend/trend: 2999-01-01T00:00:00Z' },
      'The open body.',
    ),
  );
  const src = (await at('/briefings/a-signal', 'alliance')).html.querySelector('.prose img')!.getAttribute('src')!;
  await closeFormer();
  expect([(await at(src, 'circle')).status, (await at(src, 'visitor')).status]).toEqual([404, 404]);
  await dossier.take(
    'a-signal',
    files(
      { stricter: '\n    trend/trend: leadership-alliance', until: '\n    trend/trend: 2020-01-01T00:00:00Z' },
      'The open body.',
    ),
  );
  expect([(await at(src, 'circle')).status, (await at(src, 'visitor')).status]).toEqual([200, 404]);
  await dossier.take('a-signal', files({}, 'The open body. ![A map](map.png)'));
  expect([(await at(src, 'visitor')).status, (await at(src, 'visitor')).headers.get('cache-control')]).toEqual([
    200,
    'public, no-cache',
  ]);
  await doAct(dossier, cast.editor, id, 'unpublish');
  for (const name of ['visitor', 'alliance'] as const) expect((await at(src, name)).status).toBe(404);
});

test('comes back from its files byte for byte, and an older revision has the picture that it had', async () => {
  const [first, second] = [await draw(30, 1).png().toBuffer(), await draw(30, 2).png().toBuffer()];
  const files = (bytes: Uint8Array, more: Readonly<Record<string, Uint8Array>> = {}) => ({
    'en.md': original({}, PASSAGES.replace('GATED evidence text.', 'GATED\n\n![A chart](chart.png)')),
    'chart.png': bytes,
    ...more,
  });
  await dossier.take('a-signal', files(first, { 'spare.png': PNG }));
  const taken = (await exportBriefing(dossier.wall, 'a-signal'))!;
  expect([...taken.keys()]).toEqual(['en.md', 'chart.png', 'spare.png']);
  expect(Buffer.from(taken.get('chart.png')!)).toEqual(first);
  expect(await dossier.take('a-signal', Object.fromEntries(taken))).toMatchObject({ outcome: 'unchanged' });
  const src = async () =>
    (await at('/briefings/a-signal', 'alliance')).html.querySelector('.prose img')!.getAttribute('src');
  const was = await src();
  const { revision } = await dossier.take('a-signal', files(second));
  expect(await src()).not.toBe(was);
  // Where it stood is an address that stays, until an editor closes it.
  expect([(await at(was!, 'alliance')).status, (await at(was!, 'circle')).status]).toEqual([200, 404]);
  await closeFormer();
  expect((await at(was!, 'alliance')).status).toBe(404);
  expect(
    (
      await send(
        dossier,
        `/desk/briefings/${id}/revisions/${revision - 1}/restore`,
        {},
        { cookie: cast.editor.headers['Cookie']! },
      )
    ).status,
  ).toBe(303);
  expect(await src()).toBe(was);
  expect((await at(was!, 'alliance')).status).toBe(200);
});

test.each([
  [
    'a name that no file has',
    { 'en.md': original({}, '').replace('The open body.', '![A map](map.png)') },
    'none does',
  ],
  [
    'nothing said',
    { 'en.md': original({}, '').replace('The open body.', '![](map.png)'), 'map.png': PNG },
    'without words',
  ],
  [
    'from elsewhere',
    { 'en.md': original({}, '').replace('The open body.', '![A map](https://example.org/map.png)'), 'map.png': PNG },
    'one of map.png',
  ],
  ['a file that is no picture', { 'en.md': original({}, ''), 'map.png': Buffer.from('<svg/>') }, 'no picture'],
  ['another format than its name', { 'en.md': original({}, ''), 'map.webp': PNG }, 'a png'],
  ['a name in capitals', { 'en.md': original({}, ''), 'Map.png': PNG }, 'small letters'],
  ['a format that is not kept', { 'en.md': original({}, ''), 'map.svg': Buffer.from('<svg/>') }, 'small letters'],
])('an import names what is wrong with its pictures: %s', async (_name, files, text) => {
  await expect(dossier.take('a-signal', files)).rejects.toThrow(text);
});

test('the checklist holds back a picture that is not there or says nothing; a link to one is no picture', async () => {
  await upload(PNG, { name: 'map.png' });
  await type({ 'body.en': '![](map.png)\n\n![gone](gone.png)\n\n![far](https://example.org/x.png)' });
  const texts = (await at(`/desk/briefings/${id}/publish`)).html
    .querySelectorAll('.findings li')
    .map((one) => one.text)
    .join('\n');
  for (const part of [
    'nothing says what map.png shows',
    'there is no picture gone.png',
    'there is no picture https://example.org/x.png',
  ])
    expect(texts).toContain(part);
  expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(422);
  const body = (await at(`/desk/briefings/${id}/preview?as=public`)).html.querySelector('.prose')!;
  expect(body.querySelectorAll('img').length).toBe(1);
  expect(body.text).toContain('far');
});

test("an editor's page that is open goes on saving after a picture was added beside it", async () => {
  const sheet = await openSheet(dossier, cast.editor, id);
  const told = await upload(PNG, { name: 'añadida.PNG', script: true });
  expect([told.status, JSON.parse(told.text)]).toEqual([200, { outcome: 'kept', name: 'anadida.png' }]);
  expect(JSON.parse((await upload(PNG, { name: 'again.png', script: true })).text)).toEqual({
    outcome: 'kept',
    name: 'anadida.png',
  });
  expect(
    JSON.parse((await upload(await draw(9, 3).png().toBuffer(), { name: 'añadida.png', script: true })).text),
  ).toEqual({ outcome: 'kept', name: 'anadida-2.png' });
  const saved = await sendSheet(dossier, cast.editor, sheet, { 'body.en': '![One](anadida.png)' }, { script: true });
  expect([saved.status, JSON.parse(saved.text)]).toMatchObject([200, { outcome: 'saved' }]);
  const late = await sendSheet(dossier, cast.admin, sheet, { 'body.en': 'Another.' }, { script: true });
  expect(late.status).toBe(409);
});

test('a picture that a text shows is not removed; one that nothing shows goes, and is gone when nothing else has it', async () => {
  const name = nameOf(await upload(await draw(40, 9).png().toBuffer()));
  await type({ 'trend.trend.text.es': `GATED ![Mapa](${name})` });
  const shown = await at(section());
  expect(said(shown, '.desk-places')).toContain('Strategy Circle');
  expect(shown.html.querySelector('form[action$=remove]')).toBeNull();
  const remove = () => send(dossier, `${section()}/${name}/remove`, {}, { cookie: cast.editor.headers['Cookie']! });
  const refused = await remove();
  expect([refused.status, said(refused, '#picture-error')]).toEqual([
    409,
    'It was not removed: a text shows it. Take its line out there first.',
  ]);
  await type({ 'trend.trend.text.es': 'GATED sin mapa' });
  await pushOutRestorePoints(dossier, id);
  const before = await stored();
  expect((await remove()).headers.get('location')).toBe(`${section()}?done=unpictured`);
  // It can be put back for a while, under its name.
  expect((await remove()).status).toBe(404);
  const gone = await at(section());
  expect(said(gone, '.edit-row-gone span')).toBe(`Removed: ${name}`);
  const back = gone.html.querySelector('.edit-row-gone')!.getAttribute('action')!;
  const putBack = () => send(dossier, back, {}, { cookie: cast.editor.headers['Cookie']! });
  expect((await putBack()).headers.get('location')).toMatch(/done=put-back/);
  expect((await at(`${section()}/${name}`)).headers.get('content-type')).toBe('image/png');
  expect((await putBack()).status).toBe(404);
  await remove();
  await pushOutRestorePoints(dossier, id);
  expect((await stored()).length).toBe(before.length - 1);
  expect((await putBack()).status).toBe(404);
  expect(
    (await send(dossier, `${section()}/__proto__/remove`, {}, { cookie: cast.editor.headers['Cookie']! })).status,
  ).toBe(404);
});

test('what is discarded takes its pictures along once no restore point has them; what a revision has stays', async () => {
  await dossier.take('a-signal', {
    'en.md': original({}, '').replace('The open body.', '![A map](map.png)'),
    'map.png': await draw(50, 50).png().toBuffer(),
  });
  await upload(await draw(50, 51).png().toBuffer());
  const before = await stored();
  await send(dossier, `/desk/briefings/${id}/discard`, {}, { cookie: cast.editor.headers['Cookie']! });
  expect((await stored()).length).toBe(before.length);
  await pushOutRestorePoints(dossier, id);
  expect((await stored()).length).toBe(before.length - 1);
  expect(
    (
      await at(
        (await at('/briefings/a-signal', 'visitor')).html.querySelector('.prose img')!.getAttribute('src')!,
        'visitor',
      )
    ).status,
  ).toBe(200);
});

test('a draft that is deleted takes along what any revision or restore point of it showed', async () => {
  const slug = 'a-draft';
  const draft = (body: string, bytes: Uint8Array) => ({
    'en.md': original({ slug, state: 'draft', published: null, organizations: null }, '').replace(
      'The open body.',
      body,
    ),
    'map.png': bytes,
  });
  const before = await stored();
  await dossier.take(slug, draft('![One](map.png)', await draw(60, 61).png().toBuffer()));
  await dossier.take(slug, draft('![Two](map.png)', await draw(60, 62).png().toBuffer()));
  const own = await idOf(dossier, slug);
  await upload(await draw(60, 63).png().toBuffer(), { to: `/desk/briefings/${own}/pictures` });
  expect((await stored()).length).toBe(before.length + 3);
  await send(dossier, `/desk/briefings/${own}/discard`, {}, { cookie: cast.editor.headers['Cookie']! });
  expect(
    (await send(dossier, `/desk/briefings/${own}/delete`, {}, { cookie: cast.editor.headers['Cookie']! })).status,
  ).toBe(303);
  expect((await stored()).sort()).toEqual(before.sort());
});

describe('refused, beside its field', () => {
  test.each<[string, () => Promise<Uint8Array> | Uint8Array | null, number, string]>([
    ['nothing chosen', () => null, 422, 'Choose a picture.'],
    [
      'SVG',
      () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
      422,
      'This is no PNG',
    ],
    [
      'half a PNG',
      async () => (await draw(600, 1).png({ compressionLevel: 0 }).toBuffer()).subarray(0, 4000),
      422,
      'damaged',
    ],
    ['too heavy', () => Buffer.alloc(10 * 1024 * 1024 + 1), 422, 'larger than 10 MB'],
    ['heavier than a form may be', () => Buffer.alloc(17 * 1024 * 1024), 413, 'larger than 10 MB'],
  ])('%s', async (_name, bytes, status, text) => {
    const before = await stored();
    const page = await upload(await bytes());
    expect([page.status, said(page, '#picture-error')]).toEqual([status, expect.stringContaining(text)]);
    const told = await upload(await bytes(), { script: true });
    expect([told.status, JSON.parse(told.text)]).toEqual([
      status,
      { outcome: 'refused', text: expect.stringContaining(text) as string },
    ]);
    expect(await stored()).toEqual(before);
  });

  test('roles that do not work here, a briefing or a picture that is not there, a form that is none', async () => {
    for (const as of ['alliance', 'support', 'circle'] as const) {
      expect([
        as,
        (await upload(PNG, { as })).status,
        (await at(section(), as)).status,
        (await send(dossier, `${section()}/map.png/remove`, {}, { cookie: cast[as].headers['Cookie']! })).status,
      ]).toEqual([as, 404, 404, 404]);
    }
    expect([(await upload(PNG, { as: 'visitor' })).status, (await at(section(), 'visitor')).status]).toEqual([
      303, 303,
    ]);
    const nowhere = '/desk/briefings/00000000-0000-4000-8000-000000000000/pictures';
    expect([
      (await upload(PNG, { to: nowhere })).status,
      (await at(nowhere)).status,
      (await at(`${section()}/none.png`)).status,
    ]).toEqual([404, 404, 404]);
    expect((await send(dossier, section(), { picture: 'x' }, { cookie: cast.editor.headers['Cookie']! })).status).toBe(
      400,
    );
  });
});
