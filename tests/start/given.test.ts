import path from 'node:path';
import { Client } from 'pg';
import { type Cluster, cluster, createDatabase, withDatabase } from '../support/stores/cluster';
import { makeClone, temporaryFolder } from './support/clone';
import { endAll, Started } from './support/started';

const base = temporaryFolder();
const dataDir = path.join(base, 'never-made');
const PASSWORD = 's3cret-of-a-role';
let entry: string;
let database: Cluster & { drop(): Promise<void> };

beforeAll(async () => {
  entry = makeClone(path.join(base, 'clone'));
  database = await createDatabase();
});
afterEach(endAll);
afterAll(async () => {
  await sql(database.superuser, ROLES.map(([name]) => `DROP OWNED BY ${name}; DROP ROLE ${name}`).join(';'));
  await database.drop();
});

const start = (env: Record<string, string>) => new Started({ entry, dataDir, env });

async function sql(url: string, text: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}

function as(role: string, url = database.app): string {
  const address = new URL(url);
  address.username = role;
  address.password = PASSWORD;
  return address.href;
}

/** What each test's role is made of, and the words it is refused with. */
const ROLES = [
  ['through_super', 'SUPERUSER', '', 'is a superuser'],
  ['through_bypass', 'BYPASSRLS', '', 'has BYPASSRLS'],
  ['through_replication', 'REPLICATION', '', 'has REPLICATION'],
  ['through_roles', 'CREATEROLE', '', 'has CREATEROLE'],
  ['through_owner', '', 'GRANT dossier_owner TO through_owner', 'is a member of dossier_owner'],
  ['through_owner_later', 'NOINHERIT', 'GRANT dossier_owner TO through_owner_later', 'is a member of dossier_owner'],
  ['through_files', '', 'GRANT pg_read_server_files TO through_files', 'is a member of pg_read_server_files'],
  [
    'through_reset',
    'BYPASSRLS',
    'GRANT dossier_app TO through_reset; ALTER ROLE through_reset SET ROLE dossier_app',
    'has BYPASSRLS',
  ],
] as const;

describe('a database that was given', () => {
  test("is used as the application's role, and nothing is embedded", async () => {
    const one = start({ DATABASE_URL: database.app, FAKE_SAMPLES: '3' });
    const url = await one.ready();
    expect(await (await fetch(`${url}/role`)).text()).toBe('dossier_app');
    const { host, pathname } = new URL(database.app);
    // Whatever there would be to load: a publisher's database stays as it is.
    expect(one.out).not.toContain('samples');
    expect(one.out).toContain(`\nData: ${host}${pathname}\n`);
    expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
  });

  test.each(ROLES)('refuses the role %s (%s)', async (name, attributes, grants, reason) => {
    await sql(
      database.superuser,
      `CREATE ROLE ${name} LOGIN ${attributes} PASSWORD '${PASSWORD}'; ${grants}; GRANT CONNECT ON DATABASE ${new URL(database.app).pathname.slice(1)} TO ${name}`,
    );
    const one = start({ DATABASE_URL: as(name) });
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toBe(
      `DATABASE_URL connects as ${name}, which ${reason}: the wall in Postgres would not hold it. Use the application's role (docs/roles.sql makes it).\n`,
    );
    expect(one.out).toBe('');
  });

  test('refuses the owner', async () => {
    const one = start({ DATABASE_URL: database.owner, DATABASE_OWNER_URL: database.owner });
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(
      /^DATABASE_URL connects as dossier_owner, which owns the table passages and the database: the wall/,
    );
  });

  test('refuses a wall that has been switched off', async () => {
    await sql(database.owner, 'ALTER TABLE passages DISABLE ROW LEVEL SECURITY');
    const one = start({ DATABASE_URL: database.app });
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(/^Row-level security is switched off on the table passages/);
    await sql(database.owner, 'ALTER TABLE passages ENABLE ROW LEVEL SECURITY');
  });

  test('that lacks migrations gets them from the owner, and without the owner is refused by name', async () => {
    await sql(withDatabase(cluster().superuser, 'postgres'), 'CREATE DATABASE start_bare OWNER dossier_owner');
    const urls = {
      DATABASE_URL: withDatabase(database.app, 'start_bare'),
      DATABASE_OWNER_URL: withDatabase(database.owner, 'start_bare'),
    };
    const refused = start({ DATABASE_URL: urls.DATABASE_URL });
    expect(await refused.end()).toMatchObject({ code: 1 });
    expect(refused.err).toMatch(
      /^The database lacks \d+ migrations \(\w+, .*\)\. Set DATABASE_OWNER_URL to the owner's role.*\n$/,
    );

    const migrated = start(urls);
    await migrated.ready();
    await migrated.end('SIGTERM');
    await start({ DATABASE_URL: urls.DATABASE_URL }).ready();
    await endAll();
    await sql(withDatabase(cluster().superuser, 'postgres'), 'DROP DATABASE start_bare WITH (FORCE)');
  });

  test.each([
    [
      'nobody listens',
      'postgresql://dossier_app:s3cret@127.0.0.1:1/dossier',
      /^The database at 127\.0\.0\.1:1\/dossier \(DATABASE_URL\) cannot be used: .*ECONNREFUSED.*\n$/,
    ],
    [
      'the password is wrong',
      () => as('dossier_app'),
      /^The database at \S+ \(DATABASE_URL\) cannot be used: password authentication failed .*\n$/,
    ],
    [
      'the database is not there',
      () => withDatabase(database.app, 'nowhere'),
      /^The database at \S+\/nowhere \(DATABASE_URL\) cannot be used: database "nowhere" does not exist\.\n$/,
    ],
  ])('is refused in one line without the password when %s', async (_when, url, sentence) => {
    const address = typeof url === 'string' ? url : url();
    const one = start({ DATABASE_URL: address });
    expect(await one.end()).toMatchObject({ code: 1 });
    expect(one.err).toMatch(sentence);
    expect(one.err + one.out).not.toContain(new URL(address).password);
  });
});
