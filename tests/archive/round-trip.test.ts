import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { entriesOf } from '../../src/archive/read';
import { LEFT, TAKEN } from '../../src/archive/tables';
import { ran } from '../support/command';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { asSuperuserIn, createDatabase, type Cluster } from '../support/stores/cluster';
import { publish, SECRET } from './publication';

/** An archive, a new database, and an archive of that: the same but for when they were made. */
let dossier: Dossier;
let elsewhere: Cluster & { drop(): Promise<void> };
let folder: string;
let first: string;

/** What a command says of how far it is stands there too, where the machine is slow. */
const NO_ERROR: unknown = expect.stringMatching(/^(?:\d+ % [^\n]*\n)*$/);

const operator = (urls: Cluster) => ({
  PATH: process.env['PATH'],
  HOME: folder,
  PORT: '0',
  DATABASE_URL: urls.app,
  DATABASE_OWNER_URL: urls.owner,
});

/** Every entry by its name; of links where they lead. */
async function contents(file: string): Promise<Map<string, Buffer>> {
  const all = new Map<string, Buffer>();
  for await (const { name, bytes } of entriesOf(file)) all.set(name, bytes);
  return all;
}

const rowsOf = async (urls: Cluster, text: string) =>
  (await asSuperuserIn(urls.superuser, (client) => client.query<Record<string, unknown>>(text))).rows;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-archive-'));
  first = path.join(folder, 'first.tar.gz');
  dossier = await startDossier();
  elsewhere = await createDatabase();
  await publish(dossier);
  expect(await ran('export', [first], operator(dossier.urls))).toMatchObject({ code: 0, err: NO_ERROR });
});
afterAll(async () => {
  await dossier.stop();
  await elsewhere.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('every table of the database is in an archive, or it is said why not', async () => {
  const rows = await rowsOf(
    dossier.urls,
    `SELECT CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END || relname AS name FROM pg_class c
     JOIN pg_namespace n ON n.oid = c.relnamespace WHERE relkind IN ('r', 'p', 'm') AND nspname IN ('public', 'wall') ORDER BY 1`,
  );
  const said = [...TAKEN.map(({ name }) => name), ...Object.keys(LEFT)];
  expect(said.toSorted()).toEqual(rows.map(({ name }) => name).toSorted());
});

test('every table stands behind those that its rows need', async () => {
  const places = new Map(TAKEN.map(({ name }, place) => [name, place]));
  const rows = await rowsOf(
    dossier.urls,
    `SELECT conrelid::regclass::text AS of, confrelid::regclass::text AS needs FROM pg_constraint WHERE contype = 'f'
     AND connamespace = 'public'::regnamespace AND conrelid <> confrelid`,
  );
  const early = rows.filter(
    ({ of, needs }) =>
      places.has(of as string) && places.get(of as string)! < (places.get(needs as string) ?? Infinity),
  );
  expect(early).toEqual([]);
});

test('the publication of the test has a row in every table that is taken', async () => {
  const manifest = JSON.parse((await contents(first)).get('archive.json')!.toString()) as {
    rows: Record<string, number>;
  };
  expect(Object.entries(manifest.rows).filter(([, n]) => n === 0)).toEqual([]);
});

test('no secret, session, link or key is in an archive; password hashes are', async () => {
  const all = [...(await contents(first)).values()].map(String).join('\n');
  expect(all).not.toContain(SECRET);
  expect(all).toContain('$argon2id$v=19$kept');
});

test('an archive brought into a new database gives the same archive, and the same publication', async () => {
  const second = path.join(folder, 'second.tar.gz');
  const brought = await ran('import', ['archive', first], operator(elsewhere));
  expect(brought).toMatchObject({ code: 0, err: NO_ERROR });
  expect(brought.out).toContain('Brought in: 2 accounts, 2 briefings, 1 pages.');
  expect(await ran('export', [second], operator(elsewhere))).toMatchObject({ code: 0 });
  const [one, other] = [await contents(first), await contents(second)];
  const withoutTime = (all: Map<string, Buffer>) =>
    [...all].map(([name, bytes]) => [
      name,
      name === 'archive.json' ? String(bytes).replace(/"made": "[^"]+"/, '') : bytes.toString('latin1'),
    ]);
  expect(withoutTime(other)).toEqual(withoutTime(one));
  const here = await startDossier({ on: elsewhere });
  try {
    for (const address of ['/briefings/a-signal', '/about', '/'])
      expect((await visit(`${here.url}${address}`)).html.querySelector('main')?.text).toBe(
        (await visit(`${dossier.url}${address}`)).html.querySelector('main')?.text,
      );
  } finally {
    await here.stop();
  }
  expect(await rowsOf(elsewhere, 'SELECT * FROM setup')).toEqual([]);
});

test('a database that holds something is refused in a sentence, and stays as it is', async () => {
  const before = await rowsOf(dossier.urls, 'SELECT count(*) FROM audit_entries');
  const { code, err } = await ran('import', ['archive', first], operator(dossier.urls));
  expect([code, err]).toEqual([
    1,
    expect.stringMatching(/^This database holds something already \(phrases, accounts, .*\n$/),
  ]);
  expect(await rowsOf(dossier.urls, 'SELECT count(*) FROM audit_entries')).toEqual(before);
});

describe('an archive that does not fit', () => {
  let empty: Cluster & { drop(): Promise<void> };
  beforeAll(async () => {
    empty = await createDatabase();
  });
  afterAll(() => empty.drop());

  const refused = async (file: string): Promise<string> => {
    const { code, out, err } = await ran('import', ['archive', file], operator(empty));
    expect([code, out]).toEqual([1, '']);
    const [{ n }] = (await rowsOf(
      empty,
      'SELECT (SELECT count(*) FROM accounts) + (SELECT count(*) FROM briefings) + (SELECT count(*) FROM audit_entries) AS n',
    )) as [{ n: string }];
    expect(n).toBe('0');
    return err;
  };

  test('one that breaks off is refused', async () => {
    const file = path.join(folder, 'half.tar.gz');
    const bytes = readFileSync(first);
    writeFileSync(file, bytes.subarray(0, bytes.length / 2));
    expect(await refused(file)).toContain('it breaks off before its end');
  });

  test('one that was changed is refused', async () => {
    const file = path.join(folder, 'changed.tar.gz');
    const bytes = readFileSync(first);
    bytes[Math.floor(bytes.length / 2)]! ^= 0xff;
    writeFileSync(file, bytes);
    expect(await refused(file)).toMatch(/cannot be read|is not whole/);
  });

  test('another file, and none, is refused', async () => {
    const file = path.join(folder, 'other.txt');
    writeFileSync(file, 'not an archive');
    expect(await refused(file)).toContain('it is no archive of Dossier');
    expect(await refused(path.join(folder, 'none'))).toContain('there is no such file');
  });

  test('one of another version is refused', async () => {
    await asSuperuserIn(empty.superuser, (client) =>
      client.query(
        "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at) VALUES ('x', 'x', '29990101000000_later', now())",
      ),
    );
    const { DATABASE_OWNER_URL: _owner, ...env } = operator(empty);
    const { code, err } = await ran('import', ['archive', first], env);
    expect([code, err]).toEqual([1, expect.stringContaining('was made by another version of Dossier')]);
  });
});

test('a file that is there already is not written over, and no half archive stays', async () => {
  const before = readFileSync(first);
  expect((await ran('export', [first], operator(dossier.urls))).err).toContain('is there already');
  expect(readFileSync(first)).toEqual(before);
  expect(existsSync(`${first}.part`)).toBe(false);
});
