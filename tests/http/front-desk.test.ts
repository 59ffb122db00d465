import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { Client } from 'pg';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { adminViewer } from '../../src/access/viewer';
import { NO_PARAMETERS } from '../../src/http/cache/page-address';
import { buildCachedPage, type CachedPage } from '../../src/http/cache/cached-page';
import { PageCache, type CacheAudience } from '../../src/http/cache/page-cache';
import { Failure } from '../../src/lib/failure';
import { original, SPANISH } from '../support/briefing';
import { withDatabase } from '../support/stores/cluster';
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
    expect((await asked('gzip, br;q=0.5')).headers['content-encoding']).toBe('gzip');
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
});

describe('a page has one name', () => {
  /** A request whose target is sent as it is written. */
  const target = (path: string, headers: string[] = []) =>
    new Promise<{ status: number; location: string | null }>((resolve, reject) => {
      const socket = connect(Number(new URL(dossier.url).port), '127.0.0.1');
      socket.write(
        [`GET ${path} HTTP/1.1`, `Host: ${new URL(dossier.url).host}`, ...headers, 'Connection: close', '', ''].join(
          '\r\n',
        ),
      );
      let text = '';
      socket.on('data', (chunk: Buffer) => {
        text += chunk.toString('latin1');
      });
      socket.on('end', () =>
        resolve({ status: Number(text.slice(9, 12)), location: /^location: (.*)$/im.exec(text)?.[1]?.trim() ?? null }),
      );
      socket.on('error', reject);
    });

  beforeAll(async () => {
    for (let n = 10; n < 24; n++) {
      const text = original({ slug: `note-${n}`, category: 'policy-watch', organizations: null }, '');
      await dossier.take(`note-${n}`, { 'en.md': text });
    }
    await until(async () => (await at('/')).text.includes('Policy Watch'));
    for (const path of [
      '/',
      '/pricing',
      '/pricing?per=year',
      '/briefings/a-signal',
      '/es/briefings/a-signal',
      '/categories/policy-watch',
      '/categories/policy-watch?page=2',
    ])
      expect([path, (await at(path)).status]).toEqual([path, 200]);
  });

  test.each([
    ['/?utm_source=letter&utm_medium=email', '/'],
    ['/?page=9', '/'],
    ['/?page=%zz&x=50%off', '/'],
    ['/?', '/'],
    ['/?%', '/'],
    ['/#news', '/'],
    ['/?=&&==', '/'],
    ['/?MANY', '/'],
    ['/briefings/a-signal?fbclid=IwAR0&gclid=x', '/briefings/a-signal'],
    ['/es/briefings/a-signal?page=2', '/es/briefings/a-signal'],
    ['/categories/policy-watch?page=1', '/categories/policy-watch'],
    ['/categories/policy-watch?PAGE=2', '/categories/policy-watch'],
    ['/categories/policy-watch?page[]=2', '/categories/policy-watch'],
    ['/categories/policy-watch?page=2&utm_source=x', '/categories/policy-watch?page=2'],
    ['/categories/policy-watch?utm_source=x&page=2', '/categories/policy-watch?page=2'],
    ['/categories/policy-watch?%70age=%32', '/categories/policy-watch?page=2'],
    ['/categories/policy-watch?&&page=2&', '/categories/policy-watch?page=2'],
    ['/pricing?per=month', '/pricing'],
    ['/pricing?page=2&per=ye%61r#top', '/pricing?per=year'],
    ['http://dossier.example/pricing?x=1', '/pricing'],
    ['HTTPS://dossier.example', '/'],
    ['http://dossier.example?x=1', '/'],
  ])('%s is served as %s, without the database', async (asked, plain) => {
    const known = await at(plain);
    const spy = jest.spyOn(dossier.stores.pool, 'connect');
    try {
      const whole = asked.replace('MANY', 'a&'.repeat(7_000));
      expect((await target(whole, [`If-None-Match: ${known.headers.get('etag')!}`])).status).toBe(304);
      expect(spy).not.toHaveBeenCalled();
    } finally {
      spy.mockRestore();
    }
  });

  test.each([
    ['/categories/policy-watch?page=', 400],
    ['/categories/policy-watch?page=0', 400],
    ['/categories/policy-watch?page=02', 400],
    ['/categories/policy-watch?page=+2', 400],
    ['/categories/policy-watch?page=2&page=2', 400],
    ['/categories/policy-watch?page=2&p%61ge=3', 400],
    ['/categories/policy-watch?page=99999', 404],
    ['/categories/policy-watch?page=%EF%BC%92', 400],
    ['/pricing?per=week', 400],
    ['/pricing?per=year&per=year', 400],
    ['/?x=%00', 400],
    ['/%00', 400],
    ['/briefings/%zz', 400],
    ['/briefings/%E0%A4%A', 400],
    ['briefings/a-signal', 400],
    ['*', 400],
    ['ftp://x/', 400],
  ])('%s is refused: %d', async (asked, status) => {
    expect((await target(asked)).status).toBe(status);
  });

  test.each([
    ['/Briefings/%41-sign%61l?x=1', '/briefings/a-signal?x=1'],
    ['//briefings///a%2Dsignal/', '/briefings/a-signal'],
    ['/categories/policy%5Fwatch', '/categories/policy_watch'],
    ['http://dossier.example/PRICING', '/pricing'],
  ])('%s leads to %s', async (asked, location) => {
    expect(await target(asked)).toEqual({ status: 301, location });
  });

  test('addresses that somebody invents keep nothing and push nothing out', async () => {
    const keep = jest.spyOn(PageCache.prototype, 'put');
    try {
      const invented = Array.from({ length: 60 }, (_, n) => [
        `/?page=${n}`,
        `/pricing?x=${n}`,
        `/categories/policy-watch?page=${n + 100}`,
        `/briefings/none-${n}`,
        `/briefings/a-signal?${n}`,
      ]).flat();
      await Promise.all(invented.map((path) => target(path)));
      expect(keep).not.toHaveBeenCalled();
    } finally {
      keep.mockRestore();
    }
  });

  test.each([
    'Host: other.example',
    'hOST: x',
    'Authorization: Bearer a\r\nAuthorization: Bearer b',
    'Content-Type: text/plain\r\ncontent-type: text/html',
  ])('a header that there is once is not given twice: %j', async (header) => {
    expect(await target('/', [header])).toEqual({ status: 400, location: null });
  });
});

describe('a copy that may have missed a change', () => {
  const store = new PageCache(() => heard);
  let heard = true;
  const name = (path: string, audience: CacheAudience = 'visitor') => ({
    path,
    key: path,
    known: NO_PARAMETERS,
    audience,
  });
  const page = (html: string) => buildCachedPage(html, {});
  const text = (found: CachedPage | null) => found?.plain.toString();

  test('is stale, stays as the last good one, and is made anew without anybody asking for it', async () => {
    const begun = store.generationNow();
    const again = (html: string | null) => Promise.resolve(html === null ? null : page(html));
    store.put(name('/changed'), page('old'), begun, () => again('new'));
    store.put(name('/gone'), page('old'), begun, () => again(null));
    store.put(name('/refused'), page('old'), begun, () => Promise.reject(new Failure(404, 'not there')));
    store.put(name('/away'), page('old'), begun, () =>
      Promise.reject(Object.assign(new Error(), { code: 'ECONNREFUSED' })),
    );
    store.put(name('/member', 'member 10'), page('old'), begun, () => again('new'));
    const all = ['/changed', '/gone', '/refused', '/away'];
    store.missed();
    expect(all.map((path) => [store.find(path, 'visitor'), text(store.getStale(path, 'visitor'))])).toEqual(
      all.map(() => [null, 'old']),
    );
    expect(store.find('/member', 'member 10')).toBeNull();
    await until(() => store.getStale('/refused', 'visitor') === null);
    expect(all.map((path) => [text(store.find(path, 'visitor')), text(store.getStale(path, 'visitor'))])).toEqual([
      ['new', 'new'],
      [undefined, undefined],
      [undefined, undefined],
      [undefined, 'old'],
    ]);
  });

  test('is not kept when it was begun before; a change that is heard leaves no copy at all', () => {
    const begun = store.generationNow();
    store.missed();
    store.put(name('/late'), page('old'), begun);
    expect(store.getStale('/late', 'visitor')).toBeNull();
    store.put(name('/late'), page('now'), store.generationNow());
    heard = false;
    expect([store.find('/late', 'visitor'), text(store.getStale('/late', 'unverified'))]).toEqual([null, 'now']);
    heard = true;
    expect(text(store.find('/late', 'visitor'))).toBe('now');
    store.invalidate();
    expect(store.getStale('/late', 'visitor')).toBeNull();
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
