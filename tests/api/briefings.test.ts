import { ask, briefingIn, listIn, problemIn } from '../support/api';
import { original, SPANISH } from '../support/briefing';
import { enter, tokenFor, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';
import { PNG } from '../support/pictures';

let dossier: Dossier;
let alliance: Member;
let token: string;
const at = (path: string, init?: Parameters<typeof ask>[1]) => ask(`${dossier.url}${path}`, init);
const plain = (slug: string, changes: Record<string, string | null> = {}) =>
  original({ slug, organizations: null, ...changes }, '');

beforeAll(async () => {
  dossier = await startDossier();
  const covered = original({
    updated: '2024-05-21T09:00:00Z',
    formerly: '[an-older-name]',
    cover: 'cover.png',
  }).replace('title: A', 'cover-alt: A grey point.\ntitle: A');
  await dossier.take('a-signal', { 'en.md': covered, 'es.md': SPANISH, 'cover.png': PNG });
  await dossier.take('only-spanish', {
    'es.md': plain('only-spanish', { published: '2024-03-01T00:00:00Z', confidence: '0.07', impact: 'low' }).replace(
      'A signal in English',
      'Solo en español',
    ),
  });
  await dossier.take('a-draft', {
    'en.md': original({ slug: 'a-draft', state: 'draft', published: null, formerly: '[a-draft-before]' }),
  });
  await dossier.take('tomorrow', { 'en.md': plain('tomorrow', { published: '2999-01-01T00:00:00Z' }) });
  for (let n = 10; n < 31; n++)
    await dossier.take(`note-${n}`, {
      'en.md': plain(`note-${n}`, {
        category: 'policy-watch',
        type: 'policy',
        published: `2023-01-${n}T00:00:00Z`,
      }).replace('A signal in English', `Note ${n}`),
    });
  alliance = await enter(dossier, 'alliance');
  token = await tokenFor(dossier, alliance.id!);
});
afterAll(() => dossier.stop());

const en = (text: string) => ({ text, language: 'en' });

describe('one briefing', () => {
  test('holds every public part, each with the language it is in, and the gates', async () => {
    const { more, ...rest } = briefingIn(await at('/api/v1/briefings/a-signal'));
    expect(rest).toEqual({
      slug: 'a-signal',
      authors: [],
      url: `${dossier.url}/briefings/a-signal`,
      self: `${dossier.url}/api/v1/briefings/a-signal`,
      original: 'en',
      languages: ['en', 'es'],
      type: 'signal',
      category: { slug: 'cloud-service', name: en('Cloud Service') },
      domain: 'technology',
      title: en('A signal in English'),
      summary: en('A summary in English.'),
      lead: en('A lead in English.'),
      body: { markdown: 'The open body.', language: 'en', pictures: [] },
      cover: {
        url: expect.stringMatching(new RegExp(`^${dossier.url}/pictures/[0-9a-f]{64}\\.png$`)),
        width: 1,
        height: 1,
        alt: en('A grey point.'),
      },
      published: '2024-02-27T09:00:00.000Z',
      updated: '2024-05-21T09:00:00.000Z',
      confidence: { score: 0.94, grade: 'A' },
      impact: 'high',
      relevance: 'medium',
      horizon: 'longer',
      classification: {
        category: { label: en('Cloud Service'), explanation: en('Why this category.') },
        type: { label: en('Signal Briefing'), explanation: en('Why this type.') },
        domain: { label: en('Technology'), explanation: en('Why this domain.') },
        topic: { label: en('A topic'), explanation: en('Why this topic.') },
        impact: { label: en('High'), explanation: en('Why this impact.') },
      },
      facts: {
        signal: en('The signal'),
        signalType: en('The kind of signal'),
        region: en('Somewhere'),
        marketClass: en('Cloud'),
      },
      marketContext: { items: ['A sentence of context.'], language: 'en' },
      operatingSurface: { items: ['A surface'], language: 'en' },
      whatToWatch: { items: ['A thing to watch'], language: 'en' },
      sources: [
        {
          key: 'first',
          title: en('The first source'),
          url: 'https://example.org/first',
          description: en('What the first source says.'),
          risk: 'low',
        },
        {
          key: 'second',
          title: en('The second source'),
          url: 'https://example.org/second',
          description: null,
          risk: 'medium',
        },
      ],
      organizations: [{ key: 'one-org', name: 'One Org', url: 'https://example.org' }],
      passages: [],
      gates: [
        { kind: 'trend', tier: 'strategy-circle', count: 1, opens: null },
        { kind: 'organization', tier: 'strategy-circle', count: 1, opens: null },
        { kind: 'evidence', tier: 'leadership-alliance', count: 1, opens: null },
        { kind: 'failure-path', tier: 'leadership-alliance', count: 1, opens: null },
        { kind: 'source-note', tier: 'leadership-alliance', count: 1, opens: null },
      ],
    });
    expect(more.map(({ slug }) => slug)).toEqual(['only-spanish']);
    expect((await fetch(rest.cover!.url)).status).toBe(200);
  });

  test('holds what a token opens, each text with what it is about', async () => {
    const { passages, gates } = briefingIn(await at('/api/v1/briefings/a-signal', { token }));
    expect(passages).toEqual([
      {
        kind: 'trend',
        key: 'trend',
        tier: 'strategy-circle',
        markdown: 'GATED trend text.',
        language: 'en',
        pictures: [],
        subject: null,
      },
      {
        kind: 'organization',
        key: 'one-org',
        tier: 'strategy-circle',
        markdown: 'GATED organization note.',
        language: 'en',
        pictures: [],
        subject: { of: 'organization', key: 'one-org', name: 'One Org' },
      },
      {
        kind: 'evidence',
        key: 'a-tie',
        tier: 'leadership-alliance',
        markdown: 'GATED evidence text.',
        language: 'en',
        pictures: [],
        subject: null,
      },
      {
        kind: 'failure-path',
        key: 'a-break',
        tier: 'leadership-alliance',
        markdown: 'GATED failure path text.',
        language: 'en',
        pictures: [],
        subject: null,
      },
      {
        kind: 'source-note',
        key: 'first',
        tier: 'leadership-alliance',
        markdown: 'GATED source note text.',
        language: 'en',
        pictures: [],
        subject: { of: 'source', key: 'first', name: 'The first source' },
      },
    ]);
    expect(gates).toEqual([]);
  });

  test('falls back field by field in another language, which only the address can ask for', async () => {
    const asked = await at('/api/v1/briefings/a-signal?language=es', { token });
    const read = briefingIn(asked);
    expect([read.title, read.lead, read.body]).toEqual([
      { text: 'Una señal en español', language: 'es' },
      en('A lead in English.'),
      { markdown: 'El cuerpo abierto.', language: 'es', pictures: [] },
    ]);
    expect(read.passages.map(({ language }) => language)).toEqual(['es', 'en', 'en', 'en', 'en']);
    expect([read.url, read.self]).toEqual([
      `${dossier.url}/es/briefings/a-signal`,
      `${dossier.url}/api/v1/briefings/a-signal?language=es`,
    ]);
    expect((await at('/api/v1/briefings/a-signal', { headers: { 'Accept-Language': 'es' } })).text).toBe(
      (await at('/api/v1/briefings/a-signal')).text,
    );
  });

  test.each([
    ['an-older-name', ''],
    ['an-older-name', '?language=es'],
  ])('the former slug %s%s leads to the one address, by token and without', async (slug, query) => {
    for (const init of [{}, { token }]) {
      const asked = await at(`/api/v1/briefings/${slug}${query}`, init);
      expect([asked.status, asked.headers.get('location'), asked.text]).toEqual([
        301,
        `${dossier.url}/api/v1/briefings/a-signal${query}`,
        '',
      ]);
      expect(asked.headers.get('cache-control')).toBe(init.token ? 'private, no-store' : 'public, no-cache');
    }
  });

  test('a passage stricter than its kind is counted at its own tier', async () => {
    await dossier.take('stricter', {
      'en.md': original(
        { slug: 'stricter', organizations: null, stricter: '\n    trend/trend: leadership-alliance' },
        '\n::: trend\nGATED stricter text.\n:::\n',
      ),
    });
    const circle = await tokenFor(dossier, (await enter(dossier, 'circle')).id!);
    const asked = await at('/api/v1/briefings/stricter', { token: circle });
    expect([briefingIn(asked).passages, briefingIn(asked).gates]).toEqual([
      [],
      [{ kind: 'trend', tier: 'leadership-alliance', count: 1, opens: null }],
    ]);
    expect(briefingIn(await at('/api/v1/briefings/stricter', { token })).passages).toMatchObject([
      { kind: 'trend', tier: 'leadership-alliance' },
    ]);
    await dossier.take('stricter', { 'en.md': plain('stricter', { state: 'draft' }) });
  });

  test('two briefings that differ in gated text alone are the same to whoever may not read it, byte for byte', async () => {
    const before = await at('/api/v1/briefings/a-signal');
    const changed = original({ updated: '2024-05-21T09:00:00Z', formerly: '[an-older-name]', cover: 'cover.png' })
      .replace('title: A', 'cover-alt: A grey point.\ntitle: A')
      .replaceAll('GATED', 'GATED and quite another');
    await dossier.take('a-signal', { 'en.md': changed, 'es.md': SPANISH, 'cover.png': PNG });
    const after = await at('/api/v1/briefings/a-signal');
    expect([after.text, after.headers.get('etag')]).toEqual([before.text, before.headers.get('etag')]);
    expect((await at('/api/v1/briefings/a-signal', { token })).text).toContain('GATED and quite another');
  });
});

describe('the list', () => {
  test('holds what is published, newest first, each with its addresses', async () => {
    const asked = await at('/api/v1/briefings');
    const read = listIn(asked);
    expect([read.page, read.pages, read.total, read.items.length]).toEqual([1, 2, 23, 20]);
    expect(read.items.slice(0, 3).map(({ slug }) => slug)).toEqual(['only-spanish', 'a-signal', 'note-30']);
    expect(read.items[1]).toEqual({
      slug: 'a-signal',
      title: en('A signal in English'),
      summary: en('A summary in English.'),
      type: 'signal',
      category: { slug: 'cloud-service', name: en('Cloud Service') },
      published: '2024-02-27T09:00:00.000Z',
      updated: '2024-05-21T09:00:00.000Z',
      confidence: { score: 0.94, grade: 'A' },
      impact: 'high',
      url: `${dossier.url}/briefings/a-signal`,
      self: `${dossier.url}/api/v1/briefings/a-signal`,
    });
    expect(read.items[0]).toMatchObject({
      title: { text: 'Solo en español', language: 'es' },
      confidence: { score: 0.07, grade: 'D' },
    });
    for (const hidden of ['GATED', 'a-draft', 'tomorrow']) expect(asked.text).not.toContain(hidden);
    expect((await at('/api/v1/briefings', { token })).text).toBe(asked.text);
    for (const { url, self } of read.items.slice(0, 2))
      expect([(await fetch(url)).status, (await fetch(self)).status]).toEqual([200, 200]);
  });

  test('is turned by its Link header, which keeps what narrows it', async () => {
    const links = async (path: string) => (await at(path)).headers.get('link');
    expect(await links('/api/v1/briefings')).toBe(`<${dossier.url}/api/v1/briefings?page=2>; rel="next"`);
    expect(await links('/api/v1/briefings?page=2')).toBe(`<${dossier.url}/api/v1/briefings?page=1>; rel="prev"`);
    const narrowed = '/api/v1/briefings?category=policy-watch&type=policy&impact=high&language=es';
    expect(await links(narrowed)).toBe(`<${dossier.url}${narrowed}&page=2>; rel="next"`);
    expect(listIn(await at(`${narrowed}&page=2`))).toMatchObject({
      page: 2,
      pages: 2,
      total: 21,
      items: [{ slug: 'note-10', category: { name: { text: 'Policy Watch', language: 'en' } } }],
    });
    expect(await links('/api/v1/briefings?impact=low')).toBeNull();
  });

  test.each([
    ['category=cloud-service', ['only-spanish', 'a-signal']],
    ['impact=low', ['only-spanish']],
    ['type=signal&impact=high', ['a-signal']],
    ['type=risk', []],
    ['category=cloud-service&type=policy', []],
  ])('is narrowed by %s', async (query, slugs) => {
    const read = listIn(await at(`/api/v1/briefings?${query}`));
    expect([read.items.map(({ slug }) => slug), read.total, read.pages]).toEqual([slugs, slugs.length, 1]);
  });

  test('says what it has in the language asked for', async () => {
    const [first, second] = listIn(await at('/api/v1/briefings?language=es')).items;
    expect([first!.title.language, second!.title]).toEqual(['es', { text: 'Una señal en español', language: 'es' }]);
    expect([second!.url, second!.self]).toEqual([
      `${dossier.url}/es/briefings/a-signal`,
      `${dossier.url}/api/v1/briefings/a-signal?language=es`,
    ]);
  });
});

describe('what is wrong in a request is named:', () => {
  test.each([
    ['/api/v1/briefings?page=0', ['page']],
    ['/api/v1/briefings?page=x', ['page']],
    ['/api/v1/briefings?page=-1', ['page']],
    ['/api/v1/briefings?page=1e1', ['page']],
    ['/api/v1/briefings?page=', ['page']],
    ['/api/v1/briefings?page=100000', ['page']],
    ['/api/v1/briefings?page=1&page=2', ['page']],
    ['/api/v1/briefings?type=signal&type=signal', ['type']],
    ['/api/v1/briefings?type=gossip', ['type']],
    ['/api/v1/briefings?impact=HIGH', ['impact']],
    ['/api/v1/briefings?language=fr', ['language']],
    ['/api/v1/briefings?category=no-such', ['category']],
    ['/api/v1/briefings?category=A%20B', ['category']],
    ['/api/v1/briefings?impact=x&page=x', ['impact', 'page']],
    ['/api/v1/briefings?state=draft', ['state']],
    ['/api/v1/briefings?rank=1000', ['rank']],
    ['/api/v1/briefings?__proto__=1', ['__proto__']],
    ['/api/v1/briefings?constructor=1', ['constructor']],
    ['/api/v1/briefings?page[gt]=1', ['page[gt]']],
    ['/api/v1/briefings/a-signal?tier=public', ['tier']],
    ['/api/v1/briefings/a-signal?language=', ['language']],
    ['/api/v1/briefings/a-signal?language=es&language=en', ['language']],
    ['/api/openapi.json?x=1', ['x']],
  ])('%s', async (path, names) => {
    const asked = await at(path, path.includes('openapi') ? {} : { token });
    expect([asked.status, asked.headers.get('content-type'), asked.headers.get('cache-control')]).toEqual([
      400,
      'application/problem+json',
      'no-store',
    ]);
    expect(problemIn(asked)).toMatchObject({ type: 'about:blank', title: 'Bad Request', status: 400 });
    expect(
      problemIn(asked)
        .parameters!.map(({ name }) => name)
        .sort(),
    ).toEqual(names);
    for (const name of names) expect(problemIn(asked).detail).toContain(`"${name}"`);
    expect(asked.text).not.toContain('GATED');
  });

  test('a repeated parameter is told so, a word outside its set is told the set', async () => {
    expect(problemIn(await at('/api/v1/briefings?page=1&page=2')).parameters).toEqual([
      { name: 'page', reason: 'must be given once' },
    ]);
    expect(problemIn(await at('/api/v1/briefings?impact=x')).parameters).toEqual([
      { name: 'impact', reason: 'must be one of: low, medium, high' },
    ]);
  });

  test('an address that cannot be decoded', async () => {
    const asked = await at('/api/v1/briefings/%E0%A4%A');
    expect([asked.status, asked.headers.get('content-type')]).toEqual([400, 'application/problem+json']);
  });
});

describe('what is not there', () => {
  test.each([
    '/api',
    '/api/v1',
    '/api/v2/briefings',
    '/api/v1/accounts',
    '/api/v1/briefings/a-draft',
    '/api/v1/briefings/a-draft-before',
    '/api/v1/briefings/tomorrow',
    '/api/v1/briefings/nothing',
    '/api/v1/briefings/a_b',
    '/api/v1/briefings/..%2f..%2fetc',
    '/api/v1/briefings/a-signal/passages',
    '/api/v1/briefings/a-signal.json',
    '/api/v1/briefings?page=3',
    '/es/api/v1/briefings',
  ])('%s', async (path) => {
    for (const init of [{}, { token }]) {
      const asked = await at(path, init);
      expect(asked.status).toBe(404);
      expect(asked.headers.get('cache-control')).toBe('no-store');
      if (!path.startsWith('/es'))
        expect(problemIn(asked)).toEqual({
          type: 'about:blank',
          title: 'Not Found',
          status: 404,
          detail: 'There is nothing at this address.',
        });
      expect(asked.text).not.toMatch(/GATED|node_modules|\.ts/);
    }
  });

  test('a draft cannot be told from nothing, whoever asks', async () => {
    const editor = await tokenFor(dossier, (await enter(dossier, 'editor')).id!);
    for (const init of [{}, { token }, { token: editor }]) {
      const [draft, nothing] = [
        await at('/api/v1/briefings/a-draft', init),
        await at('/api/v1/briefings/no-draft', init),
      ];
      expect([draft.status, draft.text]).toEqual([nothing.status, nothing.text]);
    }
  });
});

describe('an answer', () => {
  const ALL = ['/api/v1/briefings', '/api/v1/briefings/a-signal', '/api/openapi.json'];

  test.each(ALL)('%s is 304 to whoever has it, and has no body for HEAD', async (path) => {
    for (const init of [{}, { token }]) {
      const whole = await at(path, init);
      const etag = whole.headers.get('etag')!;
      expect([whole.status, whole.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
      const same = await at(path, { ...init, headers: { 'If-None-Match': etag } });
      expect([same.status, same.text, same.headers.get('etag'), same.headers.get('vary')]).toEqual([
        304,
        '',
        etag,
        whole.headers.get('vary'),
      ]);
      expect((await at(path, { ...init, headers: { 'If-None-Match': '"other"' } })).status).toBe(200);
      const head = await at(path, { ...init, method: 'HEAD', headers: { 'Accept-Encoding': 'identity' } });
      expect([head.status, head.text, head.headers.get('etag'), head.headers.get('content-length')]).toEqual([
        200,
        '',
        etag,
        String(Buffer.byteLength(whole.text)),
      ]);
    }
  });

  test.each(['/api/v1/briefings/nothing', '/api/v1/briefings?page=x', '/api/v1/briefings/a-signal?x=1'])(
    'HEAD of the refusal %s has no body either',
    async (path) => {
      const [head, whole] = [await at(path, { method: 'HEAD', token }), await at(path, { token })];
      expect([head.status, head.text]).toEqual([whole.status, '']);
    },
  );

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s is refused with what the address answers, and no other site is let in',
    async (method) => {
      for (const path of ALL) {
        const asked = await at(path, {
          method,
          token,
          headers: { Origin: 'https://evil.example', 'Access-Control-Request-Method': 'GET' },
        });
        expect([
          path,
          asked.status,
          asked.headers.get('allow'),
          asked.headers.get('access-control-allow-origin'),
        ]).toEqual([path, 405, 'GET, HEAD', null]);
        expect(problemIn(asked).status).toBe(405);
      }
    },
  );

  test.each([...ALL, '/api/v1/briefings/nothing'])(
    '%s carries the security headers and no trace of what serves it',
    async (path) => {
      const { headers } = await at(path, {
        headers: { Origin: 'https://evil.example', 'X-Forwarded-Host': 'evil.example' },
      });
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      for (const name of ['access-control-allow-origin', 'set-cookie', 'x-powered-by', 'server'])
        expect([name, headers.get(name)]).toEqual([name, null]);
      expect(
        (await at(path, { headers: { 'X-Forwarded-Host': 'evil.example', Host: 'evil.example' } })).text,
      ).not.toContain('evil.example');
    },
  );

  test.each([
    ['/API/v1/Briefings', '/api/v1/briefings'],
    ['/api/v1/briefings/', '/api/v1/briefings'],
    ['/api//v1/briefings/a-signal', '/api/v1/briefings/a-signal'],
  ])('%s leads to its one address', async (from, to) => {
    const asked = await at(from, { token });
    expect([asked.status, asked.headers.get('location')]).toEqual([301, to]);
  });
});

test('a failure of ours says nothing of the inside, and is logged', async () => {
  const spy = jest.spyOn(dossier.wall, 'read').mockRejectedValue(new Error('a secret of the inside'));
  const asked = await at('/api/v1/briefings');
  spy.mockRestore();
  expect([asked.status, asked.headers.get('content-type'), problemIn(asked)]).toEqual([
    500,
    'application/problem+json',
    { type: 'about:blank', title: 'Internal Server Error', status: 500, detail: 'Something failed here.' },
  ]);
  expect(JSON.stringify(dossier.logged)).toContain('a secret of the inside');
});
