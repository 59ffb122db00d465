import { drawNetwork } from '../../src/organizations/network';
import { original, PASSAGES } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const at = (path: string, name: Name = 'visitor') => visit(`${dossier.url}${path}`, { headers: cast[name].headers });
const all = ({ html }: Page, selector: string) =>
  html.querySelectorAll(selector).map((one) => one.text.replace(/\s+/g, ' ').trim());
const FAR = '2999-01-01T08:00:00Z';
const organizations = (...keys: readonly string[]) =>
  keys.map((key) => `\n    - key: ${key}\n      name: ${key.replace(/^./, (first) => first.toUpperCase())}`).join('');

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', { 'en.md': original() });
  await dossier.take('together', {
    'en.md': original(
      {
        slug: 'together',
        organizations: `${organizations('two', 'three')}\n    - key: one-org\n      name: One Org\n      url: https://example.org`,
      },
      PASSAGES.replace('GATED organization note.', 'GATED second [note](https://example.org/x) & more.'),
    ),
  });
  await dossier.take('early', {
    'en.md': original(
      {
        slug: 'early',
        organizations: organizations('secret', 'two'),
        early: `\n    tier: leadership-alliance\n    until: ${FAR}`,
      },
      '',
    ),
  });
  await dossier.take('a-draft', {
    'en.md': original(
      { slug: 'a-draft', state: 'draft', published: null, organizations: organizations('drafted') },
      '',
    ),
  });
});
afterAll(() => dossier.stop());

test("an organization has its briefings, its site, and nobody's note for a visitor", async () => {
  const page = await at('/organizations/one-org');
  expect([page.status, said(page, 'h1'), said(page, '.byline li')]).toEqual([200, 'One Org', '2 briefings']);
  expect(all(page, '.organization-notes p')).toEqual([
    '1 note of this briefing for Strategy Circle',
    '1 note of this briefing for Strategy Circle',
  ]);
  expect(page.text).not.toContain('GATED');
});

test('a member reads its notes, each below its briefing', async () => {
  const page = await at('/organizations/one-org', 'circle');
  expect(all(page, '.organization-notes .passage .prose').sort()).toEqual([
    'GATED organization note.',
    'GATED second note & more.',
  ]);
  expect(page.text).not.toContain('GATED evidence');
});

test('who appears with it is drawn, and the same as a table, in every language', async () => {
  const page = await at('/es/organizations/one-org');
  expect(all(page, '.network td')).toEqual(['Three', '1 informe', 'Two', '1 informe']);
  expect(all(page, '.network text')).toEqual(['Three', 'Two']);
  expect(page.html.querySelector('.network svg')?.getAttribute('aria-label')).toContain('otras 2 organizaciones');
});

test('an organization is there for whoever meets a briefing that it is linked to', async () => {
  for (const slug of ['secret', 'drafted', 'nobody'])
    expect([slug, (await at(`/organizations/${slug}`)).status]).toEqual([slug, 404]);
  expect((await at('/organizations/secret', 'circle')).status).toBe(404);
  expect(said(await at('/organizations/secret', 'alliance'), 'h1')).toBe('Secret');
  expect((await at('/organizations/drafted', 'alliance')).status).toBe(404);
  // Who else is in a briefing that is early is told nobody either.
  expect(all(await at('/organizations/two'), '.network td a')).toEqual(['One Org', 'Three']);
  expect(all(await at('/organizations/two', 'alliance'), '.network td a')).toEqual(['One Org', 'Secret', 'Three']);
});

test('a briefing leads to its organizations', async () => {
  const page = await at('/briefings/a-signal');
  expect(page.html.querySelector('.organization-name a')?.getAttribute('href')).toBe('/organizations/one-org');
  expect(page.html.querySelector('.organization-site')?.getAttribute('href')).toBe('https://example.org');
});

test('the drawing keeps everybody within it, the most frequent with the widest line', () => {
  const neighbours = Array.from({ length: 12 }, (_, n) => ({ slug: `o${n}`, name: `O ${n}`, together: 12 - n }));
  const { nodes, width, height } = drawNetwork(neighbours);
  for (const { x, y } of nodes) expect(x > 0 && x < width && y > 0 && y < height).toBe(true);
  expect(nodes.map((one) => one.width)).toEqual([...nodes.map((one) => one.width)].sort((a, b) => b - a));
});
