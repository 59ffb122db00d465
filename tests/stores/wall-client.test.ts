import { Client } from 'pg';
import { accountsViewer, type Viewer } from '../../src/access/viewer';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/stores/cluster';

// No application: what it does by itself would be counted too.
const silent = { error: () => undefined };
let database: Awaited<ReturnType<typeof createDatabase>>;
let stores: Postgres;
let wall: Wall;
beforeAll(async () => {
  database = await createDatabase();
  stores = openPostgres(database.app, silent, { max: 1, patience: 15_000 });
  wall = openWall(stores);
  await stores.warm();
});
afterAll(async () => {
  await stores.close();
  await database.drop();
});

/** What a connection really sends while this is done, without its values: all that is sent without a wait, together. */
async function sent(work: () => Promise<unknown>): Promise<string[][]> {
  const flights: string[][] = [];
  let waiting = 0;
  const query = Reflect.get(Client.prototype, 'query') as (...asked: unknown[]) => Promise<unknown> | undefined;
  const spy = jest.spyOn(Client.prototype, 'query').mockImplementation(function (this: Client, ...asked: unknown[]) {
    const [given] = asked;
    if (waiting === 0) flights.push([]);
    flights.at(-1)!.push(typeof given === 'string' ? given : (given as { text: string }).text);
    const answered = query.apply(this, asked);
    const done = () => {
      waiting--;
    };
    if (answered) waiting++;
    answered?.then(done, done);
    return answered as never;
  });
  try {
    await work();
    return flights;
  } finally {
    spy.mockRestore();
  }
}

const TIERS = 'SELECT count(*) FROM tiers';
const SAY_WHO = "SELECT pg_catalog.set_config('dossier.context', $1, true)";
const BEGUN = 'SELECT (extract(epoch FROM pg_catalog.now()) * 1000000)::bigint';
const ENDS = ['COMMIT; RESET ALL; RESET ROLE; SELECT pg_catalog.pg_advisory_unlock_all()'];

test("a transaction of the wall waits once before its first question, and a visitor's not at all", async () => {
  const tiers = (viewer: Viewer) => sent(() => wall.read(viewer, (db) => db.$queryRaw`SELECT count(*) FROM tiers`));
  const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';
  expect(await tiers({ role: 'reader', rank: 0 })).toEqual([[BEGIN, TIERS], ENDS]);
  for (const viewer of [
    { role: 'reader', rank: 10 },
    { role: 'preview', rank: 0 },
  ] as const) {
    expect(await tiers(viewer)).toEqual([[`${BEGIN}; ${BEGUN}`], [SAY_WHO, TIERS], ENDS]);
  }
  expect(await sent(() => wall.write(accountsViewer, (db) => db.$queryRaw`SELECT count(*) FROM tiers`))).toEqual([
    [`BEGIN ISOLATION LEVEL READ COMMITTED; ${BEGUN}`],
    [SAY_WHO, TIERS],
    ENDS,
  ]);
  expect(await sent(() => wall.read({ role: 'reader', rank: 0 }, () => Promise.resolve()))).toEqual([]);
});

test('one that asks something else first begins before that, and one that asks nothing is none', async () => {
  const { prisma } = stores;
  const texts = await sent(() =>
    prisma.$transaction(
      async (db) => {
        const [first] = await db.$queryRaw<
          { level: string; at: Date }[]
        >`SELECT current_setting('transaction_isolation') AS level, now() AS at`;
        const [second] = await db.$queryRaw<
          { at: Date; of: string | null }[]
        >`SELECT now() AS at, nullif(current_setting('dossier.context', true), '') AS of`;
        expect([first!.level, second!.at, second!.of]).toEqual(['serializable', first!.at, null]);
      },
      { isolationLevel: 'Serializable' },
    ),
  );
  expect(texts[0]![0]).toBe('BEGIN ISOLATION LEVEL SERIALIZABLE');
  expect(await sent(() => prisma.$transaction(() => Promise.resolve()))).toEqual([]);
  await expect(prisma.$transaction(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
  expect(await prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});

test('a transaction that nobody ended and nobody asked is not for the next', async () => {
  const held = await stores.pool.connect();
  await held.query({ text: 'BEGIN', rowMode: 'array' });
  held.release();
  expect(await sent(() => stores.prisma.$queryRaw`SELECT 1 AS one`)).toEqual([['SELECT 1 AS one']]);
});

test('a failure in it is undone, and the connection serves the next', async () => {
  const slug = 'not-a-category';
  await expect(wall.write(accountsViewer, (db) => db.$executeRaw`SELECT 1 / 0`)).rejects.toThrow();
  await expect(
    wall.write(accountsViewer, async (db) => {
      await db.alarm.create({ data: { kind: 'drift', subject: slug } });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(await wall.read(accountsViewer, (db) => db.alarm.count({ where: { subject: slug } }))).toBe(0);
});

test('connections are opened ahead, as many as there may be, whoever holds one; and none is closed for want of work', async () => {
  const four = openPostgres(database.app, silent, { max: 4, patience: 15_000 });
  try {
    const held = await four.pool.connect();
    await four.warm();
    expect([four.pool.totalCount, four.pool.idleCount]).toEqual([4, 3]);
    held.release();
    await four.warm();
    expect([four.pool.totalCount, four.pool.idleCount, four.pool.options.idleTimeoutMillis]).toEqual([4, 4, 0]);
  } finally {
    await four.close();
  }
});
