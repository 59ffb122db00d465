import sharp from 'sharp';
import { accountsViewer, adminViewer, visitor } from '../../src/access/viewer';
import { writeLetter } from '../../src/stores/postgres/outbox';
import { open, somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { startMailServer, type MailServer } from '../support/mail-server';
import { meta, said, visit, type Page } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
let other: Dossier;
let server: MailServer;
let admin: Somebody;

beforeAll(async () => {
  server = await startMailServer();
  dossier = await startDossier();
  other = await startDossier({ on: dossier.urls, smtpUrl: server.url });
  await dossier.take('a-signal', { 'en.md': original() });
  admin = await somebody(dossier, 'admin');
});
afterAll(async () => {
  await other?.stop();
  await dossier?.stop();
  await server?.stop();
});
afterEach(() => dossier.wall.write(adminViewer, (db) => db.siteSetting.deleteMany({})));

const SECTION = '/admin/settings/pictures';
const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100"><rect width="400" height="100" fill="#07c"/></svg>';
const withIn = (inner: string) => LOGO.replace('<rect', `${inner}<rect`);
const png = (width: number, height: number, colour = '#c03'): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 4, background: colour } })
    .png()
    .toBuffer();

type Sent = Readonly<Record<string, string | Uint8Array>>;

/** Opens the section and sends its form with these files and fields. */
async function upload(given: Sent, step = 'save', at = SECTION): Promise<Page> {
  const { html } = await open(dossier, admin, at);
  const form = new FormData();
  for (const input of html.querySelectorAll('.setting-form input[type=hidden]'))
    form.set(input.getAttribute('name')!, input.getAttribute('value') ?? '');
  form.set('step', step);
  for (const [name, value] of Object.entries(given))
    form.set(
      name,
      typeof value === 'string' ? value : new Blob([Buffer.from(value)]),
      ...((typeof value === 'string' ? [] : ['a file']) as []),
    );
  return visit(`${dossier.url}${SECTION}`, {
    method: 'POST',
    body: form,
    headers: { Origin: dossier.url, Cookie: admin.cookie },
  });
}
const svg = (text: string): Uint8Array => Buffer.from(text);
const saved = async (given: Sent, at?: string) => {
  const { status, text } = await upload(given, 'save', at);
  expect([status, status === 303 ? '' : text]).toEqual([303, '']);
};
const front = (one = dossier) => visit(one.url);
const logoOf = ({ html }: Page) => html.querySelector('.nameplate img.logo');
const fetched = async (address: string) => {
  const answer = await fetch(new URL(address, dossier.url));
  return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
};

describe('a logo', () => {
  test('that is a drawing stands on every page as a picture, named, in every process; undone, the name does', async () => {
    const before = (await front()).text;
    await saved({ 'logo.file': svg(LOGO), 'logoDark.file': await png(300, 90) });
    for (const one of [dossier, other]) {
      await until(async () => logoOf(await front(one)) !== null);
      const page = await front(one);
      const logo = logoOf(page)!;
      expect(logo.getAttribute('alt')).toBe('Dossier');
      expect(logo.getAttribute('src')).toMatch(/^\/site-pictures\/[0-9a-f]{64}-960x240\.png$/);
      expect(page.html.querySelector('.nameplate source')?.getAttribute('srcset')).toMatch(/-300x90\.png$/);
      expect(said(page, '.foot .mark')).toBe('Dossier.');
    }
    const briefing = await visit(`${dossier.url}/briefings/a-signal`);
    const section = await open(dossier, admin, SECTION);
    const address = briefing.html.querySelector('.top .mark img')!.getAttribute('src')!;
    expect(section.html.querySelector('.top .mark img')!.getAttribute('src')).toBe(address);
    const { answer, bytes } = await fetched(address);
    expect(answer.headers.get('content-type')).toBe('image/png');
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'png', width: 960, height: 240 });

    const [restore] = section.html.querySelectorAll('.setting-history a').map((one) => one.getAttribute('href')!);
    await saved({}, restore);
    expect((await front()).text).toBe(before);
    const entries = await dossier.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({ where: { action: 'setting-changed', targetId: 'pictures' } }),
    );
    expect(entries).toHaveLength(2);
    // A page that somebody still has open shows it.
    expect((await fetched(address)).answer.status).toBe(200);
  });

  test('is removed by a tick, and shown before it is saved to whoever looks at it', async () => {
    const shown = await upload(
      { 'logo.file': svg(LOGO), 'preview-page': 'briefing', 'preview-tier': 'public' },
      'preview',
    );
    const address = shown.html.querySelector('.top .mark img')!.getAttribute('src')!;
    expect([shown.status, (await fetched(address)).answer.status]).toEqual([200, 200]);
    expect(logoOf(await front())).toBeNull();
    await saved({ 'logo.file': svg(LOGO) });
    expect(logoOf(await front())?.getAttribute('src')).toBe(address);
    await saved({ 'logo.remove': '1' });
    expect(logoOf(await front())).toBeNull();
  });

  test('stands above letters, absolute and named', async () => {
    await saved({ 'logo.file': svg(LOGO) });
    await dossier.wall.write(accountsViewer, (db) =>
      writeLetter(db, {
        ...{ key: 'a letter', kind: 'verify-email', lang: 'en', recipient: 'reader@example.org', accountId: null },
        data: { token: 'A'.repeat(43) },
      }),
    );
    await until(() => server.received.length > 0);
    const html = server.received[0]!.raw.replace(/=\r\n/g, '').replaceAll('=3D', '=');
    expect(html).toMatch(
      /<img class="logo" src="http[^"]+\/site-pictures\/[0-9a-f]{64}-960x240\.png" alt="Dossier" width="176" height="44">/,
    );
  });
});

test('an icon gives every size, and a manifest in each language; a picture for sharing stands in for a cover', async () => {
  expect((await fetched('/site.webmanifest')).answer.status).toBe(404);
  await saved({ 'icon.file': await png(400, 300, '#0a0'), 'sharing.file': await png(1500, 700) });
  const page = await front();
  const [small, touch] = ['link[rel=icon]', 'link[rel=apple-touch-icon]'].map((one) =>
    page.html.querySelector(one)!.getAttribute('href')!,
  );
  for (const [address, width] of [
    [small, 32],
    [touch, 180],
  ] as const)
    expect(await sharp((await fetched(address!)).bytes).metadata()).toMatchObject({ width, height: width });
  // Nothing of a touch icon can be seen through.
  expect(await sharp((await fetched(touch!)).bytes).stats()).toMatchObject({ isOpaque: true });
  const { bytes, answer } = await fetched(page.html.querySelector('link[rel=manifest]')!.getAttribute('href')!);
  expect(answer.headers.get('content-type')).toMatch(/^application\/manifest\+json/);
  const manifest = JSON.parse(bytes.toString()) as {
    name: string;
    icons: { src: string; sizes: string; purpose: string }[];
  };
  expect([manifest.name, manifest.icons.map(({ purpose }) => purpose)]).toEqual([
    'Dossier',
    ['any', 'any', 'maskable'],
  ]);
  for (const { src, sizes } of manifest.icons) {
    const { width, height } = await sharp((await fetched(src)).bytes).metadata();
    expect(`${width}x${height}`).toBe(sizes);
  }
  expect(JSON.parse((await fetched('/es/site.webmanifest')).bytes.toString())).toMatchObject({
    lang: 'es',
    start_url: '/es/',
  });
  const shared = meta(page, 'og:image')!;
  expect(await sharp((await fetched(shared)).bytes).metadata()).toMatchObject({
    format: 'jpeg',
    width: 1200,
    height: 630,
  });
  expect(meta(page, 'twitter:card')).toBe('summary_large_image');
});

describe('a file that is not taken', () => {
  const bomb = `<defs><g id="a0"><rect width="1" height="1"/></g>${Array.from({ length: 12 }, (_, n) => `<g id="a${n + 1}">${`<use href="#a${n}"/>`.repeat(10)}</g>`).join('')}</defs><use href="#a12"/>`;
  test.each([
    ['a script', svg(withIn('<script>alert(1)</script>')), '<script>'],
    ['a handler', svg(LOGO.replace('<rect', '<rect onload="x()"')), 'onload'],
    ['another document', svg(withIn('<foreignObject/>')), '<foreignObject>'],
    ['a picture from elsewhere', svg(withIn('<image href="https://example.org/x.png"/>')), '<image>'],
    ['a reference to elsewhere', svg(withIn('<use href="https://example.org/x.svg#a"/>')), 'https://example.org'],
    ['a fill from elsewhere', svg(LOGO.replace('#07c', 'url(https://example.org/x.svg#a)')), 'url(https://example.org'],
    ['a style from elsewhere', svg(withIn('<style>@import "https://example.org/x.css";</style>')), '@import'],
    ['a style sheet', svg(`<?xml version="1.0"?><?xml-stylesheet href="x.css"?>${LOGO}`), '<?xml-stylesheet?>'],
    ['an entity', svg(`<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>${LOGO}`), '<!ENTITY>'],
    ['text', svg(withIn('<text>Basin</text>')), '<text>'],
    ['a drawing in a drawing, a trillion times', svg(withIn(bomb)), 'more in it than a logo may have'],
    ['a drawing within itself', svg(withIn('<g id="a"><use href="#a"/></g>')), 'more in it than a logo may have'],
    ['half a drawing', svg(LOGO.slice(0, 80)), 'damaged'],
    ['another kind of XML', svg('<?xml version="1.0"?><html/>'), 'damaged'],
    ['what is no picture', Buffer.from('GIF89a and more'), 'none of the formats'],
    ['too few pixels', null, 'too few pixels'],
    ['a picture that breaks off', undefined, 'damaged or not whole'],
  ])('with %s is refused beside its field, and the rest stays as it was typed', async (_what, bytes, why) => {
    const file = bytes ?? (bytes === null ? await png(8, 8) : (await png(400, 100)).subarray(0, 200));
    const page = await upload({ 'logo.file': file, 'logoDark.file': await png(200, 50) });
    expect([page.status, said(page, '#logo-error')]).toEqual([422, expect.stringContaining(why)]);
    expect(page.html.querySelector('input[name=logo]')!.getAttribute('value')).toBe('');
    expect(page.html.querySelector('input[name=logoDark]')!.getAttribute('value')).toMatch(/-200x50\.png$/);
    expect(await dossier.wall.read(adminViewer, (db) => db.siteSetting.count())).toBe(0);
  });

  test('is refused where it is too large, drawn for another purpose, or only claimed to be there', async () => {
    const heavy = await upload({ 'logo.file': Buffer.alloc(11 * 1024 * 1024) });
    expect([heavy.status, said(heavy, '#logo-error')]).toEqual([422, expect.stringContaining('10 MB')]);
    const heavier = await upload({ 'logo.file': Buffer.alloc(23 * 1024 * 1024) });
    expect([heavier.status, said(heavier, '.form-error')]).toEqual([413, expect.stringContaining('one at a time')]);
    const sharing = await upload({ 'sharing.file': svg(LOGO) });
    expect([sharing.status, said(sharing, '#sharing-error')]).toEqual([422, expect.stringContaining('PNG')]);
    const claimed = await upload({ logo: `${'0'.repeat(64)}-9x9.png` });
    expect([claimed.status, said(claimed, '#logo-error')]).toEqual([422, expect.stringContaining('damaged')]);
    const twice = await visit(`${dossier.url}${SECTION}`, {
      ...{ method: 'POST', body: new URLSearchParams({ logo: '' }) },
      headers: { Origin: dossier.url, Cookie: admin.cookie },
    });
    expect(twice.status).toBe(400);
  });
});

test('Postgres lets an admin alone add pictures, and nobody change one', async () => {
  const name = `${'a'.repeat(64)}-1x1.png`;
  const row = { name, bytes: Buffer.from('x'), at: new Date() };
  for (const viewer of [visitor, accountsViewer])
    await expect(dossier.wall.write(viewer, (db) => db.sitePicture.createMany({ data: [row] }))).rejects.toThrow();
  await dossier.wall.write(adminViewer, (db) => db.sitePicture.createMany({ data: [row] }));
  await expect(
    dossier.wall.write(adminViewer, (db) => db.sitePicture.updateMany({ data: { bytes: Buffer.from('y') } })),
  ).rejects.toThrow(/permission denied/);
});
