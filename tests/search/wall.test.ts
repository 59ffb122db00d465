import { editorialViewer, visitor, type Viewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { asSuperuserIn } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';

// wall.search by itself: what it answers is what the viewer of the signed context may read now, whoever asks it what.

let dossier: Dossier;
const circle: Viewer = { role: 'reader', rank: 10 };
const alliance: Viewer = { role: 'reader', rank: 20 };

interface Term {
  readonly text: string;
  readonly mode?: 'word' | 'phrase' | 'beginning';
  readonly not?: boolean;
}

/** Slugs that a viewer finds with these terms, in order. */
async function find(viewer: Viewer, terms: readonly (Term | string)[], more: object = {}): Promise<string[]> {
  const asked = JSON.stringify({
    terms: terms.map((one) => ({ mode: 'word', ...(typeof one === 'string' ? { text: one } : one) })),
    lang: 'en',
    most: 1001,
    ...more,
  });
  return dossier.wall.read(viewer, async (db) => {
    const rows = await db.$queryRaw<{ slug: string }[]>`
      SELECT b.slug FROM wall.search(${asked}::jsonb) f JOIN briefings b ON b.id = f.briefing_id ORDER BY f.place`;
    return rows.map(({ slug }) => slug);
  });
}

const superuser = (sql: string) => asSuperuserIn(dossier.urls.superuser, (client) => client.query(sql));

const FAR = '2999-01-01T08:00:00Z';
const without = (word: string) =>
  original({ slug: word, organizations: null }, '').replaceAll('in English', `on ${word}`);

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', {
    'en.md': original({ formerly: '[an-older-name]' }).replace(
      'GATED trend text.',
      'The foundries of Dresden are building.',
    ),
    'es.md': SPANISH.replace('El cuerpo abierto.', 'La economía de los niños.').replace(
      'GATED contexto de tendencia.',
      'Las fundiciones de Dresde construyen camiones.',
    ),
  });
  await dossier.take('held-back', {
    'en.md': original(
      {
        slug: 'held-back',
        organizations: null,
        stricter: `\n    trend/trend: leadership-alliance\n  until:\n    trend/trend: ${FAR}`,
      },
      '\n::: trend\nAn embargoed helicopter.\n:::\n',
    ),
  });
  await dossier.take('opened', {
    'en.md': original(
      {
        slug: 'opened',
        organizations: null,
        stricter: '\n    trend/trend: leadership-alliance\n  until:\n    trend/trend: 2001-01-01T00:00:00Z',
      },
      '\n::: trend\nA submarine that is open again.\n:::\n',
    ),
  });
  await dossier.take('early', {
    'en.md': original({ slug: 'early', early: `\n    tier: leadership-alliance\n    until: ${FAR}` }, '').replace(
      'The open body.',
      'An early zeppelin.',
    ),
  });
  await dossier.take('tomorrow', {
    'en.md': original({ slug: 'tomorrow', published: '2999-01-01T00:00:00Z' }, '').replace(
      'The open body.',
      'A coming balloon.',
    ),
  });
  await dossier.take('a-draft', {
    'en.md': original({ slug: 'a-draft', state: 'draft', published: null }, '').replace(
      'The open body.',
      'A drafted glider.',
    ),
  });
});
afterAll(() => dossier.stop());

test.each([
  ['a word of a passage, to whom it is open', ['dresden'], [[], ['a-signal'], ['a-signal']]],
  ['its stem', ['foundry'], [[], ['a-signal'], ['a-signal']]],
  ['the stem of another language in its own texts', ['camion'], [[], ['a-signal'], ['a-signal']]],
  ['a phrase', [{ text: 'foundries of Dresden', mode: 'phrase' }], [[], ['a-signal'], ['a-signal']]],
  ['the same words in another order', [{ text: 'Dresden foundries', mode: 'phrase' }], [[], [], []]],
  ['a beginning', [{ text: 'dresd', mode: 'beginning' }], [[], ['a-signal'], ['a-signal']]],
  ['words of a passage and of a public text together', ['dresden', 'economía'], [[], ['a-signal'], ['a-signal']]],
  ['with and without accents', ['niños'], [['a-signal'], ['a-signal'], ['a-signal']]],
  ['without accents', ['ninos'], [['a-signal'], ['a-signal'], ['a-signal']]],
  ['what only the highest tier opens', ['failure'], [[], [], ['a-signal']]],
  ['what is held back for it', ['helicopter'], [[], [], ['held-back']]],
  ['what was, and is as open as its kind now', ['submarine'], [[], ['opened'], ['opened']]],
  ['a briefing that is early for it', ['zeppelin'], [[], [], ['early']]],
  ['a briefing that is to come', ['balloon'], [[], [], []]],
  ['a draft', ['glider'], [[], [], []]],
  [
    'an organization',
    ['one', 'org'],
    [
      ['a-signal', 'early'],
      ['a-signal', 'early'],
      ['a-signal', 'early'],
    ],
  ],
  ['a source', ['second', 'source', 'dresden'], [[], ['a-signal'], ['a-signal']]],
] as const)('%s', async (_name, terms, [nobody, member, paying]) => {
  const early = (slugs: readonly string[]) => slugs.filter((slug) => slug !== 'early');
  expect((await find(visitor, terms)).sort()).toEqual(early(nobody));
  expect((await find(circle, terms)).sort()).toEqual(early(member));
  expect((await find(alliance, terms)).sort()).toEqual([...paying].sort());
});

test('a word that is left out keeps nothing from whoever may not read it', async () => {
  const terms = [{ text: 'somewhere' }, { text: 'dresden', not: true }];
  expect(await find(visitor, terms)).toContain('a-signal');
  expect(await find(circle, terms)).not.toContain('a-signal');
  expect(await find(circle, terms)).toContain('opened');
});

test('nothing but words that are too common to be looked for finds nothing', async () => {
  expect(await find(visitor, ['the'])).toEqual([]);
  expect(await find(visitor, ['the', 'economía'])).toEqual(['a-signal']);
});

test('what has changed is found by its new words at once, and by its old ones no more', async () => {
  const words = (word: string) =>
    original({ slug: 'changing', organizations: null }, `\n::: trend\nA ${word} gated.\n:::\n`).replace(
      'The open body.',
      `Open ${word}.`,
    );
  await dossier.take('changing', { 'en.md': words('locomotive') });
  expect(await find(visitor, ['locomotive'])).toEqual(['changing']);
  await dossier.take('changing', { 'en.md': words('steamship') });
  for (const viewer of [visitor, circle, editorialViewer]) expect(await find(viewer, ['locomotive'])).toEqual([]);
  expect(await find(visitor, [{ text: 'open steamship', mode: 'phrase' }])).toEqual(['changing']);
  expect(await find(visitor, [{ text: 'steamship gated', mode: 'phrase' }])).toEqual([]);
  expect(await find(circle, [{ text: 'steamship gated', mode: 'phrase' }])).toEqual(['changing']);
  await superuser("UPDATE organizations SET name = 'Renamed Works' WHERE slug = 'one-org'");
  expect(await find(visitor, ['renamed'])).toEqual(['a-signal']);
  await superuser("UPDATE organizations SET name = 'One Org' WHERE slug = 'one-org'");
});

test('the matrix decides at once, without anything being written anew', async () => {
  await superuser("UPDATE gates SET tier_slug = 'public' WHERE kind::text = 'trend'");
  try {
    expect(await find(visitor, ['dresden'])).toEqual(['a-signal']);
    expect(await find(visitor, ['helicopter'])).toEqual([]);
    expect(await find(visitor, ['submarine'])).toEqual(['opened']);
  } finally {
    await superuser("UPDATE gates SET tier_slug = 'strategy-circle' WHERE kind::text = 'trend'");
  }
  expect(await find(visitor, ['dresden'])).toEqual([]);
});

test('drafts are found by the desk where it asks for them, and by nobody who asks the same', async () => {
  for (const viewer of [visitor, alliance]) expect(await find(viewer, ['glider'], { desk: true })).toEqual([]);
  expect(await find(editorialViewer, ['glider'], { desk: true })).toEqual(['a-draft']);
  expect(await find(editorialViewer, ['balloon'], { desk: true })).toEqual(['tomorrow']);
});

test("the tables it looks through are nobody's to read", async () => {
  for (const statement of [
    'SELECT count(*) FROM wall.search_texts',
    'SELECT count(*) FROM wall.search_words',
    "SELECT wall.refresh_search_texts('00000000-0000-4000-8000-000000000000')",
  ])
    await expect(dossier.stores.pool.query(statement)).rejects.toThrow(/permission denied/);
  const { rows } = await dossier.stores.pool.query('SELECT count(search)::int AS n FROM passages');
  expect(rows).toEqual([{ n: 0 }]);
});

test('filters, and the order', async () => {
  await dossier.take('older', {
    'en.md': without('older')
      .replace('2024-02-27', '2023-02-27')
      .replace('0.94', '0.60')
      .replace('Somewhere', 'Elsewhere'),
  });
  expect(await find(visitor, ['older'])).toEqual(['older']);
  expect(await find(visitor, ['surface'], { region: 'Elsewhere' })).toEqual(['older']);
  expect(await find(visitor, ['surface'], { organization: 'one-org' })).toEqual(['a-signal']);
  expect(await find(visitor, ['surface'], { low: 55, high: 74 })).toEqual(['older']);
  expect(await find(visitor, ['surface'], { until: '2024-01-01T00:00:00Z' })).toEqual(['older']);
  expect((await find(visitor, ['surface'], { sort: 'oldest' }))[0]).toBe('older');
  expect((await find(visitor, ['surface'], { sort: 'newest' })).at(-1)).toBe('older');
  expect(await find(visitor, ['older', 'surface'], { sort: 'relevance' })).toEqual(['older']);
  expect((await find(visitor, [], { category: 'cloud-service', most: 2 })).length).toBe(2);
});

test('a suggestion is a word that finds something for this viewer', async () => {
  const propose = (viewer: Viewer, word: string) =>
    dossier.wall.read(viewer, async (db) =>
      (await db.$queryRaw<{ word: string }[]>`SELECT s AS word FROM wall.search_suggestions(${word}, 'en') s`).map(
        ({ word: one }) => one,
      ),
    );
  expect(await propose(visitor, 'econmía')).toEqual(['economía']);
  expect(await propose(visitor, 'balooon')).toEqual([]);
  expect(await propose(visitor, 'zepelin')).toEqual([]);
  expect(await propose(alliance, 'zepelin')).toEqual(['zeppelin']);
  // Words of passages are proposed to nobody: the list is made of public texts.
  expect(await propose(alliance, 'dresdn')).toEqual([]);
});
