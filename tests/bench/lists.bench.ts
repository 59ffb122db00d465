import { visitor } from '../../src/access/viewer';
import { readFront } from '../../src/briefings/front/read';
import { PAGE_SIZE, readCategories, readCategory } from '../../src/briefings/reading/queries';
import { readList } from '../../src/briefings/reading/list-filters';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { API_PAGE_SIZE } from '../../src/api/routes';
import { asSuperuserIn, createDatabase } from '../support/stores/cluster';
import { insertBriefings } from '../support/many-briefings';

const [FEW, MANY] = [42, 100_000];
/** 14 in each of three categories, as in the house's own samples and as many again; 33,333 in each. */
const PAGES = Math.ceil(MANY / 3 / PAGE_SIZE);
const RUNS = 101;
/** Times what the same question takes with few. */
const LIMIT = 1.2;

/** What is asked of many, and of which question of few it is the same. */
const category = (page: number) => async (wall: Wall) => {
  const read = await readCategory(wall, visitor, 'many-1', page);
  if (!read || 'movedTo' in read || read.cards.length === 0) throw new Error(`no page ${page}`);
};
const api = (page: number) => (wall: Wall) => readList(wall, visitor, {}, page, API_PAGE_SIZE);
const QUESTIONS: readonly [string, (wall: Wall) => Promise<unknown>, (wall: Wall) => Promise<unknown>][] = [
  ['the front page', (wall) => readFront(wall, visitor), (wall) => readFront(wall, visitor)],
  ['the menu', (wall) => readCategories(wall, visitor), (wall) => readCategories(wall, visitor)],
  ['a category, page 1', category(1), category(1)],
  ['a category, page 2', category(2), category(1)],
  ['a category, page 1,400', category(1_400), category(1)],
  ['a category, page 2,380', category(2_380), category(1)],
  ['a category, its last page but one', category(PAGES - 1), category(1)],
  ['the API, page 1', api(1), api(1)],
  ['the API, page 4,000', api(4_000), api(1)],
];

const middle = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

interface Filled {
  readonly wall: Wall;
  readonly stores: Postgres;
  drop(): Promise<void>;
}

async function fill(count: number): Promise<Filled> {
  const database = await createDatabase();
  await asSuperuserIn(database.superuser, (client) => insertBriefings(client, count));
  const stores = openPostgres(database.app, { error: () => undefined }, { max: 2 });
  return { wall: openWall(stores), stores, drop: () => database.drop() };
}

test('a list with 100,000 briefings, beside the same with 42', async () => {
  const [few, many] = [await fill(FEW), await fill(MANY)];
  try {
    const lines: [string, number, number, number][] = [];
    for (const [name, ofMany, ofFew] of QUESTIONS) {
      const times: [number[], number[]] = [[], []];
      // In turn, each first every other time, so that whatever else the machine does falls on both.
      for (let run = 0; run < RUNS; run++)
        for (const which of run % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          const begun = performance.now();
          await (which === 0 ? ofFew(few.wall) : ofMany(many.wall));
          times[which].push(performance.now() - begun);
        }
      const ratios = times[0].map((one, run) => times[1][run]! / one);
      lines.push([name, middle(times[0]), middle(times[1]), middle(ratios)]);
    }
    const said = lines.map(
      ([name, one, other, ratio]) =>
        `${name.padEnd(34)} ${one.toFixed(1).padStart(8)} ms ${other.toFixed(1).padStart(8)} ms   ×${ratio.toFixed(2)}`,
    );
    const head = `the middle of ${RUNS} pairs`.padEnd(34);
    process.stdout.write(`\n${head} ${'42'.padStart(11)} ${'100,000'.padStart(11)}   ratio\n${said.join('\n')}\n`);
    expect(lines.filter(([, , , ratio]) => ratio > LIMIT).map(([name]) => name)).toEqual([]);
  } finally {
    for (const one of [few, many]) {
      await one.stores.close();
      await one.drop();
    }
  }
}, 600_000);
