import { parseFeed as parseByRowan } from '@rowanmanning/feed-parser';
import { parseAtomFeed, parseJsonFeed } from 'feedsmith';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  visit(`${dossier.url}${path}`, { headers });
const bodyOf = async (path: string, headers?: Readonly<Record<string, string>>) => {
  const response = await fetch(`${dossier.url}${path}`, { headers: headers ?? {}, redirect: 'manual' });
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    headers: response.headers,
    text: await response.text(),
  };
};

beforeAll(async () => {
  dossier = await startDossier();
  const note = (n: number) =>
    original(
      { slug: `note-${n}`, category: 'policy-watch', published: `2023-01-${n}T00:00:00Z`, organizations: null },
      '',
    ).replace('A signal in English', n === 20 ? 'Tea & "biscuits" <script>' : `Note ${n}`);
  await dossier.take('a-signal', { 'en.md': original({ updated: '2024-05-21T09:00:00Z' }), 'es.md': SPANISH });
  await dossier.take('a-draft', { 'en.md': original({ slug: 'a-draft', state: 'draft', published: null }) });
  await dossier.take('tomorrow', { 'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }) });
  for (let n = 10; n < 31; n++) await dossier.take(`note-${n}`, { 'en.md': note(n) });
  cast = await enterAll(dossier);
});
afterAll(() => dossier.stop());

test('two readers of feeds understand what is new, the newest first, in pages that lead to each other', async () => {
  const first = await bodyOf('/feed.xml');
  expect([first.status, first.type]).toEqual([200, 'application/atom+xml; charset=utf-8']);
  const atom = parseAtomFeed(first.text);
  const other = parseByRowan(first.text);
  const titles = atom.entries!.map(({ title }) => (typeof title === 'string' ? title : title?.value));
  expect(titles).toHaveLength(20);
  expect(titles[0]).toBe('A signal in English');
  expect(other.items.map(({ title }) => title)).toEqual(titles);
  expect(titles).toContain('Tea & "biscuits" <script>');
  expect(first.text).not.toContain('<script>');
  const linkOf = (rel: string) => atom.links!.find((one) => one.rel === rel)?.href;
  expect([linkOf('self'), linkOf('next'), linkOf('previous'), linkOf('last')]).toEqual([
    `${dossier.url}/feed.xml`,
    `${dossier.url}/feed.xml?page=2`,
    undefined,
    `${dossier.url}/feed.xml?page=2`,
  ]);
  const second = parseAtomFeed((await bodyOf('/feed.xml?page=2')).text);
  expect([second.entries!.length, second.links!.some(({ rel }) => rel === 'next')]).toEqual([2, false]);
  expect(other.items[0]).toMatchObject({ url: `${dossier.url}/briefings/a-signal` });
  expect([atom.entries![0]!.updated, atom.updated]).toEqual(['2024-05-21T09:00:00.000Z', '2024-05-21T09:00:00.000Z']);
});

test('the same as JSON Feed, in another language and of one category', async () => {
  const json = await bodyOf('/es/feed.json');
  const feed = parseJsonFeed(json.text);
  expect([json.type, feed.language, feed.items![0]!.url, feed.items![0]!.title]).toEqual([
    'application/feed+json; charset=utf-8',
    'es',
    `${dossier.url}/es/briefings/a-signal`,
    'Una señal en español',
  ]);
  expect(feed.next_url).toBe(`${dossier.url}/es/feed.json?page=2`);
  const category = parseJsonFeed((await bodyOf('/categories/cloud-service/feed.json')).text);
  expect([category.items!.length, category.home_page_url]).toEqual([1, `${dossier.url}/categories/cloud-service`]);
});

test('says the public parts alone, whoever asks, and nothing of what is not there for visitors', async () => {
  const visitors = await bodyOf('/feed.xml');
  for (const { headers } of Object.values(cast)) expect((await bodyOf('/feed.xml', headers)).text).toBe(visitors.text);
  expect(visitors.text).toContain('A lead in English.');
  for (const hidden of ['GATED', 'a-draft', 'tomorrow']) expect(visitors.text).not.toContain(hidden);
});

test('answers with 304 for what is known, and is found from the pages', async () => {
  const { headers } = await bodyOf('/feed.json');
  const again = await bodyOf('/feed.json', { 'If-None-Match': headers.get('etag')! });
  expect([again.status, again.text, headers.get('cache-control')]).toEqual([304, '', 'public, no-cache']);
  const found = (await at('/categories/cloud-service')).html.querySelectorAll('link[type*="feed"], link[type*="atom"]');
  expect(found.map((link) => link.getAttribute('href'))).toEqual([
    '/categories/cloud-service/feed.xml',
    '/categories/cloud-service/feed.json',
    '/feed.xml',
    '/feed.json',
  ]);
});

test.each(['/feed.xml?page=9', '/feed.json?page=9', '/categories/nobody/feed.xml', '/categories/x%2F/feed.json'])(
  '%s is not there',
  async (path) => expect((await at(path)).status).toBe(404),
);
test('a page that is no number is refused', async () => expect((await at('/feed.xml?page=x')).status).toBe(400));

test('an organization has its own feed, of what a visitor may read; without any it is not there', async () => {
  for (const file of ['feed.xml', 'feed.json']) {
    const { status, text } = await bodyOf(`/organizations/one-org/${file}`);
    expect([status, text.includes('/briefings/a-signal'), text.includes('/briefings/note-10')]).toEqual([
      200,
      true,
      false,
    ]);
  }
  const atom = parseAtomFeed((await bodyOf('/es/organizations/one-org/feed.xml')).text);
  expect(atom.links!.find(({ rel }) => rel === 'self')?.href).toBe(`${dossier.url}/es/organizations/one-org/feed.xml`);
  expect(atom.links!.find(({ rel }) => rel === 'alternate')?.href).toBe(`${dossier.url}/es/organizations/one-org`);
  expect((await at('/organizations/one-org')).text).toContain('/organizations/one-org/feed.xml');
  expect([
    (await bodyOf('/organizations/nobody/feed.xml')).status,
    (await bodyOf('/organizations/one-org/feed.xml?page=2')).status,
    (await bodyOf('/organizations/one-org/feed.xml', cast.alliance.headers)).text,
  ]).toEqual([404, 404, (await bodyOf('/organizations/one-org/feed.xml')).text]);
});
