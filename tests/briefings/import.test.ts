import { editorialViewer, visitor } from '../../src/access/viewer';
import { exportBriefing } from '../../src/briefings/file/export';
import { FaultyFiles } from '../../src/briefings/file/fault';
import { importCategories } from '../../src/briefings/categories';
import { PNG } from '../support/pictures';
import { original, SPANISH } from '../support/briefing';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
beforeAll(async () => {
  dossier = await startDossier();
});
afterAll(() => dossier.stop());

const english = (slug: string, changes: Record<string, string | null> = {}) =>
  original({ slug, organizations: null, ...changes }).replace(/\n::: organization one-org\n[^]*?\n:::\n/, '');

const currentPassages = (slug: string) =>
  dossier.wall.read(editorialViewer, (db) =>
    db.passage.findMany({
      where: { briefing: { slug }, untilRevision: null },
      orderBy: [{ position: 'asc' }, { lang: 'asc' }],
    }),
  );

test('taking the same files in again changes nothing and makes no revision', async () => {
  const files = { 'en.md': original(), 'es.md': SPANISH };
  expect(await dossier.take('a-signal', files)).toEqual({ slug: 'a-signal', outcome: 'created', revision: 1 });
  expect(await dossier.take('a-signal', files)).toEqual({ slug: 'a-signal', outcome: 'unchanged', revision: 1 });
  expect(
    await dossier.wall.read(editorialViewer, (db) => db.revision.count({ where: { briefing: { slug: 'a-signal' } } })),
  ).toBe(1);
});

test('what is exported imports as unchanged, and exports to the same bytes', async () => {
  await dossier.take('round-trip', {
    'en.md': english('round-trip', {
      stricter: '\n    trend/trend: leadership-alliance',
      formerly: '[round, the-trip]',
    }),
    'es.md': SPANISH,
  });
  const files = (await exportBriefing(dossier.wall, 'round-trip'))!;
  expect(await dossier.take('round-trip', Object.fromEntries(files))).toMatchObject({
    outcome: 'unchanged',
    revision: 1,
  });
  expect(await exportBriefing(dossier.wall, 'round-trip')).toEqual(files);
});

test('a cover makes the round too, and another picture is a change', async () => {
  const text = english('covered', { cover: 'cover.png' }).replace('title: A', 'cover-alt: A grey point.\ntitle: A');
  await dossier.take('covered', { 'en.md': text, 'cover.png': PNG });
  const files = (await exportBriefing(dossier.wall, 'covered'))!;
  expect(Buffer.from(files.get('cover.png')!)).toEqual(PNG);
  expect(await dossier.take('covered', Object.fromEntries(files))).toMatchObject({ outcome: 'unchanged' });
  const other = Buffer.concat([PNG, Buffer.from('x')]);
  expect(await dossier.take('covered', { 'en.md': text, 'cover.png': other })).toMatchObject({ outcome: 'updated' });
});

test('a draft, which only the desk sees, makes the same round', async () => {
  await dossier.take('draft-trip', { 'en.md': english('draft-trip', { state: 'draft', published: null }) });
  const files = (await exportBriefing(dossier.wall, 'draft-trip'))!;
  expect(String(files.get('en.md'))).toContain('GATED trend text.');
  expect(await dossier.take('draft-trip', Object.fromEntries(files))).toMatchObject({ outcome: 'unchanged' });
});

test('there is nothing to export under a slug nobody has', async () => {
  expect(await exportBriefing(dossier.wall, 'nobody')).toBeNull();
});

test('a changed passage gets a row of its own, and the others keep theirs', async () => {
  await dossier.take('changing', { 'en.md': english('changing') });
  const before = await currentPassages('changing');
  await dossier.take('changing', {
    'en.md': english('changing').replace('GATED trend text.', 'GATED new trend text.'),
  });
  const after = await currentPassages('changing');
  expect(after.map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
  expect(after.filter((row) => before.some(({ id }) => id === row.id)).map(({ kind }) => kind)).toEqual([
    'evidence',
    'failure_path',
    'source_note',
  ]);
  const ended = await dossier.wall.read(editorialViewer, (db) =>
    db.passage.findMany({ where: { briefing: { slug: 'changing' }, untilRevision: { not: null } } }),
  );
  expect(ended).toMatchObject([{ text: 'GATED trend text.', fromRevision: 1, untilRevision: 2 }]);
  // Readers had it: it is open with its revision, and to nobody once that is closed.
  const asMember = () =>
    dossier.wall.read({ role: 'reader', rank: 1000 }, (db) =>
      db.passage.findMany({ where: { briefing: { slug: 'changing' } } }),
    );
  expect((await asMember()).map(({ text }) => text)).toContain('GATED trend text.');
  const { briefingId } = ended[0]!;
  await dossier.wall.write(editorialViewer, (db) =>
    db.closedRevision.create({ data: { briefingId, number: 1, reason: 'It leaked.', lang: 'en' } }),
  );
  expect((await asMember()).map(({ text }) => text)).not.toContain('GATED trend text.');
});

test('a revision holds no gated text, whole or in part', async () => {
  const revisions = await dossier.wall.read(editorialViewer, (db) => db.revision.findMany());
  expect(revisions.length).toBeGreaterThan(0);
  expect(JSON.stringify(revisions)).not.toContain('GATED');
});

test('a source may go, take another address, or exchange it with its neighbour', async () => {
  const one = english('sources');
  await dossier.take('sources', { 'en.md': one });
  const exchanged = one
    .replace('example.org/first', 'example.org/TMP')
    .replace('example.org/second', 'example.org/first')
    .replace('example.org/TMP', 'example.org/second');
  expect(await dossier.take('sources', { 'en.md': exchanged })).toMatchObject({ outcome: 'updated', revision: 2 });
  const without = exchanged
    .replace(/ {4}- key: first\n.*\n.*\n/, '')
    .replace(/ {2}first:\n.*\n.*\n/, '')
    .replace(/\n::: source-note first\n[^]*?\n:::\n/, '');
  expect(await dossier.take('sources', { 'en.md': without })).toMatchObject({ outcome: 'updated', revision: 3 });
  const notes = await dossier.wall.read(editorialViewer, (db) =>
    db.passage.findMany({ where: { briefing: { slug: 'sources' }, kind: 'source_note' } }),
  );
  expect(notes).toMatchObject([{ key: 'first', untilRevision: 3, sourceId: null }]);
});

test('a briefing that names its old slug as a former one is renamed, with its history', async () => {
  await dossier.take('old-name', { 'en.md': english('old-name') });
  expect(await dossier.take('new-name', { 'en.md': english('new-name', { formerly: '[old-name]' }) })).toEqual({
    slug: 'new-name',
    outcome: 'updated',
    revision: 2,
  });
  expect(await exportBriefing(dossier.wall, 'old-name')).toBeNull();
});

test('the slug of another briefing, past or present, is refused', async () => {
  await dossier.take('first-holder', { 'en.md': english('first-holder', { formerly: '[held-before]' }) });
  await expect(
    dossier.take('second-holder', { 'en.md': english('second-holder', { formerly: '[held-before]' }) }),
  ).rejects.toThrow('belongs to the briefing "first-holder"');
  await expect(dossier.take('held-before', { 'en.md': english('held-before') })).rejects.toThrow(
    'belongs to the briefing "first-holder"',
  );
});

test('a fault leaves the database as it was, and the pages too', async () => {
  await dossier.take('whole', { 'en.md': english('whole'), 'es.md': SPANISH });
  const before = await exportBriefing(dossier.wall, 'whole');
  await expect(
    dossier.take('whole', {
      'en.md': english('whole').replace('A signal in English', 'Changed'),
      'es.md': SPANISH.replace('title:', 'titel:'),
    }),
  ).rejects.toThrow(FaultyFiles);
  expect(await exportBriefing(dossier.wall, 'whole')).toEqual(before);
});

test('ten imports of one briefing at once end as one briefing', async () => {
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => dossier.take('together', { 'en.md': english('together') })),
  );
  expect(outcomes.filter(({ outcome }) => outcome === 'created')).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'unchanged')).toHaveLength(9);
});

test('an organization keeps its name, whoever comes later', async () => {
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
  await expect(
    dossier.take('other-name', {
      'en.md': original({
        slug: 'other-name',
        organizations: '\n    - key: one-org\n      name: Not One Org\n      url: https://example.org',
      }),
    }),
  ).rejects.toThrow('as this organization is known');
});

describe('categories.yaml', () => {
  const take = (text: string) => importCategories(dossier.wall, 'categories.yaml', Buffer.from(text));

  test('creates and renames, and leaves alone what it does not name', async () => {
    await take('chips:\n  name: {en: Chips, es: Chips}\n');
    await take('chips:\n  name: {en: Semiconductors}\n  description: {en: What they are made of.}\n');
    const rows = await dossier.wall.read(visitor, (db) =>
      db.category.findMany({ include: { texts: true }, orderBy: { slug: 'asc' } }),
    );
    expect(rows.map(({ slug }) => slug)).toEqual(['chips', 'cloud-service', 'policy-watch']);
    expect(rows[0]!.texts).toEqual([
      { categorySlug: 'chips', lang: 'en', name: 'Semiconductors', description: 'What they are made of.' },
    ]);
  });

  test.each([
    ['a slug in capitals', 'Chips:\n  name: {en: x}\n', 'categories.yaml:1 Chips: found "Chips"'],
    ['an unknown field', 'chips:\n  name: {en: x}\n  colour: red\n', 'found "colour"'],
    ['no name', 'chips:\n  name: {}\n', 'categories.yaml:2 chips.name: found nothing'],
    [
      'a description without a name',
      'chips:\n  name: {en: x}\n  description: {es: y}\n',
      'categories.yaml:3 chips.description.es',
    ],
    ['a list', '- chips\n', 'categories.yaml:1 front matter: found something that is not a block of fields'],
  ])('refuses %s', async (_name, text, said) => {
    await expect(take(text)).rejects.toThrow(said);
  });
});
