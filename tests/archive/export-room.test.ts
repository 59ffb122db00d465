import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { accountsViewer, editorialViewer } from '../../src/access/viewer';
import { hashPassword } from '../../src/accounts/credentials/passwords';
import { checkArchive, entriesOf } from '../../src/archive/read';
import { moveToBucket } from '../../src/briefings/pictures/move-to-bucket';
import { openBucket, type Bucket } from '../../src/stores/bucket';
import { open, somebody, type Somebody } from '../admin/support';
import { original } from '../support/briefing';
import { PASSWORD, send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { said } from '../support/page';
import { aPicture } from '../support/pictures';
import { startBucket, type BucketServer } from '../support/stores/bucket';
import { asSuperuserIn } from '../support/stores/cluster';
import { until } from '../support/until';

let dossier: Dossier;
let admin: Somebody;
let server: BucketServer;
let bucket: Bucket;
let folder: string;
let picture: Buffer;

const AT = '/admin/export';
const form = (current: string) => new URLSearchParams({ current }).toString();
const entries = () =>
  dossier.wall.read(accountsViewer, (db) => db.auditEntry.count({ where: { action: 'archive-exported' } }));

/** The answer to a form as bytes. */
async function download(): Promise<{ status: number; type: string | null; name: string | null; bytes: Buffer }> {
  const answer = await fetch(`${dossier.url}${AT}`, {
    method: 'POST',
    body: form(PASSWORD),
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      Origin: dossier.url,
      Cookie: admin.cookie,
    },
  });
  return {
    status: answer.status,
    type: answer.headers.get('content-type'),
    name: answer.headers.get('content-disposition'),
    bytes: Buffer.from(await answer.arrayBuffer()),
  };
}

const connections = async () => {
  const { rows } = await asSuperuserIn(dossier.urls.superuser, (client) =>
    client.query(
      "SELECT FROM pg_stat_activity WHERE application_name = 'dossier archive' AND datname = current_database()",
    ),
  );
  return rows.length;
};

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-export-'));
  server = await startBucket();
  bucket = openBucket(server.place);
  dossier = await startDossier({ bucket });
  admin = await somebody(dossier, 'admin');
  const passwordHash = await hashPassword(PASSWORD);
  await dossier.wall.write(accountsViewer, (db) =>
    db.account.update({ where: { id: admin.id }, data: { passwordHash } }),
  );
  picture = await aPicture('png', 20, false);
  await dossier.take('a-signal', {
    'en.md': original({ slug: 'a-signal' }).replace('The open body.', '![A map](map.png)'),
    'map.png': picture,
  });
});
afterAll(async () => {
  await dossier.stop();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the page says what is in it, and asks who sits there', async () => {
  const page = await open(dossier, admin, AT);
  expect([page.status, said(page, 'h1')]).toEqual([200, 'Take everything out']);
  expect(page.html.querySelector('main input[type=password]')?.getAttribute('name')).toBe('current');
  expect(page.html.querySelectorAll('main .points li').length).toBe(8);
});

test.each([
  ['', 'Please'],
  ['not the password', ''],
])('without the password %j nothing is sent, and nothing is noted', async (current) => {
  const before = await entries();
  const page = await send(dossier, AT, { current }, { cookie: admin.cookie });
  expect(page.status).toBe(422);
  expect(page.html.querySelector('#current')?.getAttribute('aria-invalid')).toBe('true');
  expect(await entries()).toBe(before);
});

test('with it the archive comes whole, pictures out of the bucket among it, and the log says so', async () => {
  const id = createHash('sha256').update(picture).digest('hex');
  const ids = await dossier.wall.read(editorialViewer, (db) => db.picture.findMany({ select: { id: true } }));
  for (const one of ids) await moveToBucket({ wall: dossier.wall, bucket }, one.id);
  expect(server.objects.size).toBeGreaterThan(0);
  const before = await entries();
  const { status, type, name, bytes } = await download();
  expect([status, type, name]).toEqual([
    200,
    'application/gzip',
    expect.stringMatching(/publication-\d{4}-\d\d-\d\d\.tar\.gz/),
  ]);
  const file = path.join(folder, 'web.tar.gz');
  writeFileSync(file, bytes);
  const { manifest } = await checkArchive(file);
  expect(manifest.rows['accounts']).toBe(1);
  const all = new Map<string, Buffer>();
  for await (const entry of entriesOf(file)) all.set(entry.name, entry.bytes);
  expect(all.get(`pictures/${id}.png`)?.equals(picture)).toBe(true);
  expect(String(all.get('briefings/a-signal/en.md'))).toContain('slug: a-signal');
  expect(all.has('briefings/a-signal/map.png')).toBe(true);
  expect(await entries()).toBe(before + 1);
});

test('while one is made, another is refused with a reason, and is not noted', async () => {
  const before = await entries();
  const other = new Client({ connectionString: dossier.urls.app });
  await other.connect();
  try {
    await other.query("SELECT pg_advisory_lock(hashtext('dossier: archive'))");
    const page = await send(dossier, AT, { current: PASSWORD }, { cookie: admin.cookie });
    expect([page.status, said(page, '[role=alert]')]).toEqual([
      409,
      'Another archive is being made. Wait until it is done.',
    ]);
  } finally {
    await other.end();
  }
  expect(await entries()).toBe(before);
});

test('a picture that is not to be had breaks the archive off: a part is not taken for the whole', async () => {
  server.mood = 'failing';
  try {
    await expect(download()).rejects.toThrow();
  } finally {
    server.mood = 'well';
  }
  await until(async () => (await connections()) === 0);
  expect((await download()).status).toBe(200);
});

test('a download that is broken off leaves nothing, and the next one is made', async () => {
  // More than sockets hold.
  await asSuperuserIn(dossier.urls.superuser, (client) =>
    client.query(
      `INSERT INTO organizations SELECT 'org-' || n, (SELECT string_agg(md5(n::text || i), '') FROM generate_series(1, 500) i), NULL
       FROM generate_series(1, 2000) n`,
    ),
  );
  const { hostname, port } = new URL(dossier.url);
  await new Promise<void>((resolve, reject) => {
    const asked = http.request(
      {
        ...{ hostname, port, path: AT, method: 'POST' },
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', Origin: dossier.url, Cookie: admin.cookie },
      },
      (answer) => {
        answer.once('data', () => {
          answer.pause();
          void until(async () => (await connections()) === 1).then(() => {
            asked.destroy();
            resolve();
          }, reject);
        });
        answer.on('error', () => undefined);
      },
    );
    asked.on('error', () => undefined);
    asked.end(form(PASSWORD));
  });
  await until(async () => (await connections()) === 0);
  expect((await download()).status).toBe(200);
});
