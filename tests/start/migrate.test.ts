import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';
import { markRolledBack, migrate, pendingMigrations } from '../../src/stores/postgres/migrate';
import { roleStatements } from '../../src/stores/postgres/roles';
import { type Cluster, cluster, createDatabase, withDatabase } from '../support/stores/cluster';
import { temporaryFolder } from './support/clone';

const base = temporaryFolder();
const log = { info: jest.fn(), warn: jest.fn() };
let database: Cluster & { drop(): Promise<void> };
let db: Client;
let folder: string;
let count = 0;

beforeEach(async () => {
  database = await createDatabase();
  db = new Client({ connectionString: database.owner });
  await db.connect();
  // Only the bookkeeping of the real migrations: these tests bring their own.
  await db.query('DELETE FROM _prisma_migrations');
  folder = path.join(base, String(++count));
  write('1_first', 'CREATE TABLE first (a int); INSERT INTO first VALUES (1);');
  write('2_second', 'ALTER TABLE first ADD b int;\n-- A semicolon; in a comment.\nUPDATE first SET b = 2;');
  jest.clearAllMocks();
});
afterEach(async () => {
  await db.end();
  await database.drop();
});

function write(name: string, sql: string): void {
  mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, name, 'migration.sql'), sql);
}

const run = (edited: 'error' | 'warning' = 'error') => migrate(database.owner, { log, folder, edited });
const book = async () =>
  (
    await db.query<object>(
      'SELECT migration_name AS name, finished_at IS NOT NULL AS finished, logs, applied_steps_count AS steps FROM _prisma_migrations ORDER BY started_at',
    )
  ).rows;

test("applies each once, in order, and keeps Prisma's books", async () => {
  expect(await pendingMigrations(db, folder)).toEqual(['1_first', '2_second']);
  expect(await run()).toEqual(['1_first', '2_second']);
  expect((await db.query('SELECT * FROM first')).rows).toEqual([{ a: 1, b: 2 }]);
  expect(await book()).toEqual([
    { name: '1_first', finished: true, logs: null, steps: 1 },
    { name: '2_second', finished: true, logs: null, steps: 1 },
  ]);
  expect(await run()).toEqual([]);
  expect(await pendingMigrations(db, folder)).toEqual([]);
});

test('two at once apply each once', async () => {
  write('1_first', 'CREATE TABLE first (a int); INSERT INTO first VALUES (1); SELECT pg_sleep(0.5);');
  const applied = await Promise.all([run(), run()]);
  expect(applied.map((names) => names.length).sort()).toEqual([0, 2]);
  expect((await db.query('SELECT * FROM first')).rows).toHaveLength(1);
});

test('one that fails leaves nothing of itself, and blocks until it is cleaned up after', async () => {
  write('2_second', 'INSERT INTO first VALUES (2); SELECT nonsense;');
  await expect(run()).rejects.toThrow(
    /^The migration 2_second failed and was rolled back: column "nonsense" does not exist\. Correct it, then run: npm run migrate -- --rolled-back 2_second$/,
  );
  expect((await db.query('SELECT * FROM first')).rows).toEqual([{ a: 1 }]);
  expect(await book()).toMatchObject([
    { finished: true },
    { name: '2_second', finished: false, steps: 0, logs: 'column "nonsense" does not exist' },
  ]);

  write('2_second', 'INSERT INTO first VALUES (3);');
  await expect(run()).rejects.toThrow(/^The migration 2_second failed earlier \(column "nonsense" does not exist\)/);
  await expect(pendingMigrations(db, folder)).rejects.toThrow(/failed earlier/);
  await expect(markRolledBack(database.owner, '1_first')).rejects.toThrow('No failed migration is called "1_first".');
  await markRolledBack(database.owner, '2_second');
  expect(await run()).toEqual(['2_second']);
  expect((await db.query('SELECT * FROM first')).rows).toHaveLength(2);
});

test('one that was interrupted is applied the next time', async () => {
  write('2_second', 'INSERT INTO first VALUES (2); SELECT pg_terminate_backend(pg_backend_pid());');
  await expect(run()).rejects.toThrow(/terminat/);
  expect(await book()).toMatchObject([{ name: '1_first' }]);
  write('2_second', 'INSERT INTO first VALUES (3);');
  expect(await run()).toEqual(['2_second']);
  expect((await db.query('SELECT a FROM first ORDER BY a')).rows).toEqual([{ a: 1 }, { a: 3 }]);
});

test('one edited after it was applied stops development, and warns in production', async () => {
  await run();
  write('1_first', 'CREATE TABLE first (a text);');
  write('3_third', 'CREATE TABLE third ();');
  await expect(run()).rejects.toThrow(/^Edited after being applied: 1_first\./);
  expect(await pendingMigrations(db, folder)).toEqual(['3_third']);
  expect(await run('warning')).toEqual(['3_third']);
  expect(log.warn).toHaveBeenCalledWith({ migrations: ['1_first'] }, expect.stringContaining('edited'));
});

test.each([
  ['LF', '\n', '\r\n'],
  ['CRLF', '\r\n', '\n'],
])('one applied from a checkout with %s is not edited where lines end otherwise', async (_name, before, after) => {
  const sql = ['CREATE FUNCTION one() RETURNS int LANGUAGE sql AS $$', 'SELECT 1', '$$;', ''];
  write('3_third', sql.join(before));
  await run();
  expect((await db.query("SELECT prosrc FROM pg_proc WHERE proname = 'one'")).rows).toEqual([
    { prosrc: '\nSELECT 1\n' },
  ]);
  // As versions of Dossier recorded it that took the bytes as they were.
  await db.query('UPDATE _prisma_migrations SET checksum = $1 WHERE migration_name = $2', [
    createHash('sha256').update(sql.join(before)).digest('hex'),
    '3_third',
  ]);
  write('3_third', sql.join(after));
  expect(await run()).toEqual([]);
  write('3_third', sql.join(after).replace('SELECT 1', 'SELECT 2'));
  await expect(run()).rejects.toThrow(/^Edited after being applied: 3_third\./);
});

test('one that the database has and the folder has not is left alone', async () => {
  await run();
  rmSync(path.join(folder, '2_second'), { recursive: true });
  expect(await run()).toEqual([]);
});

test('a role that may not read the books is told so, not that all is pending', async () => {
  await run();
  await db.query('REVOKE SELECT ON _prisma_migrations FROM dossier_app');
  const app = new Client({ connectionString: database.app });
  await app.connect();
  await expect(pendingMigrations(app, folder)).rejects.toThrow(/may not read which migrations are applied/);
  await app.end();
});

test('a database without any books lacks everything', async () => {
  await db.query('DROP TABLE _prisma_migrations');
  expect(await pendingMigrations(db, folder)).toEqual(['1_first', '2_second']);
});

describe('docs/roles.sql', () => {
  test('becomes one line a statement, with the passwords quoted', () => {
    const statements = roleStatements({ owner: "o's", app: 'a;b' });
    expect(statements).toHaveLength(6);
    for (const statement of statements) expect(statement).toMatch(/^(CREATE|REVOKE|GRANT) [^\n]*;$/);
    expect(statements.join(' ')).not.toMatch(/:'|--/);
    expect(statements[0]).toContain("PASSWORD 'o''s'");
    expect(statements[1]).toContain("PASSWORD 'a;b'");
  });

  test('makes an application that can connect to its database and make nothing there', async () => {
    const app = new Client({ connectionString: withDatabase(cluster().app, 'dossier') });
    await app.connect();
    for (const statement of [
      'CREATE TABLE mine ()',
      'CREATE TEMPORARY TABLE mine ()',
      'CREATE SCHEMA mine',
      'CREATE DATABASE mine',
      'CREATE ROLE mine',
      'SET ROLE dossier_owner',
    ]) {
      await expect(app.query(statement)).rejects.toThrow(/permission denied/);
    }
    await app.end();
  });
});
