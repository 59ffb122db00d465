import type { Client } from 'pg';
import type { Viewer } from '../../src/access/viewer';
import { countCards, findCards, openTo } from '../../src/briefings/reading/cards';
import { countByCategory, placeInList } from '../../src/briefings/reading/counts';
import { PAGE_SIZE, readCategory } from '../../src/briefings/reading/queries';
import { readList } from '../../src/briefings/reading/list-filters';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { asSuperuserIn, createDatabase } from '../support/stores/cluster';
import { insertBriefings } from '../support/many-briefings';

// Counts are kept by triggers, and pages begin where the counts say. Whatever is done to briefings, they must say what
// counting and leafing through says, to every viewer.
let database: Awaited<ReturnType<typeof createDatabase>>;
let stores: Postgres;
let wall: Wall;
const sql = (text: string) => asSuperuserIn(database.superuser, (client: Client) => client.query(text));
const VIEWERS: readonly Viewer[] = [0, 10, 20].map((rank) => ({ role: 'reader', rank }));

beforeAll(async () => {
  database = await createDatabase();
  await asSuperuserIn(database.superuser, (client) => insertBriefings(client, 75));
  stores = openPostgres(database.app, { error: () => undefined }, { max: 2 });
  wall = openWall(stores);
});
afterAll(async () => {
  await stores.close();
  await database.drop();
});

/** What is done, one after the other; each is seen by every viewer before the next. */
const CHANGES: readonly [string, string][] = [
  ['as they were made', 'SELECT'],
  [
    'many at the same moment',
    `UPDATE briefings SET published_at = '2026-05-31T12:00:30Z' WHERE slug LIKE 'briefing-%3'`,
  ],
  [
    'others in the same minute',
    `UPDATE briefings SET published_at = '2026-05-31T12:00:00.001Z' WHERE slug LIKE 'briefing-%4'`,
  ],
  [
    'some years ago',
    `UPDATE briefings SET published_at = published_at - interval '9 years 1 month' WHERE slug LIKE 'briefing-%7'`,
  ],
  ['scheduled', `UPDATE briefings SET published_at = now() + interval '1 hour' WHERE slug LIKE 'briefing-%5'`],
  [
    'at an end of a month, in its last millisecond',
    `UPDATE briefings SET published_at = '2026-03-31T23:59:59.999Z' WHERE slug LIKE 'briefing-%1'`,
  ],
  [
    'embargoed for those who pay',
    `UPDATE briefings SET early_tier_slug = 'leadership-alliance', early_until = now() + interval '1 day' WHERE slug LIKE 'briefing-%2'`,
  ],
  [
    'embargoed for members',
    `UPDATE briefings SET early_tier_slug = 'strategy-circle', early_until = now() + interval '1 day' WHERE slug LIKE 'briefing-%3'`,
  ],
  [
    'an embargo that is over',
    `UPDATE briefings SET early_until = now() - interval '1 day' WHERE slug LIKE 'briefing-1%2'`,
  ],
  ['unpublished', `UPDATE briefings SET state = 'draft' WHERE slug LIKE 'briefing-%6'`],
  ['published again', `UPDATE briefings SET state = 'published' WHERE slug LIKE 'briefing-1%6'`],
  ['archived', `UPDATE briefings SET state = 'archived' WHERE slug LIKE 'briefing-%8'`],
  [
    'in another category',
    `UPDATE briefings SET category_slug = 'many-2' WHERE category_slug = 'many-0' AND slug LIKE 'briefing-2%'`,
  ],
  ['under another name of a category', `UPDATE categories SET slug = 'many-9' WHERE slug = 'many-1'`],
  [
    'a working copy',
    `INSERT INTO briefings (slug, state, published_at, type, category_slug, domain, impact, confidence, relevance, horizon, original_lang, revision, copy_of)
    SELECT 'wip-x', 'draft', published_at, type, category_slug, domain, impact, confidence, relevance, horizon, original_lang, revision, id FROM briefings WHERE slug = 'briefing-9'`,
  ],
  ['deleted', `DELETE FROM briefings WHERE slug LIKE 'briefing-%9'`],
  ['a category without any', `UPDATE briefings SET category_slug = 'many-2' WHERE category_slug = 'many-9'`],
  ['none at all', 'DELETE FROM briefings'],
];

test('say what counting says, whatever is done and whoever asks', async () => {
  for (const [name, change] of CHANGES) {
    await sql(change);
    for (const viewer of VIEWERS)
      expect([name, viewer.rank, await kept(viewer)]).toEqual([name, viewer.rank, await counted(viewer)]);
  }
}, 120_000);

/** What lists say, page by page. */
async function kept(viewer: Viewer) {
  const lists: Record<string, { count: number; slugs: string[]; beyond: unknown }> = {};
  const counts = await wall.read(viewer, countByCategory);
  for (const slug of await categories()) {
    const slugs: string[] = [];
    let count = 0;
    for (let page = 1, pages = 1; page <= pages; page++) {
      const read = await readCategory(wall, viewer, slug, page);
      if (!read || 'movedTo' in read) throw new Error(`no page ${page} of ${slug}`);
      ({ pages, count } = read);
      slugs.push(...read.cards.map((card) => card.slug));
    }
    expect([slug, counts.get(slug) ?? 0]).toEqual([slug, count]);
    lists[slug] = {
      count,
      slugs,
      beyond: await readCategory(wall, viewer, slug, Math.ceil(Math.max(count, 1) / PAGE_SIZE) + 1),
    };
  }
  const all: string[] = [];
  const first = await readList(wall, viewer, {}, 1, 20);
  if (typeof first === 'string') throw new Error(first);
  for (let page = 1; page <= first.pages; page++) {
    const read = await readList(wall, viewer, {}, page, 20);
    if (typeof read === 'string') throw new Error(read);
    all.push(...read.cards.map((card) => card.slug));
  }
  lists[''] = { count: first.count, slugs: all, beyond: null };
  return lists;
}

/** The same, counted and listed whole. */
async function counted(viewer: Viewer) {
  const names = await categories();
  return wall.read(viewer, async (db) => {
    const open = await openTo(db, viewer);
    const lists: Record<string, { count: number; slugs: string[]; beyond: unknown }> = {};
    for (const slug of [...names, '']) {
      const where = slug === '' ? {} : { categorySlug: slug };
      const slugs = (await findCards(db, open, where, 1_000)).map((card) => card.slug);
      lists[slug] = { count: await countCards(db, open, where), slugs, beyond: null };
    }
    return lists;
  });
}

const categories = async () =>
  ((await sql('SELECT slug FROM categories ORDER BY 1')).rows as { slug: string }[]).map(({ slug }) => slug);

test('are for nobody else to read or to write', async () => {
  for (const statement of [
    'SELECT * FROM wall.briefing_counts',
    'UPDATE wall.briefing_counts SET n = 1',
    'SELECT * FROM wall.hidden_briefings()',
  ])
    await expect(stores.pool.query(statement)).rejects.toThrow(/permission denied/);
  expect(await wall.read(VIEWERS[0]!, (db) => placeInList(db, 'none', 1, 12))).toEqual({
    total: 0,
    begins: { before: null, skip: 0 },
  });
});
