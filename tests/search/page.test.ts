import type { SearchAnswer } from '../../src/api/answers';
import { ask } from '../support/api';
import { original, SPANISH } from '../support/briefing';
import { enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
const search = (query: string, name: Name = 'visitor', prefix = '') =>
  visit(`${dossier.url}${prefix}/search${query}`, { headers: cast[name].headers });
const all = ({ html }: Page, selector: string) =>
  html.querySelectorAll(selector).map((one) => one.text.replace(/\s+/g, ' ').trim());
const titles = (page: Page) => all(page, '.found-title a');

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  await dossier.take('a-signal', {
    'en.md': original()
      .replace('The open body.', 'An open body about **foundries** <b>& more</b>.')
      .replace('GATED trend text.', 'GATED foundries of *Dresden*.'),
    'es.md': SPANISH.replace('GATED contexto', 'GATED camiones'),
  });
  for (let n = 1; n <= 12; n++)
    await dossier.take(`other-${n}`, {
      'en.md': original(
        { slug: `other-${n}`, type: 'risk', domain: 'energy', confidence: '0.60', organizations: null },
        '',
      )
        .replace('A signal in English', `Other briefing ${n}`)
        .replace('Somewhere', 'Patagonia'),
    });
});
afterAll(() => dossier.stop());

test('without words it asks for some, and looks for nothing', async () => {
  const page = await search('');
  expect([page.status, said(page, 'h1'), all(page, '.found')]).toEqual([200, 'Search the briefings', []]);
  expect(page.html.querySelector('meta[name="robots"]')?.getAttribute('content')).toBe('noindex');
  expect(page.headers.get('cache-control')).toBe('private, no-store');
});

test('what was typed stays, and what it found is marked and never HTML', async () => {
  const page = await search('?q=%22foundries+b%22+<b>');
  expect(page.html.querySelector('#q')?.getAttribute('value')).toBe('"foundries b" <b>');
  const found = await search('?q=foundries+body');
  expect(titles(found)).toEqual(['A signal in English']);
  expect(all(found, '.found-in mark')).toEqual(['body', 'foundries']);
  expect(found.text).toContain('&amp; more');
  expect(found.text).not.toContain('<b>');
  expect(all(found, '.found-in dt')).toEqual(['In the text']);
});

test('a member is shown the place in what they may read, a visitor how much there is for members', async () => {
  const member = await search('?q=dresden', 'circle');
  expect(titles(member)).toEqual(['A signal in English']);
  expect(all(member, '.found-in dt')).toEqual(['Deeper trend context']);
  expect(said(member, '.found-in dd')).toBe('GATED foundries of Dresden');
  const visitor = await search('?q=dresden');
  expect(titles(visitor)).toEqual([]);
  expect(visitor.text).not.toContain('GATED');
  const open = await search('?q=foundries');
  expect(all(open, '.found-locked li')).toEqual([
    '2 more passages for Strategy Circle',
    '3 more passages for Leadership Alliance',
  ]);
  expect(said(open, '.search-head .small')).toBe('One briefing on this page holds more for members.');
  expect(all(await search('?q=foundries', 'alliance'), '.found-locked li')).toEqual([]);
});

test('a place in another language is shown in it, and says so', async () => {
  const page = await search('?q=camiones', 'circle');
  expect(page.html.querySelector('.found-in dd span')?.getAttribute('lang')).toBe('es');
  const spanish = await search('?q=camión', 'circle', '/es');
  expect([said(spanish, 'h1'), titles(spanish)]).toEqual(['Buscar en los informes', ['Una señal en español']]);
});

test('facets count what was found, and lead on', async () => {
  const page = await search('?q=english+summary');
  const facet = (name: string) => all(page, `section[aria-labelledby="facet-${name}"] li`);
  expect(said(page, '.search-head p')).toBe('13 briefings');
  expect(facet('type')).toEqual(['Risk Briefing 12', 'Signal Briefing 1']);
  expect(facet('region')).toEqual(['Patagonia 12', 'Somewhere 1']);
  expect(facet('organization')).toEqual(['One Org 1']);
  expect(facet('year')).toEqual(['2024 13']);
  expect(facet('band')).toEqual(['High: direct sources 1', 'Medium 12']);
  const href = page.html.querySelector('section[aria-labelledby="facet-organization"] a')!.getAttribute('href')!;
  const narrowed = await visit(`${dossier.url}${href.replaceAll('&amp;', '&')}`);
  expect(titles(narrowed)).toEqual(['A signal in English']);
  expect(all(narrowed, '.narrowed a')).toEqual(['Organization: One Org ×, remove']);
  // A name is said only where something that was found bears it: of what is not published it is told nobody.
  expect(all(await search('?organization=one-org&q=nothing+of+this'), '.narrowed a')).toEqual([
    'Organization: one-org ×, remove',
  ]);
});

test('pages, and the order', async () => {
  const first = await search('?q=briefing&sort=oldest');
  expect([titles(first).length, all(first, '.paging li')]).toEqual([10, ['1', '2']]);
  const second = await search('?q=briefing&sort=oldest&page=2');
  expect(titles(second).length).toBe(2);
  expect(said(second, 'a[rel="prev"]')).toBe('← Previous');
  expect((await search('?q=briefing&page=3')).status).toBe(404);
});

test('a word that finds nothing is answered with one like it that does, and which this reader may read', async () => {
  const page = await search('?q=patagoni');
  expect(all(page, '.meant a')).toEqual(['patagonia']);
  expect(said(page, '.empty h2')).toBe('Nothing was found');
  expect(all(await search('?q=dresdenn', 'circle'), '.meant a')).toEqual([]);
});

test.each(['?sort=longest', '?page=0', '?band=z', '?q=a&q=b', '?category=A%00', '?year=3000', '?q=%01'])(
  '%s is asked for by no form',
  async (query) => {
    expect((await search(query)).status).toBe(400);
  },
);

test('what is too long to be looked for is said beside the field, and kept', async () => {
  const page = await search(`?q=${'x'.repeat(201)}`);
  expect([page.status, said(page, '#q-error')]).toEqual([422, 'That is too long to look for: 200 characters at most.']);
  expect(page.html.querySelector('#q')?.getAttribute('value')).toBe('x'.repeat(201));
});

test('the bar above every page leads to it, in its language', async () => {
  const front = await visit(`${dossier.url}/es`);
  expect(front.html.querySelector('.top-search')?.getAttribute('action')).toBe('/es/search');
  expect(front.html.querySelector('.top-search-way')?.getAttribute('href')).toBe('/es/search');
});

test('the API finds the same for the same reader, and says where', async () => {
  const token = await tokenFor(dossier, cast.circle.id!);
  const at = (query: string, by?: string) => ask(`${dossier.url}/api/v1/search${query}`, by ? { token: by } : {});
  const found = (await at('?q=dresden', token)).json as SearchAnswer;
  expect(found.items.map(({ briefing, pieces }) => [briefing.slug, pieces])).toEqual([
    ['a-signal', [{ text: 'GATED foundries of Dresden', language: 'en' }]],
  ]);
  expect((await at('?q=dresden')).json).toEqual({
    page: 1,
    pages: 1,
    total: 0,
    more: false,
    items: [],
    suggestions: [],
  });
  expect(((await at('?q=briefing&sort=oldest&page=2')).json as SearchAnswer).items.length).toBe(2);
  expect((await at('?q=briefing')).headers.get('link')).toContain('q=briefing&page=2');
  expect((await at(`?q=${'x'.repeat(201)}`)).status).toBe(400);
});
