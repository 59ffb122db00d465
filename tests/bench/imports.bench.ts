import { Client } from 'pg';
import { accountsViewer } from '../../src/access/viewer';
import { receiveTable } from '../../src/imports/rows/receive';
import { openPostSealer } from '../../src/imports/posts/seal';
import { beginWork } from '../../src/imports/states';
import { workOn } from '../../src/imports/tasks';
import { openPostgres } from '../../src/stores/postgres/pool';
import { openWall } from '../../src/stores/postgres/wall';
import { createDatabase } from '../support/stores/cluster';

const ROWS = Number(process.env['BENCH_ROWS'] ?? 200_000);

function* table(): Generator<Uint8Array> {
  yield Buffer.from('email,name,labels,complimentary_plan,created_at\n');
  for (let n = 0; n < ROWS; n += 1_000)
    yield Buffer.from(
      Array.from(
        { length: 1_000 },
        (_none, at) =>
          `reader${n + at}@many.example,Reader ${n + at},"vip,cohort ${at % 7}",,2023-04-0${1 + (at % 9)}\n`,
      ).join(''),
    );
}

test(`${ROWS} members are brought in, and how long and how much that takes`, async () => {
  const database = await createDatabase();
  const log = { error: () => undefined, warn: () => undefined } as never;
  const stores = openPostgres(database.app, log, { max: 3 });
  const wall = openWall(stores);
  const listener = new Client({ connectionString: database.app });
  const heard = new Map<string, number>();
  await listener.connect();
  listener.on('error', () => undefined);
  listener.on('notification', ({ channel, payload = '' }) => {
    const name = `${channel} ${payload.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…')}`.slice(0, 60);
    heard.set(name, (heard.get(name) ?? 0) + 1);
  });
  const { rows: channels } = await listener.query<{ channel: string }>(
    `SELECT DISTINCT (regexp_matches(prosrc, 'pg_notify\\(''([a-z_:]+)''', 'g'))[1] AS channel FROM pg_proc`,
  );
  for (const { channel } of channels) await listener.query(`LISTEN "${channel}"`);

  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().rss)), 100);
  const before = process.memoryUsage().rss;
  const took: Record<string, number> = {};
  const time = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const begun = performance.now();
    const result = await work();
    took[name] = Math.round((performance.now() - begun) / 100) / 10;
    process.stderr.write(`${name} in ${took[name]} s\n`);
    return result;
  };
  const parts = {
    ...{ wall, log, clock: { now: () => new Date() }, sealer: openPostSealer(['a secret of nobody']) },
    ...{ reserved: () => new Set<string>(), stripe: null as never, livemode: false },
    site: { languages: { all: [{ code: 'en' }], first: { zone: 'UTC' } } } as never,
  };
  const through = async (id: string) => {
    while (await workOn(parts, id));
  };
  const id = await time('received', async () => {
    async function* bytes() {
      for (const part of table()) yield Promise.resolve(part);
    }
    return receiveTable(wall, 'members.csv', bytes(), 'en', new Date());
  });
  await wall.write(accountsViewer, (db) => beginWork(db, id, ['read'], 'checking'));
  await time('checked', () => through(id));
  const said = heard.size;
  await wall.write(accountsViewer, (db) => beginWork(db, id, ['checked'], 'running'));
  await time('brought in', () => through(id));
  clearInterval(watch);
  const accounts = await wall.read(accountsViewer, (db) => db.account.count());
  await listener.end();
  await stores.close();
  expect([accounts, said]).toEqual([ROWS, said]);
  process.stdout.write(
    `${ROWS} rows, seconds: ${JSON.stringify(took)}; memory ${Math.round(before / 1e6)} MB, at most ${Math.round(most / 1e6)} MB; ` +
      `notifications: ${JSON.stringify(Object.fromEntries(heard))}\n`,
  );
});
