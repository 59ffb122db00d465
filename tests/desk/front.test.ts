import { accountsViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, type Member, type Name } from '../support/cast';
import { idOf } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let cast: Record<Name, Member>;
/** A briefing whose English title says its slug. */
const titled = (slug: string, changes: Readonly<Record<string, string | null>>) =>
  original({ slug, ...changes }).replace(/^title: .*$/m, `title: Title of ${slug}`);
/** Oldest first; the last is the newest. */
const SLUGS = ['first', 'second', 'third', 'fourth', 'fifth'];
beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  for (const [index, slug] of SLUGS.entries())
    await dossier.take(slug, {
      'en.md': titled(slug, { published: `2026-03-0${index + 1}T08:00:00Z` }),
      ...(slug === 'third' ? {} : { 'es.md': SPANISH.replace(/^title: .*$/m, `title: Título de ${slug}`) }),
    });
});
afterAll(() => dossier.stop());

const place = async (slug: string, act: string, name: Name = 'editor') =>
  send(dossier, '/desk/front', new URLSearchParams({ briefing: await idOf(dossier, slug), act }).toString(), {
    cookie: cast[name].headers['Cookie']!,
  });
const slugs = (page: Page, part: string) =>
  page.html
    .querySelectorAll(`${part} .card-title a`)
    .map((one) => one.getAttribute('href')!.replace(/^.*\/briefings\//, ''));
const front = async (query = '', headers: Record<string, string> = {}) => {
  const page = await visit(`${dossier.url}/${query}`, { headers });
  return { page, lead: slugs(page, '.card-lead'), latest: slugs(page, '.front-latest'), shelf: slugs(page, '.shelf') };
};

test('the newest leads, and the next ones follow as the latest and on the shelf of their category', async () => {
  const { lead, latest, shelf } = await front();
  expect(lead).toEqual(['fifth']);
  expect(latest).toEqual(['fourth', 'third', 'second', 'first']);
  expect(shelf).toEqual(['fourth', 'third', 'second']);
});

test('an editor keeps one in the lead, orders a shelf and leaves one out: on the next request, for everybody, and noted', async () => {
  await front();
  expect((await place('second', 'lead')).status).toBe(303);
  expect(await front()).toMatchObject({ lead: ['second'], latest: ['fifth', 'fourth', 'third', 'first'] });
  await place('first', 'first');
  await place('third', 'first');
  expect((await front()).shelf).toEqual(['third', 'first', 'fifth']);
  await place('fifth', 'hide');
  const hidden = await front();
  expect([hidden.lead, hidden.latest, hidden.shelf].flat()).not.toContain('fifth');
  expect((await visit(`${dossier.url}/categories/cloud-service`)).text).toContain('/briefings/fifth');
  expect((await front('', cast.alliance.headers)).lead).toEqual(['second']);
  const section = await visit(`${dossier.url}/desk/front`, { headers: cast.editor.headers });
  expect(said(section, '[aria-labelledby="front-hidden"] .row-name')).toContain('Title of fifth');
  for (const slug of ['second', 'first', 'third', 'fifth']) await place(slug, 'release');
  expect((await front()).lead).toEqual(['fifth']);
  const entries = await dossier.wall.read(accountsViewer, (db) =>
    db.auditEntry.findMany({ where: { action: { startsWith: 'front-' } }, orderBy: { at: 'asc' } }),
  );
  expect(entries.slice(0, 2)).toMatchObject([
    { action: 'front-led', target: 'second', before: { place: null }, after: { place: 'lead' } },
    { action: 'front-shelved', target: 'first' },
  ]);
});

test('one that is not there for readers cannot lead, and its place tells nobody of it', async () => {
  await dossier.take('soon', {
    'en.md': titled('soon', { published: '2099-01-01T08:00:00Z' }),
  });
  expect((await place('soon', 'lead')).status).toBe(303);
  const { page, lead } = await front();
  expect(lead).toEqual(['fifth']);
  expect(page.text).not.toContain('soon');
  await dossier.take('unwritten', { 'en.md': original({ slug: 'unwritten', state: 'draft', published: null }) });
  expect((await place('unwritten', 'lead')).status).toBe(409);
  expect((await place('first', 'lead', 'alliance')).status).toBe(404);
  await place('soon', 'release');
});

test('in its own language alone the page leaves out what would fall back, and offers that where anything would', async () => {
  const spanish = await front('es');
  expect(spanish.latest).toContain('third');
  const way = spanish.page.html.querySelector('.front-texts a')!.getAttribute('href')!;
  expect(way).toBe('/es?texts=own');
  const own = await front(way.slice(1));
  expect([own.lead, own.latest, own.shelf].flat()).not.toContain('third');
  expect(own.page.html.querySelector('.front-texts a')!.getAttribute('href')).toBe('/es');
  expect((await front()).page.html.querySelector('.front-texts')).toBeNull();
});
