import { bandOf, BANDS } from '../../src/briefings/confidence';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { DELIVERED_SHAPE } from '../../src/site/shape/delivered';
import { findFolders } from '../../src/briefings/file/find-folders';
import { contentOf, findWhole } from '../../src/briefings/reading/rows';
import { removeSamples } from '../../src/briefings/file/sample-removal';
import { bringSamples, findSamples, loadSamples, SAMPLES } from '../../src/briefings/file/samples';
import type { BriefingContent } from '../../src/briefings/content';
import { original } from '../support/briefing';
import { enterAll } from '../support/cast';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit, type Page } from '../support/page';

let dossier: Dossier;
let samples: BriefingContent[];

beforeAll(async () => {
  dossier = await startDossier({ samples: true });
  samples = await dossier.wall.read(editorialViewer, async (db) => {
    const rows = [];
    for (const { slug } of await db.briefing.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } }))
      rows.push((await findWhole(db, { slug }))!);
    return rows.map(contentOf);
  });
});
afterAll(() => dossier.stop());

const KINDS = DELIVERED_SHAPE.kinds.map(({ slug }) => slug);

test('are loaded once, and not over briefings that are there', async () => {
  expect(await loadSamples(dossier.wall)).toBe(0);
});

test('are at least twelve in four categories, four of them on cloud services', () => {
  expect(samples.length).toBeGreaterThanOrEqual(12);
  expect(new Set(samples.map(({ category }) => category)).size).toBe(4);
  expect(samples.filter(({ category }) => category === 'cloud-service').length).toBeGreaterThanOrEqual(4);
});

test('cover every band of confidence, every kind of passage, one language and two', () => {
  expect(new Set(samples.map(({ confidence }) => bandOf(confidence ?? NaN).name))).toEqual(
    new Set(BANDS.map(({ name }) => name)),
  );
  for (const kind of KINDS)
    expect(
      samples.some(({ editions }) =>
        Object.values(editions).some(({ passages }) => passages.some((one) => one.kind === kind)),
      ),
    ).toBe(true);
  const languages = samples.map(({ editions }) => Object.keys(editions).sort().join());
  for (const set of ['en', 'es', 'en,es']) expect(languages).toContain(set);
});

test('the Microsoft and Mistral briefing is whole in both languages, but for a lead in English only', () => {
  const { editions, sources, organizations, original } = samples.find(
    ({ slug }) => slug === 'microsoft-mistral-azure',
  )!;
  expect([original, sources.length, organizations.length]).toEqual(['en', 9, 9]);
  expect(editions['en']!.lead).toBeTruthy();
  expect(editions['es']!.lead).toBeNull();
  for (const lang of ['en', 'es']) {
    const { title, summary, topic, explanations, facts, lists, body, passages, sources: texts } = editions[lang]!;
    expect([title, summary, topic, body].every(Boolean)).toBe(true);
    expect([
      Object.keys(explanations).length,
      Object.keys(facts).length,
      Object.keys(lists).length,
      Object.keys(texts).length,
    ]).toEqual([5, 4, 3, 9]);
    expect(KINDS.map((kind) => passages.filter((one) => one.kind === kind).length)).toEqual([2, 9, 3, 4, 9]);
  }
});

test('lie in the repository in canonical form', async () => {
  const { briefings } = await findFolders([SAMPLES]);
  expect(briefings).toHaveLength(samples.length);
  for (const { path: folder, files } of briefings) {
    const slug = folder.split('/').at(-1)!;
    const exported = (await exportBriefing(dossier.wall, slug))!;
    expect([...files.keys()].sort()).toEqual([...exported.keys()].sort());
    for (const [name, bytes] of files)
      expect([slug, name, Buffer.from(bytes).toString()]).toEqual([slug, name, exported.get(name)]);
  }
});

test('name each address of a source once in the house by one title', () => {
  expect(samples.flatMap(({ sources }) => sources).length).toBeGreaterThan(samples.length);
  for (const { slug, sources } of samples)
    expect([slug, new Set(sources.map(({ url }) => url)).size]).toEqual([slug, sources.length]);
});

describe('brought and taken away', () => {
  let other: Dossier;
  beforeAll(async () => {
    other = await startDossier();
  });
  afterAll(() => other.stop());

  const BY = { id: null, name: 'a test' };
  const remove = (changed = false) => removeSamples(other.wall, BY, changed, new Date());
  const left = () =>
    other.wall.read(editorialViewer, async (db) => ({
      briefings: (await db.briefing.findMany({ select: { slug: true } })).map(({ slug }) => slug),
      categories: (await db.category.findMany({ select: { slug: true }, orderBy: { slug: 'asc' } })).map(
        ({ slug }) => slug,
      ),
      organizations: (await db.organization.findMany({ select: { slug: true } })).length,
      revisions: await db.revision.count(),
      passages: await db.passage.count(),
      pictures: await db.picture.count(),
      former: await db.formerSlug.count(),
      pages: await db.page.count(),
    }));

  test("go without a trace, in whatever state; what is the publisher's own or was changed stays, and is named", async () => {
    const own = await other.take('a-signal', { 'en.md': original() });
    // A briefing of the publisher's under the slug of a sample.
    await other.take('hbm-export-control', { 'en.md': original({ slug: 'hbm-export-control' }) });
    const before = await left();

    const first = await bringSamples(other.wall);
    expect([first.kept, first.loaded.length]).toEqual([['hbm-export-control'], samples.length - 1]);
    expect(first.pages).toEqual(['about', 'contact', 'privacy', 'terms']);
    expect((await bringSamples(other.wall)).loaded).toEqual([]);
    const edited = 'xz-utils-maintainer-funding';
    await other.wall.write(editorialViewer, async (db) => {
      await db.briefing.update({ where: { slug: 'uk-cloud-commitments' }, data: { state: 'archived' } });
      const { id } = await db.briefing.findUniqueOrThrow({ where: { slug: edited }, select: { id: true } });
      await db.edition.updateMany({ where: { briefingId: id }, data: { title: 'A title of our own' } });
    });
    const changed = ['hbm-export-control', edited];
    expect((await findSamples(other.wall)).changed).toEqual(changed);

    const removed = await remove();
    expect([removed.left, removed.briefings.length]).toEqual([changed, samples.length - 2]);
    expect((await left()).briefings.sort()).toEqual([own.slug, ...changed].sort());
    expect((await remove(true)).left).toEqual([]);
    const { briefings, ...rest } = await left();
    expect(briefings).toEqual([own.slug]);
    expect(rest).toMatchObject({
      categories: ['cloud-service', 'policy-watch'],
      former: before.former,
      pictures: 0,
      pages: 0,
    });
    expect([rest.revisions, rest.passages * 2]).toEqual([before.revisions - 1, before.passages]);
    const entries = await other.wall.read(accountsViewer, (db) =>
      db.auditEntry.count({ where: { action: { in: ['briefing-deleted', 'samples-removed'] } } }),
    );
    expect(entries).toBe(samples.length + 2);
    // Taken away, they do not come back by themselves.
    await other.wall.write(editorialViewer, (db) => db.briefing.deleteMany());
    expect(await loadSamples(other.wall)).toBe(0);
  });

  test('from the desk too: counted first, asked again when something changed meanwhile, and noted by whom', async () => {
    const { editor } = await enterAll(other);
    const at = (path: string) => visit(`${other.url}${path}`, { headers: editor.headers });
    const post = (path: string, fields: Record<string, string>) =>
      send(other, path, fields, { cookie: editor.headers['Cookie']! });
    const hidden = ({ html }: Page) =>
      Object.fromEntries(
        html
          .querySelectorAll('form input[type=hidden]')
          .map((one) => [one.getAttribute('name'), one.getAttribute('value')]),
      ) as Record<string, string>;
    const sure = (page: Page) => said(page, '.section-form p');
    const own = await other.take('of-our-own', { 'en.md': original({ slug: 'of-our-own' }) });
    const before = await left();

    const section = await at('/desk/samples');
    expect(said(section, '.section-form p')).toBe(
      `There are ${samples.length} samples to try things out with. 0 of them are here as they came.`,
    );
    expect(section.html.querySelectorAll('.section-form a').map((one) => one.getAttribute('href'))).toEqual([
      '/desk/samples/load',
    ]);
    expect(sure(await at('/desk/samples/load'))).toBe(
      `${samples.length} sample briefings are added, with the categories they are in. Readers have the published ones at once.`,
    );
    expect((await post('/desk/samples/load', hidden(await at('/desk/samples/load')))).headers.get('location')).toBe(
      '/desk/samples?done=samples-loaded',
    );
    expect((await visit(`${other.url}/briefings/hbm-export-control`)).status).toBe(200);

    const asked = await at('/desk/samples/remove');
    const loaded = await left();
    const gone = {
      briefings: samples.length,
      categories: loaded.categories.length - before.categories.length,
      organizations: loaded.organizations - before.organizations,
    };
    expect(sure(asked)).toContain(
      `This removes ${gone.briefings} briefings, ${gone.categories} categories, ${gone.organizations} organizations and 4 pages,`,
    );
    await other.wall.write(editorialViewer, (db) =>
      db.briefing.update({ where: { slug: 'uk-cloud-commitments' }, data: { state: 'archived' } }),
    );
    const again = await post('/desk/samples/remove', hidden(asked));
    expect([again.status, (await left()).briefings.length]).toEqual([409, samples.length + 1]);
    expect((await post('/desk/samples/remove', hidden(await at('/desk/samples/remove')))).status).toBe(303);
    expect(await left()).toEqual(before);
    expect(before.briefings).toEqual([own.slug]);
    expect((await visit(`${other.url}/briefings/hbm-export-control`)).status).toBe(404);
    const noted = await other.wall.read(accountsViewer, (db) =>
      db.auditEntry.findMany({ where: { actorId: editor.id }, select: { action: true, after: true } }),
    );
    expect(noted.filter(({ action }) => action.startsWith('samples-'))).toEqual([
      { action: 'samples-loaded', after: { briefings: samples.length, pages: 4 } },
      { action: 'samples-removed', after: { briefings: samples.length, pages: 4 } },
    ]);
    expect(noted.filter(({ action }) => action === 'briefing-deleted')).toHaveLength(samples.length);
  });
});
