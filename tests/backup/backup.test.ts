import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { editorialViewer } from '../../src/access/viewer';
import { moveToBucket } from '../../src/briefings/pictures/move-to-bucket';
import { openBucket } from '../../src/stores/bucket';
import { migrate } from '../../src/stores/postgres/migrate';
import { withdrawUnneeded } from '../../src/stores/postgres/public-rights';
import { somebody } from '../admin/support';
import { original } from '../support/briefing';
import { ran } from '../support/command';
import { startDossier } from '../support/dossier';
import { visit } from '../support/page';
import { aPicture } from '../support/pictures';
import { startBucket, type BucketServer } from '../support/stores/bucket';
import { asSuperuserIn, createDatabase, withDatabase, type Cluster } from '../support/stores/cluster';
import { describeWithPgDump, startOwnPostgres } from '../support/stores/own-postgres';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-backup-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'the secret of the house is long enough';

const operator = (urls: Pick<Cluster, 'app' | 'owner'>, more: Readonly<Record<string, string>> = {}) => ({
  PATH: process.env['PATH'],
  HOME: folder,
  PORT: '0',
  DATA_DIR: path.join(folder, 'data'),
  SESSION_SECRET: SECRET,
  DATABASE_URL: urls.app,
  DATABASE_OWNER_URL: urls.owner,
  ...more,
});

const of = ({ place }: BucketServer) => ({
  S3_ENDPOINT: place.endpoint,
  S3_REGION: place.region,
  S3_BUCKET: place.name,
  S3_ACCESS_KEY_ID: place.accessKeyId,
  S3_SECRET_ACCESS_KEY: place.secretAccessKey,
});

/** A sign of every row of every table, the queue's among them. */
async function signs(urls: Cluster): Promise<Record<string, string>> {
  return asSuperuserIn(urls.superuser, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE relkind = 'r' AND nspname IN ('public', 'wall', 'graphile_worker') AND c.oid <> 'wall.keys'::regclass`,
    );
    const all: Record<string, string> = {};
    for (const { name } of rows) {
      const found = await client.query<{ sign: string }>(
        `SELECT count(*) || ' ' || md5(coalesce(string_agg(t::text, E'\n' ORDER BY t::text COLLATE "C"), '')) AS sign FROM ${name} t`,
      );
      all[name] = found.rows[0]!.sign;
    }
    return all;
  });
}

describeWithPgDump('a backup', () => {
  let postgres: Cluster & { stop(): Promise<void> };
  let [buckets, here, there]: [BucketServer[], Cluster?, Cluster?] = [[]];
  const at = () => path.join(folder, 'backup');

  const databaseIn = async (name: string): Promise<Cluster> => {
    await asSuperuserIn(postgres.superuser, async (client) => {
      await client.query(`CREATE DATABASE ${name} OWNER dossier_owner TEMPLATE template0`);
      await client.query(`REVOKE ALL ON DATABASE ${name} FROM PUBLIC`);
      await client.query(`GRANT CONNECT ON DATABASE ${name} TO dossier_app`);
    });
    const [superuser, owner, app] = [postgres.superuser, postgres.owner, postgres.app].map((url) =>
      withDatabase(url, name),
    );
    await withdrawUnneeded(superuser!);
    return { superuser: superuser!, owner: owner!, app: app! };
  };

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    buckets = [await startBucket(), await startBucket()];
    here = await databaseIn('here');
    there = await databaseIn('there');
    await migrate(here.owner, { log: { info: () => undefined, warn: () => undefined } });
    const bucket = openBucket(buckets[0]!.place);
    const dossier = await startDossier({ on: here, samples: true, bucket });
    await somebody(dossier, 'admin');
    await somebody(dossier);
    await dossier.take('a-signal', {
      'en.md': original({ slug: 'a-signal' }).replace('The open body.', '![A map](map.png)'),
      'map.png': await aPicture('png', 30, false),
    });
    const ids = await dossier.wall.read(editorialViewer, (db) => db.picture.findMany({ select: { id: true } }));
    for (const { id } of ids) await moveToBucket({ wall: dossier.wall, bucket }, id);
    await dossier.stop();
  });
  afterAll(async () => {
    await Promise.all(buckets.map((one) => one.stop()));
    await postgres?.stop();
  });

  test('is taken, and holds no secret', async () => {
    const { code, out, err } = await ran('backup', [at()], operator(here!, of(buckets[0]!)));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain(`${buckets[0]!.objects.size} pictures of the bucket`);
    expect(readdirSync(at()).sort()).toEqual(['backup.json', 'database.dump', 'pictures']);
    const said = readFileSync(path.join(at(), 'backup.json'), 'utf8');
    expect(said).not.toContain(SECRET);
    expect(said).not.toContain(buckets[0]!.place.secretAccessKey);
  });

  test('one that was changed is refused before anything is written', async () => {
    const file = path.join(at(), 'database.dump');
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(1));
    const { code, err } = await ran('restore', [at()], operator(there!, of(buckets[1]!)));
    expect([code, err]).toEqual([1, expect.stringContaining('is not what it was when the backup was made')]);
    writeFileSync(file, bytes);
  });

  test('brought back, every row and every picture is as it was; other secrets are said, and to reconcile', async () => {
    const env = operator(there!, { ...of(buckets[1]!), SESSION_SECRET: 'another secret of the house is long enough' });
    const { code, out, err } = await ran('restore', [at()], env);
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('SESSION_SECRET is another one than then');
    expect(out).not.toContain('S3_SECRET_ACCESS_KEY is another');
    expect(out).toContain('npm run billing -- reconcile');
    expect(await signs(there!)).toEqual(await signs(here!));
    expect([...buckets[1]!.objects].sort()).toEqual([...buckets[0]!.objects].sort());
    const restored = await startDossier({ on: there!, bucket: openBucket(buckets[1]!.place) });
    expect((await visit(`${restored.url}/briefings/a-signal`)).status).toBe(200);
    await restored.stop();
  });

  test('a database that has tables is refused, and a folder that is there', async () => {
    const again = await ran('restore', [at()], operator(there!, of(buckets[1]!)));
    expect([again.code, again.err]).toEqual([1, expect.stringContaining('This database has tables already')]);
    const over = await ran('backup', [at()], operator(here!, of(buckets[0]!)));
    expect([over.code, over.err]).toEqual([1, expect.stringContaining('is there already')]);
  });
});

describe('without the programs of Postgres', () => {
  let database: Cluster & { drop(): Promise<void> };
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  test.each([
    ['none', null, /^pg_dump is not on the PATH\. .*apt-get install postgresql-client-/],
    [
      'one that is too old',
      'pg_dump (PostgreSQL) 9.6',
      /^The pg_dump on the PATH is of version 9, and the server is of version \d+\. /,
    ],
  ])('with %s, how to come by them is said, and nothing is left', async (_name, version, says) => {
    const programs = path.join(folder, 'programs');
    mkdirSync(programs, { recursive: true });
    if (version !== null) {
      writeFileSync(path.join(programs, 'pg_dump'), `#!/bin/sh\necho '${version}'\n`);
      chmodSync(path.join(programs, 'pg_dump'), 0o755);
    }
    const to = path.join(folder, 'never');
    const { code, err } = await ran('backup', [to], operator(database, { PATH: programs }));
    expect([code, err]).toEqual([1, expect.stringMatching(says)]);
    expect([existsSync(to), existsSync(`${to}.part`)]).toEqual([false, false]);
  });

  test('without the address of the owner, it is said which is missing', async () => {
    const { DATABASE_OWNER_URL: _owner, ...env } = operator(database);
    expect((await ran('backup', [path.join(folder, 'never')], env)).err).toContain('set DATABASE_OWNER_URL');
  });
});
