import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';

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
