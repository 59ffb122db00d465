import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { editorialViewer, picturesViewer, accountsViewer, visitor } from '../../src/access/viewer';
import { noPayments } from '../../src/billing/stripe/payments';
import { moveToPostgres } from '../../src/briefings/pictures/move-to-bucket';
import { deletePictures } from '../../src/briefings/pictures/queries';
import { exportBriefing } from '../../src/briefings/file/export';
import { openBucket, type Bucket } from '../../src/stores/bucket';
import { ask, problemIn } from '../support/api';
import { original, PASSAGES } from '../support/briefing';
import { startBucket, type BucketServer } from '../support/stores/bucket';
import { enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { doAct, idOf, openSheet, sendSheet } from '../support/desk';
import { send } from '../support/door';
import { startDossier, type Dossier } from '../support/dossier';
import { visit } from '../support/page';
import { until } from '../support/until';

let server: BucketServer;
let bucket: Bucket;
let dossier: Dossier;
let cast: Record<Name, Member>;
let tint = 0;

/** A picture that was never there before, wide enough for two sizes. */
const draw = (width = 1200) =>
  sharp({ create: { width, height: 300, channels: 3, background: { r: ++tint, g: 80, b: 120 } } })
    .png()
    .toBuffer();

/** A briefing whose evidence shows a picture; where to find that and its sizes. */
async function takeGated(
  slug: string,
  bytes: Uint8Array,
): Promise<{ id: string; files: readonly [string, string, string] }> {
  await dossier.take(slug, {
    'en.md': original(
      { slug, organizations: null },
      PASSAGES.replace(/::: organization[^]*?\n:::\n/, '').replace(
        'GATED evidence text.',
        '![GATED routes](routes.png)',
      ),
    ),
    'routes.png': bytes,
  });
  const { pictureId: id } = await dossier.wall.read(editorialViewer, async (db) =>
    db.figure.findUniqueOrThrow({
      where: { briefingId_name: { briefingId: await idOf(dossier, slug), name: 'routes.png' } },
    }),
  );
  return { id, files: [`${id}-480.webp`, `${id}-960.webp`, `${id}.png`] };
}

const rowsOf = (id: string) =>
  dossier.wall.read(editorialViewer, (db) =>
    db.picture.findUnique({ where: { id }, include: { sizes: { orderBy: { width: 'asc' } } } }),
  );
const here = async (id: string) => {
  const row = await rowsOf(id);
  return row && [...row.sizes, row].map(({ bytes }) => bytes !== null);
};
/** The names of its objects, narrowest first. */
const namesOf = async (id: string) => {
  const row = (await rowsOf(id))!;
  return [...row.sizes.map(({ digest, object }) => `${digest}-${object}`), `${id}-${row.object}`];
};
const there = (names: readonly string[]) => names.filter((name) => server.objects.has(name));
const moved = (id: string) => until(async () => (await here(id))?.every((one) => !one) === true);

const get = async (path: string, name: Name, headers: Record<string, string> = {}) => {
  const answer = await fetch(`${dossier.url}${path}`, {
    headers: { ...cast[name].headers, ...headers },
    redirect: 'manual',
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
};

/** What the bucket was asked while something was done. */
async function askedDuring(work: () => Promise<unknown>): Promise<string[]> {
  const before = server.asked.length;
  await work();
  return server.asked.slice(before);
}

beforeAll(async () => {
  server = await startBucket();
  bucket = openBucket(server.place, { read: 1_000, write: 2_000, check: 2_000 });
  dossier = await startDossier({ bucket, billing: { works: true, payments: noPayments() } });
  cast = await enterAll(dossier);
});
afterAll(async () => {
  await dossier.stop();
  await server.stop();
});
afterEach(() => {
  server.mood = 'well';
  server.before = null;
  dossier.logged.length = 0;
});

test('a picture of a gated passage lies in the bucket, and is asked for there only for whoever reads the passage', async () => {
  await dossier.take('a-signal', { 'en.md': original() });
  const id = await idOf(dossier, 'a-signal');
  const form = new FormData();
  form.set('picture', new Blob([new Uint8Array(await draw())]), 'Routes.png');
  expect(
    (
      await visit(`${dossier.url}/desk/briefings/${id}/pictures`, {
        method: 'POST',
        body: form,
        headers: { ...cast.editor.headers, Origin: dossier.url },
      })
    ).status,
  ).toBe(303);
  const { pictureId } = await dossier.wall.read(editorialViewer, (db) =>
    db.figure.findFirstOrThrow({ where: { name: 'routes.png' } }),
  );
  await moved(pictureId);
  const names = await namesOf(pictureId);
  expect(names.map((name) => server.objects.get(name)?.type)).toEqual(['image/webp', 'image/webp', 'image/png']);

  // The desk goes on with it, publishing asks for none of its bytes, and its own look at a picture finds them.
  const sheet = await openSheet(dossier, cast.editor, id);
  expect(
    (
      await sendSheet(dossier, cast.editor, sheet, {
        'evidence.a-tie.text.en': 'GATED.\n\n![GATED routes](routes.png)',
      })
    ).status,
  ).toBe(303);
  expect(
    await askedDuring(async () => expect((await doAct(dossier, cast.editor, id, 'keep')).status).toBe(303)),
  ).toEqual([]);
  const bytes = server.objects.get(names[2]!)!.bytes;
  expect((await get(`/desk/briefings/${id}/pictures/routes.png`, 'editor')).bytes).toEqual(bytes);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(pictureId);

  const image = (
    await visit(`${dossier.url}/briefings/a-signal`, { headers: cast.alliance.headers })
  ).html.querySelector('.prose img')!;
  const addresses = [
    image.getAttribute('src')!,
    ...image
      .getAttribute('srcset')!
      .split(', ')
      .map((one) => one.split(' ')[0]!),
  ];
  expect(addresses).toEqual(['.png', '-480.webp', '-960.webp', '.png'].map((end) => `/pictures/${pictureId}${end}`));
  for (const [at, address] of addresses.slice(1).entries()) {
    const answer = await get(address, 'alliance');
    expect([answer.status, answer.headers.get('location'), answer.bytes]).toEqual([
      200,
      null,
      server.objects.get(names[at]!)!.bytes,
    ]);
    const tag = answer.headers.get('etag')!;
    expect(
      await askedDuring(async () => {
        expect((await get(address, 'alliance', { 'If-None-Match': tag })).status).toBe(304);
        for (const name of ['visitor', 'circle', 'lapsed', 'support'] as const)
          expect([
            name,
            (await get(address, name)).status,
            (await get(address, name, { 'If-None-Match': tag })).status,
          ]).toEqual([name, 404, 404]);
        expect((await get(`${address.replace(/\.\w+$/, '.jpg')}`, 'alliance')).status).toBe(404);
      }),
    ).toEqual([]);
  }
  const api = image.getAttribute('src')!.replace('/pictures/', '/api/v1/pictures/');
  expect((await ask(`${dossier.url}${api}`, { token: await tokenFor(dossier, cast.alliance.id!) })).status).toBe(200);
  expect(
    await askedDuring(async () =>
      expect((await ask(`${dossier.url}${api}`, { token: await tokenFor(dossier, cast.circle.id!) })).status).toBe(404),
    ),
  ).toEqual([]);
});

test.each(['failing', 'silent', 'stuck'] as const)(
  'while the bucket is %s a picture is not to be had, and everything else is',
  async (mood) => {
    const { id, files } = await takeGated(`down-${mood}`, await draw());
    await moved(id);
    server.mood = mood;
    const answer = await get(`/pictures/${files[2]}`, 'alliance');
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')]).toEqual([
      503,
      '10',
      'no-store',
    ]);
    expect(
      problemIn(
        await ask(`${dossier.url}/api/v1/pictures/${files[0]}`, { token: await tokenFor(dossier, cast.alliance.id!) }),
      ).status,
    ).toBe(503);
    expect(
      await askedDuring(async () => expect((await get(`/pictures/${files[2]}`, 'visitor')).status).toBe(404)),
    ).toEqual([]);
    const page = await get(`/briefings/down-${mood}`, 'alliance');
    expect([page.status, page.bytes.includes(files[2])]).toEqual([200, true]);
    if (mood !== 'stuck') {
      const ready = await fetch(`${dossier.url}/readyz`);
      expect([ready.status, await ready.json()]).toEqual([
        200,
        { status: 'ready', checks: { postgres: 'ready', migrations: 'ready', pictures: 'does not answer' } },
      ]);
    }
    expect((await takeGated(`desk-${mood}`, await draw())).files.length).toBe(3);
    server.mood = 'well';
    expect(await (await fetch(`${dossier.url}/readyz`)).json()).toEqual({
      status: 'ready',
      checks: { postgres: 'ready', migrations: 'ready', pictures: 'ready' },
    });
    expect((await get(`/pictures/${files[2]}`, 'alliance')).status).toBe(200);
  },
);

test('what is not what it was, or is not there, is served to nobody and told to the log', async () => {
  const { id, files } = await takeGated('corrupt', await draw());
  await moved(id);
  const [size, , picture] = await namesOf(id);
  const right = server.objects.get(picture!)!;
  server.objects.set(picture!, { ...right, bytes: Buffer.concat([right.bytes.subarray(0, -1), Buffer.from('x')]) });
  server.objects.delete(size!);
  for (const file of [files[2], files[0]]) {
    const answer = await get(`/pictures/${file}`, 'alliance');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
  }
  expect(
    dossier.logged
      .filter(({ msg }) => msg === 'a request failed')
      .map((line) => (line['err'] as { message: string }).message),
  ).toEqual([`${picture} in the bucket is not what its digest says`, `${size} is not in the bucket`]);
  await expect(exportBriefing(dossier.wall, 'corrupt', bucket)).rejects.toThrow('is not what its digest says');
});

test('a picture that cannot be read back from the bucket stays in Postgres, and is carried at the next try', async () => {
  const bytes = await draw();
  const own = createHash('sha256').update(bytes).digest('hex');
  let met = false;
  server.before = (asked) => {
    if (!met && asked.startsWith(`GET ${own}`)) {
      met = true;
      server.mood = 'failing';
    }
  };
  const { id, files } = await takeGated('cut-off', bytes);
  // The object is there, and nobody has noted it: as when the process ends in between.
  await until(() => met && dossier.logged.length > 0);
  expect([there(await namesOf(id)).length, (await here(id))!.every((one) => one)]).toEqual([1, true]);
  expect((await get(`/pictures/${files[2]}`, 'alliance')).status).toBe(200);
  server.mood = 'well';
  await moved(id);
  expect(there(await namesOf(id)).length).toBe(3);
  expect(new Set(dossier.logged.map(({ msg }) => msg))).toEqual(
    new Set(['pictures could not be carried to the bucket, and are tried again']),
  );
});

/** A draft with a picture that no text shows, and what takes that away. */
async function takeSpare(slug: string, bytes: Uint8Array) {
  await dossier.take(slug, { 'en.md': original({ slug, organizations: null, state: 'draft', published: null }, '') });
  const section = `/desk/briefings/${await idOf(dossier, slug)}/pictures`;
  const add = async () => {
    const form = new FormData();
    form.set('picture', new Blob([new Uint8Array(bytes)]), 'spare.png');
    expect(
      (
        await visit(`${dossier.url}${section}`, {
          method: 'POST',
          body: form,
          headers: { ...cast.editor.headers, Origin: dossier.url },
        })
      ).status,
    ).toBe(303);
    return (
      await dossier.wall.read(editorialViewer, (db) => db.figure.findFirstOrThrow({ where: { name: 'spare.png' } }))
    ).pictureId;
  };
  /** From the briefing, and from the restore points that would bring it back. */
  const remove = async () => {
    const { pictureId } = await dossier.wall.read(editorialViewer, (db) =>
      db.figure.findFirstOrThrow({ where: { name: 'spare.png' } }),
    );
    const { status } = await send(
      dossier,
      `${section}/spare.png/remove`,
      {},
      { cookie: cast.editor.headers['Cookie']! },
    );
    expect(status).toBe(303);
    await dossier.wall.write(editorialViewer, async (db) => {
      expect((await db.restorePoint.deleteMany({})).count).toBeGreaterThan(0);
      await deletePictures(db, [pictureId]);
    });
  };
  return { add, remove };
}

test('a picture that is removed leaves the bucket; one that is added again meanwhile is kept', async () => {
  const { add, remove } = await takeSpare('spare', await draw());
  const id = await add();
  await moved(id);
  const names = await namesOf(id);
  expect(there(names).length).toBe(3);
  const again: string[] = [];
  let begun = false;
  server.before = async (asked) => {
    if (begun || !asked.startsWith('DELETE ')) return;
    begun = true;
    again.push(await add());
  };
  await remove();
  await until(() => there(names).length === 0);
  expect(again).toEqual([id]);
  await moved(id);
  const later = await namesOf(id);
  expect(there(later)).toEqual(later);
  // Whatever is still done to an object of the one that went, however late, is not done to these.
  expect(later.some((name) => names.includes(name))).toBe(false);
  await remove();
  await until(() => there(later).length === 0);
});

test('a picture that is brought back into Postgres while somebody asks for it is theirs', async () => {
  const { id, files } = await takeGated('brought-back', await draw());
  await moved(id);
  const names = await namesOf(id);
  const bytes = server.objects.get(names[2]!)!.bytes;
  let begun = false;
  server.before = async (asked) => {
    if (begun || asked !== `GET ${names[2]}`) return;
    begun = true;
    await moveToPostgres({ wall: dossier.wall, bucket }, id);
  };
  const answer = await get(`/pictures/${files[2]}`, 'alliance');
  expect([answer.status, answer.bytes, there(names), (await here(id))!.every((one) => one)]).toEqual([
    200,
    bytes,
    [],
    true,
  ]);
});

test('a briefing is exported with its pictures out of the bucket, and comes back unchanged', async () => {
  const bytes = await draw();
  const { id } = await takeGated('round-trip', bytes);
  await moved(id);
  const files = (await exportBriefing(dossier.wall, 'round-trip', bucket))!;
  expect(files.get('routes.png')).toEqual(bytes);
  expect((await dossier.take('round-trip', Object.fromEntries(files))).outcome).toBe('unchanged');
  expect((await here(id))!.some((one) => one)).toBe(false);
  const briefing = await idOf(dossier, 'round-trip');
  const zipped = await get(`/desk/briefings/${briefing}/export`, 'editor');
  expect([zipped.status, zipped.bytes.includes('round-trip/routes.png')]).toEqual([200, true]);
  server.mood = 'failing';
  expect((await get(`/desk/briefings/${briefing}/export`, 'editor')).status).toBe(503);
  await expect(exportBriefing(dossier.wall, 'round-trip')).rejects.toThrow('the settings of S3 name none');
});

test('nobody but the porter moves bytes, and the porter moves nothing else', async () => {
  const { id } = await takeGated('held', await draw());
  await moved(id);
  const bytes = new Uint8Array(server.objects.get((await namesOf(id))[2]!)!.bytes);
  for (const viewer of [editorialViewer, accountsViewer, visitor, { role: 'reader', rank: 1000 } as const]) {
    for (const data of [{ bytes }, { bytes: null }])
      expect((await dossier.wall.write(viewer, (db) => db.picture.updateMany({ where: { id }, data }))).count).toBe(0);
    expect(
      (
        await dossier.wall.write(viewer, (db) =>
          db.pictureSize.updateMany({ where: { pictureId: id }, data: { bytes: null } }),
        )
      ).count,
    ).toBe(0);
  }
  await expect(
    dossier.wall.write(picturesViewer, (db) =>
      db.picture.updateMany({ where: { id }, data: { bytes: new Uint8Array([1]) } }),
    ),
  ).rejects.toThrow(/pictures_id_is_sha256/);
  await expect(
    dossier.wall.write(picturesViewer, (db) =>
      db.pictureSize.updateMany({ where: { pictureId: id }, data: { bytes: new Uint8Array([1]) } }),
    ),
  ).rejects.toThrow(/picture_sizes_digest_is_sha256/);
  await expect(
    dossier.wall.write(picturesViewer, (db) => db.picture.updateMany({ where: { id }, data: { width: 1 } })),
  ).rejects.toThrow(/permission denied/);
  await expect(
    dossier.wall.write(picturesViewer, (db) =>
      db.picture.createMany({ data: [{ id: 'f'.repeat(64), format: 'png', width: 1, height: 1 }] }),
    ),
  ).rejects.toThrow(/row-level security/);
  expect(
    await dossier.wall.read(picturesViewer, (db) =>
      Promise.all([db.passagePlacement.count(), db.figure.count(), db.revision.count()]),
    ),
  ).toEqual([0, 0, 0]);
  expect((await here(id))!.some((one) => one)).toBe(false);
});
