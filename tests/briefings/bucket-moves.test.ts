import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { editorialViewer } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { assertAllInPostgres, moveToBucket } from '../../src/briefings/pictures/move-to-bucket';
import { deletePictures, storePicture } from '../../src/briefings/pictures/queries';
import { openBucket } from '../../src/stores/bucket';
import { original } from '../support/briefing';
import { startBucket, type BucketServer } from '../support/stores/bucket';
import { ran, script } from '../support/command';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

let server: BucketServer;
let dossier: Dossier;
let folder: string;
/** Another Dossier on the same database, which works on the queue. */
let worker: Dossier | null = null;
const pictures = new Map<string, Buffer>();

/** Every picture and size that lies in Postgres, and how many lie elsewhere. */
async function lying(): Promise<{ here: number; away: number }> {
  const rows = await dossier.wall.read(editorialViewer, async (db) => [
    ...(await db.picture.findMany({ select: { bytes: true } })),
    ...(await db.pictureSize.findMany({ select: { bytes: true } })),
  ]);
  return {
    here: rows.filter(({ bytes }) => bytes !== null).length,
    away: rows.filter(({ bytes }) => bytes === null).length,
  };
}

const idOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** The name of its object. */
const nameOf = async (bytes: Buffer) =>
  `${idOf(bytes)}-${(await dossier.wall.read(editorialViewer, (db) => db.picture.findUniqueOrThrow({ where: { id: idOf(bytes) }, select: { object: true } }))).object}`;

/** The environment of an operator, with the test's database. */
const operator = (withBucket: boolean) => {
  const { place } = server;
  const bucket = {
    S3_ENDPOINT: place.endpoint,
    S3_REGION: place.region,
    S3_BUCKET: place.name,
    S3_ACCESS_KEY_ID: place.accessKeyId,
    S3_SECRET_ACCESS_KEY: place.secretAccessKey,
  };
  return {
    PATH: process.env['PATH'],
    HOME: folder,
    PORT: '0',
    DATABASE_URL: dossier.urls.app,
    DATABASE_OWNER_URL: dossier.urls.owner,
    NODE_NO_WARNINGS: '1',
    ...(withBucket ? bucket : {}),
  };
};
const briefing = (args: readonly string[], withBucket = true) => ran('briefing', args, operator(withBucket));

const carry = (to: string) => briefing(['pictures', to]);

beforeAll(async () => {
  server = await startBucket();
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-bucket-'));
  dossier = await startDossier();
  for (const slug of ['one', 'two', 'three']) {
    const bytes = await sharp({
      create: { width: 600, height: 300, channels: 3, background: { r: pictures.size, g: 80, b: 120 } },
    })
      .png()
      .toBuffer();
    pictures.set(slug, bytes);
    await dossier.take(slug, {
      'en.md': original({ slug, organizations: null }, '').replace('The open body.', '![A map](map.png)'),
      'map.png': bytes,
    });
  }
});
afterEach(async () => {
  await worker?.stop();
  worker = null;
});
afterAll(async () => {
  await dossier.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('without a bucket everything stays in Postgres, and the queue is not the fuller for it', async () => {
  expect(await lying()).toEqual({ here: 6, away: 0 });
  await assertAllInPostgres(dossier.wall);
  worker = await startDossier({ on: dossier.urls, billing: { works: true, payments: noPayments() } });
  await until(async () => (await dossier.stores.pool.query('SELECT FROM graphile_worker.jobs')).rowCount === 0);
  expect([await lying(), worker.logged]).toEqual([{ here: 6, away: 0 }, []]);
});

test('a first start with a bucket sends for what is there already; whoever starts without one then is told', async () => {
  worker = await startDossier({
    on: dossier.urls,
    bucket: openBucket(server.place),
    billing: { works: true, payments: noPayments() },
  });
  await until(async () => (await lying()).here === 0);
  expect([worker.logged, server.objects.size]).toEqual([[], 6]);
  for (const bytes of pictures.values()) expect(server.objects.get(await nameOf(bytes))!.bytes).toEqual(bytes);
  const { code, err } = await script('start', [], operator(false));
  expect({ code, err }).toEqual({
    code: 1,
    err: 'The bytes of 3 pictures lie in a bucket, and S3_ENDPOINT is not set. Set it again with all that belongs to it; to do without a bucket, run "npm run briefing -- pictures postgres" with these settings first, and then start without them.\n',
  });
}, 60_000);

test('the command exports out of the bucket, and says what it lacks', async () => {
  const exported = await briefing(['export', 'one', folder]);
  expect({ code: exported.code, err: exported.err }).toEqual({ code: 0, err: '' });
  expect(readFileSync(path.join(folder, 'one', 'map.png'))).toEqual(pictures.get('one'));
  expect(await briefing(['export', 'two', folder], false)).toMatchObject({
    code: 1,
    err: 'pictures lie in a bucket, and the settings of S3 name none. Nothing is lost by asking again.\n',
  });
  expect(await briefing(['pictures', 'postgres'], false)).toMatchObject({
    code: 1,
    err: 'There is no bucket: set S3_ENDPOINT and what belongs to it (docs/settings.md).\n',
  });
}, 60_000);

test('all comes back into Postgres, except what cannot; and goes again', async () => {
  const name = await nameOf(pictures.get('one')!);
  const kept = server.objects.get(name)!;
  server.objects.set(name, { ...kept, bytes: Buffer.from('something else') });
  const first = await carry('postgres');
  expect(first).toEqual({
    code: 1,
    out: '2 pictures carried back into Postgres\n',
    err: `${name} in the bucket is not what its digest says\n1 pictures could not be carried. They are as they were.\n`,
  });
  expect([await lying(), server.objects.size]).toEqual([{ here: 4, away: 2 }, 2]);
  server.objects.set(name, kept);
  expect(await carry('postgres')).toMatchObject({ code: 0, out: '1 pictures carried back into Postgres\n' });
  expect(await nameOf(pictures.get('one')!)).not.toBe(name);
  expect([await lying(), server.objects.size]).toEqual([{ here: 6, away: 0 }, 0]);
  await assertAllInPostgres(dossier.wall);
  expect(
    Buffer.from(await (await fetch(`${dossier.url}/pictures/${idOf(pictures.get('one')!)}.png`)).arrayBuffer()),
  ).toEqual(pictures.get('one'));
  server.mood = 'failing';
  const refused = await carry('bucket');
  expect([refused.code, refused.err]).toEqual([
    1,
    expect.stringMatching(/^the bucket does not answer as it should \(.*\)\. Nothing is lost by asking again\.\n$/),
  ]);
  server.mood = 'well';
  expect(await carry('bucket')).toMatchObject({ code: 0, out: '3 pictures carried to the bucket\n' });
  expect([await lying(), server.objects.size]).toEqual([{ here: 0, away: 6 }, 6]);
}, 120_000);

test('what is removed while it is carried is not left in the bucket', async () => {
  const bytes = await sharp({ create: { width: 100, height: 50, channels: 3, background: 'teal' } })
    .png()
    .toBuffer();
  await dossier.wall.write(editorialViewer, (db) =>
    storePicture(db, { id: idOf(bytes), format: 'png', width: 100, height: 50 }, bytes, []),
  );
  const [name, others] = [await nameOf(bytes), server.objects.size];
  server.before = async (asked) => {
    if (asked === `PUT ${name}`) await dossier.wall.write(editorialViewer, (db) => deletePictures(db, [idOf(bytes)]));
  };
  await moveToBucket({ wall: dossier.wall, bucket: openBucket(server.place) }, idOf(bytes));
  expect([server.asked.includes(`PUT ${name}`), server.objects.has(name), server.objects.size]).toEqual([
    true,
    false,
    others,
  ]);
});
