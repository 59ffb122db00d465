import { visitor, type Viewer } from '../../src/access/viewer';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { asSuperuserIn, createDatabase } from '../support/stores/cluster';
import { insertBriefings } from '../support/many-briefings';

const [FEW, MANY] = [1_000, 100_000];
const RUNS = 51;
/** Times what the same question takes with few, for a word in a hundred briefings. */
const LIMIT = 2;
/** Milliseconds that the commonest words may take. */
const BOUND = 1_500;
const circle: Viewer = { role: 'reader', rank: 10 };

/** What is looked for, as whom, and whether it is in a hundred briefings in either world. */
const QUESTIONS: readonly [name: string, viewer: Viewer, terms: readonly object[], rare: boolean, more?: object][] = [
  ['a word in 100', visitor, [{ text: 'kingfisher', mode: 'word' }], true],
  ['a word in 100 passages, a member', circle, [{ text: 'tourmaline', mode: 'word' }], true],
  ['a word in 100 passages, a visitor', visitor, [{ text: 'tourmaline', mode: 'word' }], true],
  ['a phrase in 100', visitor, [{ text: 'the kingfisher waits', mode: 'phrase' }], true],
  [
    'a word in 100 and one in all',
    visitor,
    [
      { text: 'kingfisher', mode: 'word' },
      { text: 'sentence', mode: 'word' },
    ],
    true,
  ],
  ['a word in all', visitor, [{ text: 'sentence', mode: 'word' }], false],
  ['a word in all, a member', circle, [{ text: 'sentence', mode: 'word' }], false],
  [
    'two words in all',
    visitor,
    [
      { text: 'sentence', mode: 'word' },
      { text: 'body', mode: 'word' },
    ],
    false,
  ],
];

const middle = (all: readonly number[]) => [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)]!;

interface Filled {
  readonly wall: Wall;
  readonly stores: Postgres;
  drop(): Promise<void>;
}

/** A gated text for each briefing; in a hundred of them, and of the bodies, a word of their own. */
const TEXTS = (count: number) => `
  UPDATE editions SET body = 'Here the kingfisher waits. ' || body
    WHERE lang = 'en' AND briefing_id IN (SELECT id FROM briefings WHERE substr(slug, 10)::int % ${count / 100} = 0);
  INSERT INTO passages (briefing_id, kind, key, lang, position, text, from_revision)
    SELECT id, 'trend', 'trend', 'en', 0, repeat('A gated sentence of the context. ', 20)
      || CASE WHEN substr(slug, 10)::int % ${count / 100} = 1 THEN 'A tourmaline.' ELSE '' END, 1 FROM briefings;`;

async function fill(count: number): Promise<Filled> {
  const database = await createDatabase();
  await asSuperuserIn(database.superuser, async (client) => {
    await insertBriefings(client, count);
    await client.query(TEXTS(count));
    await client.query('VACUUM ANALYZE');
  });
  const stores = openPostgres(database.app, { error: () => undefined }, { max: 3 });
  return { wall: openWall(stores), stores, drop: () => database.drop() };
}

async function ask({ wall }: Filled, viewer: Viewer, terms: readonly object[]): Promise<number> {
  const asked = JSON.stringify({ terms, lang: 'en', most: 1_001, sort: 'relevance' });
  const [row] = await wall.read(
    viewer,
    (db) => db.$queryRaw<{ n: number }[]>`SELECT count(*)::int AS n FROM wall.search(${asked}::jsonb)`,
  );
  return row!.n;
}

test('a search among 100,000 briefings, beside the same among 1,000', async () => {
  const [few, many] = [await fill(FEW), await fill(MANY)];
  try {
    const lines: [string, number, number, number, number, boolean][] = [];
    for (const [name, viewer, terms, rare] of QUESTIONS) {
      const times: [number[], number[]] = [[], []];
      let found = 0;
      for (let run = 0; run < (rare ? RUNS : 9); run++)
        for (const which of run % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
          const begun = performance.now();
          found = Math.max(found, await ask(which === 0 ? few : many, viewer, terms));
          times[which].push(performance.now() - begun);
        }
      lines.push([name, middle(times[0]), middle(times[1]), middle(times[1]) / middle(times[0]), found, rare]);
    }
    const said = lines.map(
      ([name, one, other, ratio, found]) =>
        `${name.padEnd(36)} ${one.toFixed(1).padStart(8)} ms ${other.toFixed(1).padStart(8)} ms   ×${ratio.toFixed(2)}   ${found} found`,
    );
    process.stdout.write(
      `\n${'the middle of each'.padEnd(36)} ${'1,000'.padStart(11)} ${'100,000'.padStart(11)}   ratio\n${said.join('\n')}\n`,
    );
    expect(lines.filter(([, , , ratio, , rare]) => rare && ratio > LIMIT).map(([name]) => name)).toEqual([]);
    expect(lines.filter(([, , other]) => other > BOUND).map(([name]) => name)).toEqual([]);
  } finally {
    for (const one of [few, many]) {
      await one.stores.close();
      await one.drop();
    }
  }
}, 900_000);
