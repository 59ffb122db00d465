import { bandOf, BANDS } from '../../src/briefings/confidence';
import { PASSAGE_KINDS } from '../../src/access/kinds';
import { editorialViewer } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { findFolders } from '../../src/briefings/file/find-folders';
import { contentOf, findWhole } from '../../src/briefings/reading/rows';
import { loadSamples, SAMPLES } from '../../src/briefings/file/samples';
import type { BriefingContent } from '../../src/briefings/file/content';
import { startDossier, type Dossier } from '../support/dossier';

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
  for (const kind of PASSAGE_KINDS)
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
    expect(PASSAGE_KINDS.map((kind) => passages.filter((one) => one.kind === kind).length)).toEqual([2, 9, 3, 4, 9]);
  }
});

test('lie in the repository in canonical form', async () => {
  for (const { path: folder, files } of (await findFolders([SAMPLES])).briefings) {
    const slug = folder.split('/').at(-1)!;
    const exported = (await exportBriefing(dossier.wall, slug))!;
    expect([...files.keys()].sort()).toEqual([...exported.keys()].sort());
    for (const [name, bytes] of files)
      expect([slug, name, Buffer.from(bytes).toString()]).toEqual([slug, name, exported.get(name)]);
  }
});

test('name each address of a source once in the house by one title', () => {
  for (const { slug, sources } of samples)
    expect([slug, new Set(sources.map(({ url }) => url)).size]).toEqual([slug, sources.length]);
});
