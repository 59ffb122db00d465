import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { END, MANIFEST, tableOf, type Manifest } from '../../src/archive/format';
import { describeSchema } from '../../src/archive/older';
import { packInto } from '../../src/archive/pack';
import { entriesOf } from '../../src/archive/read';
import { knownMigrations, migrate } from '../../src/stores/postgres/migrate';
import { ran } from '../support/command';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { asSuperuserIn, createDatabase, type Cluster } from '../support/stores/cluster';
import { publish } from './publication';

/** An archive of an older version is brought into tables as of then, and migrated on. */
type Fresh = Cluster & { drop(): Promise<void> };

/** The last migration of the version that the archive is from. */
const LAST = '20261130235000_pictures_brought_in';
const THEN = knownMigrations().filter((name) => name <= LAST);

let dossier: Dossier;
let folder: string;
let today: string;
let older: string;
/** The columns that each table had. */
let columns: ReadonlyMap<string, ReadonlySet<string>>;
const made: Fresh[] = [];

async function database(template?: string): Promise<Fresh> {
  const one = await createDatabase(template);
  made.push(one);
  return one;
}

const operator = (urls: Cluster) => ({
  PATH: process.env['PATH'],
  HOME: folder,
  PORT: '0',
  DATABASE_URL: urls.app,
  DATABASE_OWNER_URL: urls.owner,
});
const bringIn = (file: string, urls: Cluster) => ran('import', ['archive', file], operator(urls));

const rowsOf = async <Row extends object>(urls: Cluster, text: string): Promise<Row[]> =>
  (await asSuperuserIn(urls.superuser, (client) => client.query<Row>(text))).rows;

/** The columns of each table in a database with the migrations of then. */
async function columnsThen(): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const then = await database('template0');
  await migrate(then.owner, { log: { info: () => undefined, warn: () => undefined }, only: new Set(THEN) });
  const rows = await rowsOf<{ name: string; columns: string[] }>(
    then,
    `SELECT c.relname AS name, array_agg(a.attname::text) AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND a.attnum > 0 GROUP BY 1`,
  );
  return new Map(rows.map(({ name, columns }) => [name, new Set(columns)]));
}

/** The same archive under another manifest, with what `lines` makes of the rows of each table; null: without them. */
async function rewritten(
  name: string,
  manifestOf: (manifest: Manifest) => Manifest,
  lines: (table: string, line: string) => string | null = (_table, line) => line,
): Promise<string> {
  const file = path.join(folder, `${name}.tar.gz`);
  const entries: { name: string; bytes: Buffer }[] = [];
  for await (const { name: entry, isLink, bytes } of entriesOf(today))
    if (!isLink && entry !== END) entries.push({ name: entry, bytes });
  await packInto(createWriteStream(file), new Date(0), async (packer) => {
    for (const { name: entry, bytes } of entries) {
      const table = tableOf(entry);
      if (entry === MANIFEST)
        await packer.add(entry, JSON.stringify(manifestOf(JSON.parse(String(bytes)) as Manifest)));
      else if (table === null) await packer.add(entry, bytes);
      else {
        const kept = String(bytes)
          .trimEnd()
          .split('\n')
          .flatMap((line) => lines(table, line) ?? []);
        if (kept.length > 0) await packer.add(entry, `${kept.join('\n')}\n`);
      }
    }
  });
  return file;
}

/** What a version of then would have made of the same publication. `says`: does it name its migrations? */
function asOfThen(name: string, says: boolean): Promise<string> {
  const { names, ...short } = describeSchema(THEN);
  return rewritten(
    name,
    (manifest) => ({
      ...manifest,
      schema: says ? { ...short, names } : short,
      rows: Object.fromEntries(Object.entries(manifest.rows).filter(([table]) => columns.has(table))),
    }),
    (table, line) => {
      const there = columns.get(table);
      const row = Object.entries(JSON.parse(line) as object);
      return there ? JSON.stringify(Object.fromEntries(row.filter(([column]) => there.has(column)))) : null;
    },
  );
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-older-'));
  today = path.join(folder, 'today.tar.gz');
  dossier = await startDossier();
  await publish(dossier);
  expect(await ran('export', [today], operator(dossier.urls))).toMatchObject({ code: 0 });
  columns = await columnsThen();
  older = await asOfThen('older', true);
});
afterAll(async () => {
  await dossier.stop();
  for (const one of made) await one.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('it is brought into a new database, and is the same publication', async () => {
  const elsewhere = await database('template0');
  const brought = await bringIn(older, elsewhere);
  expect([brought.code, brought.out]).toEqual([0, expect.stringContaining('2 accounts, 2 briefings, 1 pages.')]);
  const applied = await rowsOf<{ name: string }>(
    elsewhere,
    'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name COLLATE "C"',
  );
  expect(applied.map(({ name }) => name)).toEqual(knownMigrations());
  const here = await startDossier({ on: elsewhere });
  try {
    for (const address of ['/briefings/a-signal', '/about', '/', '/es'])
      expect((await visit(`${here.url}${address}`)).html.querySelector('main')?.text).toBe(
        (await visit(`${dossier.url}${address}`)).html.querySelector('main')?.text,
      );
  } finally {
    await here.stop();
  }
  const passages = 'SELECT briefing_id, kind::text, lang, text FROM passages ORDER BY id';
  expect(await rowsOf(elsewhere, passages)).toEqual(await rowsOf(dossier.urls, passages));
});

test('one that does not say which migrations it had is known by the last of them', async () => {
  const elsewhere = await database('template0');
  expect(await bringIn(await asOfThen('silent', false), elsewhere)).toMatchObject({ code: 0 });
  expect(await rowsOf(elsewhere, 'SELECT slug FROM pages')).toEqual([{ slug: 'about' }]);
});

test('a database that is beyond it is refused with what to do, and stays empty', async () => {
  const newest = await database();
  const { code, out, err } = await bringIn(older, newest);
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/was made by an older version .* a database that nothing was started on: set DATABASE_URL/);
  expect(await rowsOf(newest, 'SELECT id FROM accounts')).toEqual([]);
});

test('without the role that migrates it is refused with what to do', async () => {
  const { DATABASE_OWNER_URL: _owner, ...env } = operator(await database('template0'));
  const { code, err } = await ran('import', ['archive', older], env);
  expect([code, err]).toEqual([1, expect.stringContaining('set DATABASE_OWNER_URL')]);
});

test('one of a newer version is refused with what to do', async () => {
  const newer = await rewritten('newer', (manifest) => ({
    ...manifest,
    schema: describeSchema([...knownMigrations(), '29990101000000_later']),
  }));
  const elsewhere = await database('template0');
  const { code, err } = await bringIn(newer, elsewhere);
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/made by a newer version \(its database had 29990101000000_later.*Update this installation/),
  ]);
});
