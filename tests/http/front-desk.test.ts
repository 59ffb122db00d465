import { request, type IncomingHttpHeaders } from 'node:http';
import { Client } from 'pg';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { adminViewer } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { withDatabase } from '../support/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { said, visit } from '../support/page';
import { until } from '../support/until';

let dossier: Dossier;
const at = (path: string, init?: RequestInit) => visit(`${dossier.url}${path}`, init);

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original(), 'es.md': SPANISH });
});
afterAll(() => dossier.stop());

/** A request as it is, nothing decoded. */
function raw(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  return new Promise((resolve, reject) => {
    const asked = request(`${dossier.url}${path}`, { method, headers }, (res) => {
      const chunks: Buffer[] = [];
      res
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => resolve({ status: res.statusCode!, headers: res.headers, body: Buffer.concat(chunks) }));
    });
    asked.on('error', reject).end();
  });
}

/** How many statements the application has begun, to see that a page was served without any. */
async function withoutDatabase<T>(work: () => Promise<T>): Promise<T> {
  const spy = jest.spyOn(dossier.stores.pool, 'connect');
  try {
    const result = await work();
    expect(spy).not.toHaveBeenCalled();
    return result;
  } finally {
    spy.mockRestore();
  }
}

describe('a finished page', () => {
  test('is served again without the database, byte for byte', async () => {
    const first = await at('/briefings/a-signal');
    const second = await withoutDatabase(() => at('/briefings/a-signal'));
    expect(second.text).toBe(first.text);
    expect(Object.fromEntries([...second.headers].filter(([name]) => name !== 'date'))).toEqual(
      Object.fromEntries([...first.headers].filter(([name]) => name !== 'date')),
    );
  });

  test('comes in the encoding that was asked for', async () => {
    const plain = await raw('/briefings/a-signal', {});
    expect(plain.headers['content-encoding']).toBeUndefined();
    const asked = async (encoding: string) => raw('/briefings/a-signal', { 'Accept-Encoding': encoding });
    expect((await asked('gzip, deflate, br')).headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync((await asked('br')).body)).toEqual(plain.body);
    expect(gunzipSync((await asked('gzip')).body)).toEqual(plain.body);
    expect((await asked('br;q=0, gzip')).headers['content-encoding']).toBe('gzip');
    expect((await asked('identity')).headers['content-encoding']).toBeUndefined();
    expect((await asked('gzip')).headers.vary).toMatch(/Accept-Encoding/);
  });

  test('is 304 to whoever has it, and has no body for HEAD', async () => {
    const page = await raw('/briefings/a-signal', {});
    const etag = page.headers.etag!;
    for (const validator of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const answer = await raw('/briefings/a-signal', { 'If-None-Match': validator });
      expect([validator, answer.status, answer.body.length]).toEqual([validator, 304, 0]);
    }
    expect((await raw('/briefings/a-signal', { 'If-None-Match': '"other"' })).status).toBe(200);
    const head = await raw('/briefings/a-signal', {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
      200,
      page.headers['content-length'],
      0,
    ]);
  });

  test('is asked for again each time by whoever keeps it', async () => {
    expect((await at('/briefings/a-signal')).headers.get('cache-control')).toBe('public, no-cache');
  });

  test('is not kept under an address with words of its own in it', async () => {
    await at('/briefings/a-signal?utm=1');
    const spy = jest.spyOn(dossier.stores.pool, 'connect');
    await at('/briefings/a-signal?utm=1');
    expect(spy).toHaveBeenCalled();
    spy.mockRestore();
  });
});

describe('a change', () => {
  test.each<[string, () => Promise<unknown>, string, string]>([
    [
      'of a briefing',
      () =>
        dossier.take('a-signal', {
          'en.md': original().replace('A signal in English', 'A changed signal'),
          'es.md': SPANISH,
        }),
      '/briefings/a-signal',
      'A changed signal',
    ],
    [
      'of a briefing, on the front page',
      () =>
        dossier.take('a-signal', {
          'en.md': original().replace('A signal in English', 'Changed again'),
          'es.md': SPANISH,
        }),
      '/',
      'Changed again',
    ],
    [
      "of a tier's name",
      () =>
        dossier.wall.write(adminViewer, (db) =>
          db.tierText.updateMany({
            where: { tierSlug: 'strategy-circle', lang: 'en' },
            data: { name: 'Inner Circle' },
          }),
        ),
      '/briefings/a-signal',
      'Inner Circle',
    ],
    [
      'of the gate matrix',
      () =>
        dossier.wall.write(adminViewer, (db) =>
          db.gate.updateMany({ where: { kind: 'evidence' }, data: { tierSlug: 'public' } }),
        ),
      '/briefings/a-signal',
      'GATED evidence text.',
    ],
    [
      'that closes it again',
      () =>
        dossier.wall.write(adminViewer, (db) =>
          db.gate.updateMany({ where: { kind: 'evidence' }, data: { tierSlug: 'leadership-alliance' } }),
        ),
      '/briefings/a-signal',
      'Relationship evidence',
    ],
  ])('%s is seen by the next reader', async (_name, change, path, text) => {
    await at(path);
    await change();
    await until(async () => (await at(path)).text.includes(text));
  });

  test('what is closed again is gone from every page', async () => {
    await until(async () => !(await at('/briefings/a-signal')).text.includes('GATED'));
  });

  test('an unpublished briefing is gone from its page and from the front', async () => {
    await dossier.take('leaving', {
      'en.md': original({ slug: 'leaving', organizations: null }, '').replace('A signal in English', 'Soon gone'),
    });
    await until(async () => (await at('/')).text.includes('Soon gone'));
    expect((await at('/briefings/leaving')).status).toBe(200);
    await dossier.take('leaving', {
      'en.md': original({ slug: 'leaving', organizations: null, state: 'draft' }, '').replace(
        'A signal in English',
        'Soon gone',
      ),
    });
    await until(
      async () => (await at('/briefings/leaving')).status === 404 && !(await at('/')).text.includes('Soon gone'),
    );
  });
});

test('a briefing opens at its time by itself, on its page and on the front', async () => {
  const soon = new Date(Date.now() + 6_000).toISOString();
  await dossier.take('soon', {
    'en.md': original({ slug: 'soon', organizations: null, published: soon }, '').replace(
      'A signal in English',
      'Here by itself',
    ),
  });
  await until(async () => (await at('/briefings/soon')).status === 404 && (await at('/')).status === 200);
  expect((await at('/')).text).not.toContain('Here by itself');
  await until(
    async () => (await at('/')).text.includes('Here by itself') && (await at('/briefings/soon')).status === 200,
  );
});

describe('when Postgres does not answer', () => {
  const asSuperuser = async (statement: string) => {
    const client = new Client({ connectionString: withDatabase(dossier.urls.superuser, 'postgres') });
    await client.connect();
    try {
      await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const name = () => new URL(dossier.urls.app).pathname.slice(1);

  beforeAll(async () => {
    expect((await at('/briefings/a-signal')).status).toBe(200);
    await asSuperuser(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS false`);
    await asSuperuser(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name()}'`);
    await until(async () => (await visit(`${dossier.url}/readyz`)).status === 503);
  });

  test('a page that was good is still good, and the process says that it lives and is not ready', async () => {
    expect((await at('/briefings/a-signal')).status).toBe(200);
    expect((await at('/healthz')).status).toBe(200);
    const ready = await at('/readyz');
    expect([ready.status, JSON.parse(ready.text)]).toEqual([
      503,
      { status: 'not ready', checks: { postgres: 'does not answer', migrations: 'does not answer' } },
    ]);
  });

  test('a page nobody has read yet is 503 in the house', async () => {
    for (const path of ['/es/briefings/a-signal', '/categories/cloud-service']) {
      const page = await at(path);
      expect([path, page.status, page.headers.get('retry-after'), page.headers.get('cache-control')]).toEqual([
        path,
        503,
        '10',
        'no-store',
      ]);
      expect(said(page, 'h1')).toBeTruthy();
      expect(page.text).not.toMatch(/ECONN|postgres|prisma|GATED|\.ts/i);
    }
  });

  test('everything is back by itself when Postgres is, and nothing old is shown', async () => {
    await asSuperuser(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`);
    await until(async () => (await at('/es/briefings/a-signal')).status === 200, 10_000);
    await dossier.take('a-signal', {
      'en.md': original().replace('A signal in English', 'After the outage'),
      'es.md': SPANISH,
    });
    await until(async () => (await at('/briefings/a-signal')).text.includes('After the outage'), 10_000);
  });
});
