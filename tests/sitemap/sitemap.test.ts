import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { setSetting } from '../support/set-setting';
import { until } from '../support/until';

let dossier: Dossier;
const at = (path: string) => visit(`${dossier.url}${path}`);
const addresses = (text: string) => [...text.matchAll(/<loc>([^<]*)<\/loc>/g)].map(([, one]) => new URL(one!).pathname);

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await dossier.take('english', { 'en.md': original({ slug: 'english', updated: '2025-01-01T00:00:00Z' }) });
  const early = '\n    tier: leadership-alliance\n    until: 2999-01-01T00:00:00Z';
  await dossier.take('early', { 'en.md': original({ slug: 'early', early }) });
  await dossier.take('tomorrow', { 'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }) });
  await dossier.take('a-draft', { 'en.md': original({ slug: 'a-draft', state: 'draft', published: null }) });
});
afterAll(() => dossier.stop());

test('the index leads to the files, and these to what a visitor may read, in the languages it exists in', async () => {
  const index = await at('/sitemap.xml');
  expect(index.headers.get('content-type')).toBe('application/xml; charset=utf-8');
  expect(addresses(index.text)).toEqual(['/sitemap-sections.xml', '/sitemap-briefings.xml']);
  expect(addresses((await at('/sitemap-sections.xml')).text)).toEqual([
    '/',
    '/es',
    '/categories/cloud-service',
    '/es/categories/cloud-service',
  ]);
  const briefings = (await at('/sitemap-briefings.xml')).text;
  expect(addresses(briefings)).toEqual(['/briefings/a-signal', '/es/briefings/a-signal', '/briefings/english']);
  expect(briefings).toContain(`hreflang="es" href="${dossier.url}/es/briefings/a-signal"`);
  expect(briefings).toContain('<lastmod>2025-01-01T00:00:00.000Z</lastmod>');
});

test.each([
  ['/sitemap-briefings.xml?page=2', 404],
  ['/sitemap-briefings.xml?page=x', 400],
])('%s is %i', async (path, status) => {
  expect((await at(path)).status).toBe(status);
});

test('llms.txt says what this is and where its parts are, of what a visitor may read', async () => {
  const { status, headers, text } = await at('/llms.txt');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
  expect(text).toMatch(/^# Dossier\n\n> \S/);
  expect(text).toContain(`](${dossier.url}/categories/cloud-service)`);
  expect(text).toContain(`](${dossier.url}/api/openapi.json)`);
});

test('security.txt names where letters are answered, and an end (RFC 9116)', async () => {
  expect((await at('/.well-known/security.txt')).text).toMatch(/^Contact: mailto:\S+@\S+\n/);
  await setSetting(dossier, 'mail', { replyTo: 'desk@example.org' });
  await until(async () => (await at('/.well-known/security.txt')).text.includes('desk@example.org'));
  const { text, headers } = await at('/.well-known/security.txt');
  expect(headers.get('content-type')).toBe('text/plain; charset=utf-8');
  expect(text).toContain('Contact: mailto:desk@example.org\n');
  expect(text).toContain(`Canonical: ${dossier.url}/.well-known/security.txt\n`);
  const [, expires] = /^Expires: (.*)$/m.exec(text)!;
  const days = (Date.parse(expires!) - Date.now()) / 86_400_000;
  expect([days > 100, days < 365]).toEqual([true, true]);
});

test('where answers from it are refused, or nothing is to be found, there is no llms.txt', async () => {
  await setSetting(dossier, 'discovery', { aiCrawlers: 'no-training' });
  await until(async () => (await at('/llms.txt')).text.includes('not to train models'));
  await setSetting(dossier, 'discovery', { aiCrawlers: 'refused' });
  await until(async () => (await at('/llms.txt')).status === 404);
  await setSetting(dossier, 'discovery', { aiCrawlers: 'allowed', indexed: false });
  await until(async () => (await at('/sitemap.xml')).status === 404);
  expect((await at('/llms.txt')).status).toBe(404);
});
