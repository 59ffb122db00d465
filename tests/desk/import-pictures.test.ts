import sharp from 'sharp';
import { exportBriefing } from '../../src/briefings/file/export';
import { original } from '../support/briefing';
import { enter, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';
import { aPicture, PLACE } from '../support/pictures';

let dossier: Dossier;
let editor: Member;
beforeAll(async () => {
  dossier = await startDossier();
  editor = await enter(dossier, 'editor');
});
afterAll(() => dossier.stop());
afterEach(() => expect(dossier.logged).toEqual([]));

type Format = 'png' | 'jpg' | 'webp' | 'avif';

/** Sends a folder through the page of the desk. */
function upload(files: ReadonlyMap<string, string | Uint8Array>): Promise<Page> {
  const form = new FormData();
  for (const [name, content] of files)
    form.append('files', new Blob([typeof content === 'string' ? content : new Uint8Array(content)]), name);
  return visit(`${dossier.url}/desk/import`, {
    method: 'POST',
    body: form,
    headers: { ...editor.headers, Origin: dossier.url },
  });
}

const folder = (slug: string, format: Format, bytes: Uint8Array) =>
  new Map<string, string | Uint8Array>([
    [
      'en.md',
      original({ slug, organizations: null, cover: `cover.${format}` }, '').replace(
        'title: A',
        'cover-alt: A harbour.\ntitle: A',
      ),
    ],
    [`cover.${format}`, bytes],
  ]);

const coverOf = async (slug: string) => {
  const address = (await visit(`${dossier.url}/briefings/${slug}`)).html
    .querySelector('img.cover')!
    .getAttribute('src')!;
  return Buffer.from(await (await fetch(`${dossier.url}${address}`)).arrayBuffer());
};

test.each(['jpg', 'png', 'webp', 'avif'] as const)(
  'a foreign %s loses where it was taken; exported and imported again, it keeps every byte',
  async (format) => {
    const foreign = await aPicture(format, 10, true);
    expect([foreign.includes(PLACE), (await sharp(foreign).metadata()).exif === undefined]).toEqual([true, false]);
    const slug = `foreign-${format}`;
    expect(said(await upload(folder(slug, format, foreign)), '.done')).toContain(slug);
    const served = await coverOf(slug);
    expect([served.includes(PLACE), (await sharp(served).metadata()).exif]).toEqual([false, undefined]);
    expect((await sharp(served).metadata()).width).toBe(700);

    const files = (await exportBriefing(dossier.wall, slug))!;
    expect(Buffer.from(files.get(`cover.${format}`)!)).toEqual(served);
    expect(said(await upload(files), '.done')).toContain('is as it was');
    expect(await coverOf(slug)).toEqual(served);
  },
);

test.each(['jpg', 'png', 'webp', 'avif'] as const)(
  'a %s with nothing in it but the picture stays as it is',
  async (format) => {
    const bare = await aPicture(format, 20, false);
    await upload(folder(`bare-${format}`, format, bare));
    expect(await coverOf(`bare-${format}`)).toEqual(bare);
  },
);

const segment = (code: number, text: string) =>
  Buffer.concat([Buffer.from([0xff, code, 0, text.length + 2]), Buffer.from(text, 'latin1')]);
const after = (bytes: Buffer, part: Buffer) => Buffer.concat([bytes.subarray(0, 2), part, bytes.subarray(2)]);

test.each<[string, Format, (bytes: Buffer) => Buffer]>([
  ['a comment', 'jpg', (bytes) => after(bytes, segment(0xfe, PLACE))],
  ['XMP', 'jpg', (bytes) => after(bytes, segment(0xe1, `http://ns.adobe.com/xap/1.0/\0<x>${PLACE}</x>`))],
  ['IPTC', 'jpg', (bytes) => after(bytes, segment(0xed, `Photoshop 3.0\0${PLACE}`))],
  ['a film behind its end', 'jpg', (bytes) => Buffer.concat([bytes, Buffer.from(PLACE)])],
  ['something behind its end', 'png', (bytes) => Buffer.concat([bytes, Buffer.from(PLACE)])],
  [
    'something behind its end',
    'avif',
    (bytes) => Buffer.concat([bytes, Buffer.from([0, 0, 0, 8 + PLACE.length]), Buffer.from(`free${PLACE}`)]),
  ],
])('what is not the picture goes: %s of a %s', async (what, format, put) => {
  const slug = `with-${format}-${what.replaceAll(' ', '-').toLowerCase()}`;
  const bytes = put(await aPicture(format, 30, false));
  expect(bytes.includes(PLACE)).toBe(true);
  await upload(folder(slug, format, bytes));
  expect((await coverOf(slug)).includes(PLACE)).toBe(false);
});

test('one that cannot be drawn without what is in it is refused, and nothing is written', async () => {
  const whole = await aPicture('jpg', 40, true);
  const page = await upload(folder('broken', 'jpg', whole.subarray(0, whole.length - 300)));
  expect([page.status, said(page, '.desk-faults li')]).toEqual([
    422,
    'cover.jpg picture: found EXIF or other words in it, and it cannot be drawn anew without them; allowed: a picture saved without them',
  ]);
  expect((await visit(`${dossier.url}/briefings/broken`)).status).toBe(404);
});
