import sharp from 'sharp';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { aPicture } from '../support/pictures';
import { meta, visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  const title = 'title: "A {signal} & 100% of it, in English"';
  await dossier.take('a-signal', {
    'en.md': original({ updated: '2024-05-21T10:00:00Z', formerly: '[older]' }).replace(/^title: .*$/m, title),
    'es.md': SPANISH,
  });
  await dossier.take('tomorrow', { 'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }) });
});
afterAll(() => dossier.stop());

const read = async (part: string, name: Name | null = null) =>
  visit(`${dossier.url}${part}`, name ? { headers: cast[name].headers } : {});

test('a briefing is cited in four forms, with the days it was published and last changed, in the language of the page', async () => {
  const url = `${dossier.url}/briefings/a-signal/revisions/1`;
  const bib = await read('/briefings/a-signal/citation.bib');
  expect(bib.headers.get('content-type')).toBe('application/x-bibtex; charset=utf-8');
  expect(bib.text).toContain('@online{a-signal,\n  title = {{A \\{signal\\} \\& 100\\% of it, in English}},');
  expect(bib.text).toMatch(/date = \{2024-02-27\},[^]*version = \{2024-05-21\},\n {2}url = \{http/);
  const ris = (await read('/briefings/a-signal/citation.ris')).text;
  expect(ris).toMatch(/^TY {2}- ELEC\r\n[^]*DA {2}- 2024\/02\/27\r\nET {2}- 2024-05-21\r\n[^]*ER {2}- \r\n$/);
  expect(JSON.parse((await read('/briefings/a-signal/citation.json')).text)).toEqual([
    expect.objectContaining({ id: 'a-signal', issued: { 'date-parts': [[2024, 2, 27]] }, URL: url, language: 'en' }),
  ]);
  expect((await read('/es/briefings/a-signal/citation.txt')).text).toContain('/es/briefings/a-signal/revisions/1\n');
  const page = await read('/briefings/a-signal/cite');
  expect(page.html.querySelectorAll('.citation')).toHaveLength(4);
  expect(page.text).not.toContain('GATED');
  expect((await read('/briefings/older/citation.bib')).headers.get('location')).toMatch(/a-signal\/citation\.bib$/);
});

test('a picture of its title stands for a briefing where it is shared, in each language; its cover where it has one', async () => {
  const page = await read('/es/briefings/a-signal');
  const address = meta(page, 'og:image')!;
  expect(address).toBe(`${dossier.url}/es/briefings/a-signal/sharing.png`);
  expect([meta(page, 'og:image:width'), meta(page, 'og:image:height')]).toEqual(['1200', '630']);
  expect(meta(page, 'og:image:alt')).toBe(page.html.querySelector('h1')!.text.trim());
  const [spanish, english] = await Promise.all([
    fetch(address),
    fetch(`${dossier.url}/briefings/a-signal/sharing.png`, { headers: cast.alliance.headers }),
  ]);
  const [one, other] = [Buffer.from(await spanish.arrayBuffer()), Buffer.from(await english.arrayBuffer())];
  expect(await sharp(one).metadata()).toMatchObject({ format: 'png', width: 1200, height: 630 });
  expect(one.equals(other)).toBe(false);
  const etag = spanish.headers.get('etag')!;
  expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  await dossier.take('covered', {
    'en.md': original({ slug: 'covered', cover: 'cover.jpg' }).replace(/^title:/m, 'cover-alt: A picture\ntitle:'),
    'cover.jpg': await aPicture('jpg', 10, false),
  });
  const covered = await read('/briefings/covered');
  expect(meta(covered, 'og:image')).toMatch(/\/pictures\/[0-9a-f]{64}\.jpg$/);
  expect([meta(covered, 'og:image:width'), meta(covered, 'og:image:alt')]).toEqual(['700', 'A picture']);
});

test('a page leads to how it stands in pages of others, in its own language, with what is public of it', async () => {
  const link = 'link[type="application/json+oembed"]';
  for (const prefix of ['', '/es']) {
    const page = await read(`${prefix}/briefings/a-signal`, 'alliance');
    const href = page.html.querySelector(link)!.getAttribute('href')!;
    const asked = await visit(href);
    expect([asked.status, asked.headers.get('content-type'), asked.headers.get('cache-control')]).toEqual([
      200,
      'application/json; charset=utf-8',
      'public, no-cache',
    ]);
    expect(JSON.parse(asked.text)).toEqual({
      version: '1.0',
      type: 'link',
      title: page.html.querySelector('h1')!.text.trim(),
      provider_name: meta(page, 'og:site_name'),
      provider_url: `${dossier.url}${prefix || '/'}`,
      cache_age: 3_600,
      thumbnail_url: `${dossier.url}${prefix}/briefings/a-signal/sharing.png`,
      thumbnail_width: 1_200,
      thumbnail_height: 630,
    });
    expect(asked.text).toBe((await read(href.replace(dossier.url, ''), 'alliance')).text);
  }
  expect((await read('/')).html.querySelector(link)).toBeNull();
});

const embed = async (query: string) => (await read(`/oembed?${query}`)).status;
const embedOf = (url: string) => embed(new URLSearchParams({ url }).toString());

test('what is asked of other sites and other pages is not there; a picture that does not fit is left out', async () => {
  expect(
    await Promise.all(
      [
        '/briefings/a-signal?x=1#y',
        '/briefings/older',
        '//example.org/briefings/a-signal',
        '/xx/briefings/a-signal',
      ].map(embedOf),
    ),
  ).toEqual([200, 200, 404, 404]);
  expect(
    await Promise.all([`${dossier.url}/`, 'https://example.org/', 'javascript:alert(1)', ''].map(embedOf)),
  ).toEqual([404, 404, 404, 404]);
  const url = 'url=/briefings/a-signal';
  expect(
    await Promise.all(['format=xml', 'format=json', 'maxwidth=x', url].map((one) => embed(`${url}&${one}`))),
  ).toEqual([501, 200, 400, 400]);
  for (const [room, fits] of [
    ['maxwidth=1200&maxheight=630', true],
    ['maxwidth=1199', false],
    ['maxheight=9', false],
  ])
    expect((await read(`/oembed?${url}&${room}`)).text.includes('thumbnail_url')).toBe(fits);
});

test('none of them is there before the briefing is', async () => {
  for (const name of [null, 'alliance', 'editor'] as const) {
    for (const part of ['cite', 'citation.txt', 'citation.json', 'sharing.png'])
      expect((await read(`/briefings/tomorrow/${part}`, name)).status).toBe(404);
    expect((await read('/oembed?url=/briefings/tomorrow', name)).status).toBe(404);
  }
});
