import { Client } from 'pg';
import { accountsViewer, type Viewer } from '../../src/access/viewer';
import { openPostgres, type Postgres } from '../../src/stores/postgres/pool';
import { Prisma } from '../../src/stores/prisma/client';
import { openWall, type Wall } from '../../src/stores/postgres/wall';
import { SAY_WHO } from '../../src/stores/postgres/wall-client';
import { createDatabase } from '../support/cluster';

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

/** What a connection really sends while this is done, without its values. */
async function sent(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    return (spy.mock.calls as unknown[][]).map(([asked]) =>
      (typeof asked === 'string' ? asked : (asked as { text: string }).text).replace(/'\d+:[^']*'/, "'…'"),
    );
  } finally {
    spy.mockRestore();
  }
}

test('a transaction of the wall begins with one question, which says who asks', async () => {
  const tiers = (viewer: Viewer) => wall.read(viewer, (db) => db.$queryRaw`SELECT count(*) FROM tiers`);
  const [begins, ...rest] = await sent(() => tiers({ role: 'reader', rank: 0 }));
  expect(begins).toBe(`BEGIN ISOLATION LEVEL REPEATABLE READ; ${SAY_WHO.replace('$1', "'…'")}`);
  expect(rest).toEqual(['SELECT count(*) FROM tiers', 'COMMIT']);
  expect((await sent(() => wall.write(accountsViewer, (db) => db.$queryRaw`SELECT 1 AS one`)))[0]).toMatch(
    /^BEGIN ISOLATION LEVEL READ COMMITTED; /,
  );
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
  expect(texts[0]).toBe('BEGIN ISOLATION LEVEL SERIALIZABLE');
  expect(await sent(() => prisma.$transaction(() => Promise.resolve()))).toEqual([]);
  await expect(prisma.$transaction(() => Promise.reject(new Error('of its own')))).rejects.toThrow('of its own');
  expect(await prisma.$queryRaw`SELECT 1 AS one`).toEqual([{ one: 1 }]);
});

test('a transaction that nobody ended and nobody asked is not for the next', async () => {
  const held = await stores.pool.connect();
  await held.query({ text: 'BEGIN', rowMode: 'array' });
  held.release();
  expect(await sent(() => stores.prisma.$queryRaw`SELECT 1 AS one`)).toEqual(['SELECT 1 AS one']);
});

test('what is said is a value, whatever is in it, and ends with the transaction', async () => {
  const said = `it's \\ "so"; ROLLBACK; $1`;
  const { prisma } = stores;
  const heard = () => Prisma.sql`SELECT coalesce(current_setting('dossier.context', true), '') AS said`;
  const inside = await prisma.$transaction(
    async (db) => (await db.$queryRaw(Prisma.sql(SAY_WHO.split('$1'), said)), db.$queryRaw(heard())),
  );
  expect(inside).toEqual([{ said }]);
  expect(await prisma.$queryRaw(heard())).toEqual([{ said: '' }]);
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
