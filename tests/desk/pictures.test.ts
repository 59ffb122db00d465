import sharp from 'sharp';
import { editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { doAct, idOf, pushOutRestorePoints } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { GIF } from '../support/pictures';

let dossier: Dossier;
let cast: Record<Name, Member>;
let id: string;
const at = (path: string, name: Name = 'editor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const section = () => `/desk/briefings/${id}/cover`;
const pictures = () => dossier.wall.read(editorialViewer, (db) => db.picture.count());

/** A picture of its own, `width` wide; its tint makes its bytes differ. */
const draw = (width: number, height: number, tint: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: tint, g: 80, b: 120 } } });

/** The cover of the working copy: its address at the desk, and its id. */
const shown = async () => ({
  src: (await at(section())).html.querySelector('.desk-cover img')!.getAttribute('src')!,
  id: await dossier.wall.read(
    editorialViewer,
    async (db) => (await db.briefing.findUniqueOrThrow({ where: { copyOf: id }, select: { coverId: true } })).coverId!,
  ),
});

const seenOn = async (name: Name = 'editor') =>
  (await at(section(), name)).html.querySelector('input[name=version]')!.getAttribute('value')!;

/** Sends the page's form as a browser does. */
async function upload(
  bytes: Uint8Array | null,
  {
    alts = { en: 'A harbour at dusk.', es: '' },
    name = 'cover.png',
    seen,
    as = 'editor',
    to = section(),
  }: { alts?: Record<string, string>; name?: string; seen?: string; as?: Name; to?: string } = {},
): Promise<Page> {
  const form = new FormData();
  form.set('version', seen ?? (await seenOn()));
  for (const [lang, text] of Object.entries(alts)) form.set(`cover-alt.${lang}`, text);
  form.set('picture', new Blob(bytes ? [new Uint8Array(bytes)] : []), bytes ? name : '');
  return visit(`${dossier.url}${to}`, {
    method: 'POST',
    body: form,
    headers: { ...cast[as].headers, Origin: dossier.url },
  });
}

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[an-older-name]' }), 'es.md': SPANISH });
  id = await idOf(dossier, 'a-signal');
});
afterAll(() => dossier.stop());
afterEach(async () => {
  await send(dossier, `/desk/briefings/${id}/discard`, {}, { cookie: cast.editor.headers['Cookie']! });
  expect(dossier.logged).toEqual([]);
});

test.each([
  ['png', 'png'],
  ['jpeg', 'jpg'],
  ['webp', 'webp'],
  ['avif', 'avif'],
] as const)(
  '%s is drawn anew, shown at the desk alone until it is published, and comes back from its file',
  async (format, extension) => {
    const bytes = await draw(1200, 600, 10)
      .withExif({ IFD0: { Artist: 'SECRETNAME' } })
      .toFormat(format)
      .toBuffer();
    expect(bytes.includes('SECRETNAME')).toBe(true);
    expect((await upload(bytes, { name: 'holiday.gif' })).headers.get('location')).toBe(`${section()}?done=covered`);
    const { src: atDesk, id: hash } = await shown();
    const src = `/pictures/${hash}.${extension}`;
    const own = await at(atDesk);
    expect([own.status, own.headers.get('content-type'), own.headers.get('cache-control')]).toEqual([
      200,
      `image/${format}`,
      'private, no-store',
    ]);
    expect(
      (await at(`/desk/briefings/${id}/preview?as=public`)).html.querySelector('img.cover')!.getAttribute('src'),
    ).toBe(atDesk);
    for (const stranger of ['visitor', 'alliance', 'support'] as const)
      expect([stranger, (await at(src, stranger)).status, (await at(atDesk, stranger)).status]).toEqual([
        stranger,
        404,
        stranger === 'visitor' ? 303 : 404,
      ]);

    expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303);
    const image = (await at('/briefings/a-signal', 'visitor')).html.querySelector('img.cover')!;
    expect([
      image.getAttribute('src'),
      image.getAttribute('alt'),
      image.getAttribute('width'),
      image.getAttribute('height'),
    ]).toEqual([src, 'A harbour at dusk.', '1200', '600']);
    const kept = Buffer.from(await (await fetch(`${dossier.url}${src}`)).arrayBuffer());
    expect(kept.includes('SECRETNAME')).toBe(false);
    expect((await sharp(kept).metadata()).exif).toBeUndefined();

    const set = image
      .getAttribute('srcset')!
      .split(', ')
      .map((one) => one.split(' '));
    expect(set.map(([, width]) => width)).toEqual(['480w', '960w', '1200w']);
    for (const [address, width] of set.slice(0, 2)) {
      const answer = await fetch(`${dossier.url}${address!}`);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/webp']);
      expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).width).toBe(Number.parseInt(width!, 10));
    }
    expect((await at(src.replace(/\.\w+$/, '-470.webp'), 'visitor')).status).toBe(404);
    const files = (await exportBriefing(dossier.wall, 'a-signal'))!;
    expect(Buffer.from(files.get(`cover.${extension}`)!)).toEqual(kept);
    expect(await dossier.take('a-signal', Object.fromEntries(files))).toMatchObject({ outcome: 'unchanged' });
  },
);

test('a picture lies upright, its long side has a limit, and a small one stays as large as it is', async () => {
  await upload(await draw(3000, 1000, 20).withMetadata({ orientation: 6 }).jpeg().toBuffer());
  const image = (await at(section())).html.querySelector('.desk-cover img')!;
  expect([image.getAttribute('width'), image.getAttribute('height')]).toEqual(['800', '2400']);
  await upload(await draw(30, 20, 20).png().toBuffer());
  const small = (await at(section())).html.querySelector('.desk-cover img')!;
  expect([small.getAttribute('width'), small.getAttribute('height')]).toEqual(['30', '20']);
});

describe('refused, beside its field, with what was typed kept', () => {
  const svg = Buffer.from(
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>',
  );
  test.each<[string, () => Promise<Uint8Array> | Uint8Array, string]>([
    ['SVG', () => svg, 'This is no PNG'],
    ['SVG after an XML line', () => Buffer.concat([Buffer.from('<?xml version="1.0"?>'), svg]), 'This is no PNG'],
    ['GIF', () => GIF, 'This is no PNG'],
    ['a page', () => Buffer.from('<!doctype html><title>x</title>'), 'This is no PNG'],
    ['TIFF', () => draw(9, 9, 1).tiff().toBuffer(), 'This is no PNG'],
    [
      'a page that begins like a PNG',
      () => Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from('<script>alert(1)</script>')]),
      'damaged',
    ],
    ['half a JPEG', async () => (await draw(600, 600, 1).jpeg().toBuffer()).subarray(0, 700), 'damaged'],
    [
      'half a PNG',
      async () => {
        const whole = await sharp(Buffer.alloc(300 * 300 * 3, 'noise of some kind'), {
          raw: { width: 300, height: 300, channels: 3 },
        })
          .png({ compressionLevel: 0 })
          .toBuffer();
        return whole.subarray(0, whole.length / 2);
      },
      'damaged',
    ],
    [
      'a picture that unfolds',
      () => draw(9000, 9000, 1).png({ compressionLevel: 9 }).toBuffer(),
      'more than 50 million pixels',
    ],
    ['too many bytes', () => Buffer.alloc(10 * 1024 * 1024 + 1, 'x'), 'larger than 10 MB'],
  ])('%s', async (_name, bytes, text) => {
    const before = await pictures();
    const page = await upload(await bytes(), { alts: { en: 'Typed <here>', es: '' } });
    expect(page.status).toBe(422);
    expect(said(page, '#picture-error')).toContain(text);
    expect(page.html.querySelector('#picture')!.getAttribute('aria-describedby')).toContain('picture-error');
    expect(said(page, '[name="cover-alt.en"]')).toBe('Typed <here>');
    expect(await pictures()).toBe(before);
  });

  test('more than a form may have', async () => {
    const page = await upload(Buffer.alloc(17 * 1024 * 1024, 'x'));
    expect([page.status, said(page, '#picture-error')]).toEqual([413, 'The file is larger than 10 MB.']);
  });

  test('nothing chosen, nothing said, too much said', async () => {
    await dossier.take('uncovered', { 'en.md': original({ slug: 'uncovered', organizations: null }, '') });
    const to = `/desk/briefings/${await idOf(dossier, 'uncovered')}/cover`;
    const nothing = await upload(null, { to, alts: { en: '', es: '' } });
    expect([nothing.status, said(nothing, '#picture-error'), said(nothing, '#cover-alt-en-error')]).toEqual([
      422,
      'Choose a picture.',
      'Say what the cover shows, in one language at least.',
    ]);
    const long = await upload(await draw(9, 9, 3).png().toBuffer(), { to, alts: { en: 'fine', es: 'x'.repeat(301) } });
    expect([long.status, said(long, '#cover-alt-es-error')]).toEqual([422, 'Longer than 300 characters.']);
    expect(
      said(
        await upload(await draw(9, 9, 3).png().toBuffer(), { to, alts: { en: ' ', es: '' } }),
        '#cover-alt-en-error',
      ),
    ).toContain('Say what');
  });

  test('a form that is none, and roles that do not work here', async () => {
    const bytes = await draw(9, 9, 4).png().toBuffer();
    const seen = await seenOn();
    expect((await send(dossier, section(), { version: seen }, { cookie: cast.editor.headers['Cookie']! })).status).toBe(
      400,
    );
    for (const as of ['alliance', 'support'] as const)
      expect([as, (await upload(bytes, { as, seen })).status]).toEqual([as, 404]);
    expect((await upload(bytes, { as: 'visitor', seen })).status).toBe(303);
    expect(
      (await upload(bytes, { seen, to: '/desk/briefings/00000000-0000-4000-8000-000000000000/cover' })).status,
    ).toBe(404);
  });
});

test('nobody replaces or removes a cover they have not seen', async () => {
  const seen = await seenOn();
  await upload(await draw(40, 40, 5).png().toBuffer(), { as: 'admin' });
  const late = await upload(await draw(40, 40, 6).png().toBuffer(), { seen });
  expect([late.status, said(late, '[role=alert]')]).toEqual([
    409,
    'Nothing was saved: somebody else changed the cover meanwhile. This is how it is now.',
  ]);
  expect(
    (await send(dossier, `${section()}/remove`, { version: seen }, { cookie: cast.editor.headers['Cookie']! })).status,
  ).toBe(409);
});

test('a cover that is replaced or removed before any revision had it can be put back for a while, and then is gone; one that readers have stays until it is published', async () => {
  await upload(await draw(60, 40, 7).png().toBuffer());
  await doAct(dossier, cast.editor, id, 'keep', { updated: '1' });
  const published = (await at('/briefings/a-signal', 'visitor')).html.querySelector('img.cover')!.getAttribute('src')!;
  await pushOutRestorePoints(dossier, id);
  const before = await pictures();
  await upload(await draw(60, 40, 8).png().toBuffer());
  await upload(await draw(61, 40, 9).png().toBuffer(), { alts: { en: 'The ninth', es: 'La novena' } });
  expect(await pictures()).toBe(before + 2);
  const act = async (action: string) =>
    send(dossier, `${section()}/${action}`, { version: await seenOn() }, { cookie: cast.editor.headers['Cookie']! });
  expect((await act('remove')).headers.get('location')).toBe(`${section()}?done=uncovered`);
  const without = await at(section());
  expect([without.html.querySelector('.desk-cover img'), said(without, '.edit-row-gone span')]).toEqual([
    null,
    'Removed: 61 × 40 pixels, PNG',
  ]);
  expect((await act('restore')).headers.get('location')).toBe(`${section()}?done=put-back`);
  const back = await at(section());
  expect([
    back.html.querySelector('.desk-cover img')!.getAttribute('width'),
    back.html.querySelector('[name="cover-alt.es"]')!.text.trim(),
  ]).toEqual(['61', 'La novena']);
  await act('remove');
  await pushOutRestorePoints(dossier, id);
  expect(await pictures()).toBe(before);
  expect((await act('restore')).status).toBe(409);
  expect((await at('/briefings/a-signal', 'visitor')).html.querySelector('img.cover')!.getAttribute('src')).toBe(
    published,
  );
  await doAct(dossier, cast.editor, id, 'keep');
  expect((await at('/briefings/a-signal', 'visitor')).html.querySelector('img.cover')).toBeNull();
  // It stands in the revision that readers had, until an editor closes that one.
  expect((await at(published, 'visitor')).status).toBe(200);
  await dossier.wall.write(editorialViewer, async (db) => {
    const where = { briefingId: id, endedAt: { not: null } };
    const rows = await db.publishedRevision.findMany({ where, select: { briefingId: true, number: true } });
    await db.closedRevision.createMany({ data: rows.map((row) => ({ ...row, reason: 'A cover.', lang: 'en' })) });
  });
  expect((await at(published, 'visitor')).status).toBe(404);
});
