import { Client } from 'pg';
import { accountsViewer } from '../../src/access/viewer';
import { hashOfApiToken } from '../../src/accounts/credentials/api-tokens';
import { ask, briefingIn, problemIn, type Asked } from '../support/api';
import { original, SPANISH } from '../support/briefing';
import { CAST, enter, enterAll, tokenFor, type Member, type Name } from '../support/cast';
import { withDatabase } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';
import { until } from '../support/until';

let dossier: Dossier;
let cast: Record<Name, Member>;
let tokens: Record<keyof typeof CAST, string>;
const names = Object.keys(CAST) as (keyof typeof CAST)[];

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[an-older-name]' }), 'es.md': SPANISH });
  cast = await enterAll(dossier);
  tokens = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await tokenFor(dossier, cast[name].id!)])),
  ) as typeof tokens;
});
afterAll(() => dossier.stop());

const ONE = '/api/v1/briefings/a-signal';
const at = (path: string, init?: Parameters<typeof ask>[1]) => ask(`${dossier.url}${path}`, init);

const CIRCLE = ['trend/trend', 'organization/one-org'];
const ALLIANCE = ['evidence/a-tie', 'failure-path/a-break', 'source-note/first'];
const due = (rank: number) => [...(rank >= 10 ? CIRCLE : []), ...(rank >= 20 ? ALLIANCE : [])];
const opened = (asked: Asked) => briefingIn(asked).passages.map(({ kind, key }) => `${kind}/${key}`);
const gated = (text: string) => text.match(/GATED [\w ]+/g) ?? [];

describe('each of the cast, by their token,', () => {
  test.each(names)('%s reads exactly as far as their grants go, and the rest is counted', async (name) => {
    const asked = await at(ONE, { token: tokens[name] });
    if (name === 'suspended') {
      expect([asked.status, gated(asked.text)]).toEqual([401, []]);
      return;
    }
    expect([asked.status, opened(asked)]).toEqual([200, due(CAST[name].rank)]);
    expect(gated(asked.text)).toHaveLength(due(CAST[name].rank).length);
    expect(briefingIn(asked).gates.reduce((sum, { count }) => sum + count, 0)).toBe(5 - due(CAST[name].rank).length);
    expect([asked.headers.get('cache-control'), asked.headers.get('vary')]).toEqual([
      'private, no-store',
      expect.stringContaining('Authorization'),
    ]);
  });

  test('nobody meets an answer made for another, whatever the order', async () => {
    for (const name of ['alliance', null, 'circle', null, 'alliance', 'stranger'] as const) {
      const asked = await at(ONE, name ? { token: tokens[name] } : {});
      expect([name, opened(asked)]).toEqual([name, due(name ? CAST[name].rank : 0)]);
    }
  });

  test("a member's validator opens nothing and confirms nothing to a visitor", async () => {
    const etag = (await at(ONE, { token: tokens.alliance })).headers.get('etag')!;
    const asked = await at(ONE, { headers: { 'If-None-Match': etag } });
    expect([asked.status, gated(asked.text)]).toEqual([200, []]);
    expect((await at(ONE, { token: tokens.alliance, headers: { 'If-None-Match': etag } })).status).toBe(304);
  });
});

describe('without a token', () => {
  test('a visitor is answered, in public', async () => {
    const asked = await at(ONE);
    expect([asked.status, opened(asked), gated(asked.text)]).toEqual([200, [], []]);
    expect([
      asked.headers.get('cache-control'),
      asked.headers.get('set-cookie'),
      asked.headers.get('access-control-allow-origin'),
    ]).toEqual(['public, no-cache', null, null]);
    for (const key of ['a-tie', 'a-break']) expect(asked.text).not.toContain(key);
  });

  test.each(['alliance', 'editor', 'admin'] as const)(
    'the cookie of %s proves nothing, and is left alone',
    async (name) => {
      const asked = await at(ONE, { headers: cast[name].headers });
      expect([asked.status, opened(asked), asked.headers.get('set-cookie')]).toEqual([200, [], null]);
      expect(asked.text).toBe((await at(ONE)).text);
    },
  );

  test('the cookie adds nothing to a token', async () => {
    expect(opened(await at(ONE, { token: tokens.circle, headers: cast.alliance.headers }))).toEqual(CIRCLE);
  });
});

describe('a header that proves nobody is 401, never a visitor:', () => {
  const unknown = `dos_${'A'.repeat(43)}`;
  test.each<[string, string]>([
    ['an unknown token', `Bearer ${unknown}`],
    ['one cut short', `Bearer ${unknown.slice(0, -1)}`],
    ['one too long', `Bearer ${unknown}A`],
    ['another alphabet', `Bearer dos_${'/'.repeat(43)}`],
    ['no token', 'Bearer'],
    ['an empty header', ''],
    ['two words', `Bearer ${unknown} ${unknown}`],
    ['another scheme', 'Basic ZG9zOmRvcw=='],
    ['a token without a scheme', unknown],
    ['the hash of a token', `Bearer ${'0'.repeat(64)}`],
    ['an injected one', "Bearer ' OR 1=1 --"],
  ])('%s', async (_name, authorization) => {
    for (const path of [ONE, '/api/v1/briefings', '/api/v1/briefings/nothing', '/api/v1/briefings/a_b']) {
      const asked = await at(path, { headers: { Authorization: authorization } });
      expect([path, asked.status]).toEqual([path, 401]);
      expect(asked.headers.get('www-authenticate')).toMatch(/^Bearer realm="api", error="invalid_token"$/);
      expect(asked.headers.get('content-type')).toBe('application/problem+json');
      expect(asked.headers.get('cache-control')).toBe('no-store');
      expect(gated(asked.text)).toEqual([]);
    }
  });

  test('a real one in a wrong place is no better', async () => {
    expect((await at(`${ONE}?access_token=${tokens.alliance}`)).status).toBe(400);
    expect((await at(ONE, { headers: { Authorization: tokens.alliance } })).status).toBe(401);
    expect(opened(await at(ONE, { headers: { 'X-Api-Key': tokens.alliance } }))).toEqual([]);
    const inLowerCase = await at(ONE, { headers: { Authorization: `bearer ${tokens.alliance}` } });
    expect(opened(inLowerCase)).toEqual(due(20));
  });

  test('what Postgres keeps of a token opens nothing', async () => {
    const { rows } = await (async () => {
      const owner = new Client({ connectionString: dossier.urls.superuser });
      await owner.connect();
      try {
        return await owner.query<{ whole: string; hash: string }>(
          'SELECT api_tokens::text AS whole, hash FROM api_tokens',
        );
      } finally {
        await owner.end();
      }
    })();
    expect(rows.length).toBeGreaterThanOrEqual(names.length);
    for (const token of Object.values(tokens)) {
      expect(rows.filter(({ whole }) => whole.includes(token.slice(4)))).toEqual([]);
      expect(rows.map(({ hash }) => hash)).toContain(hashOfApiToken(token));
    }
    expect((await at(ONE, { headers: { Authorization: `Bearer ${rows[0]!.hash}` } })).status).toBe(401);
  });
});

test.each([[[]], [['briefings:write']], [['briefings']], [['briefings:read:x', 'BRIEFINGS:READ']]])(
  'a token with the scopes %j may not read: 403, with the scope it lacks',
  async (scopes) => {
    const token = await tokenFor(dossier, cast.alliance.id!, scopes);
    for (const path of [ONE, '/api/v1/briefings']) {
      const asked = await at(path, { token });
      expect([asked.status, asked.headers.get('www-authenticate'), gated(asked.text)]).toEqual([
        403,
        'Bearer realm="api", error="insufficient_scope", scope="briefings:read"',
        [],
      ]);
      expect(problemIn(asked).detail).toContain('briefings:read');
    }
  },
);

describe('on the next request, in every process,', () => {
  let second: Dossier;
  beforeAll(async () => {
    second = await startDossier({ on: dossier.urls });
  });
  afterAll(() => second.stop());

  const both = (token: string) =>
    Promise.all(
      [dossier, second].map(async ({ url }) => {
        const asked = await ask(`${url}${ONE}`, { token });
        return asked.status === 200 ? opened(asked).length : asked.status;
      }),
    );

  test.each<[string, (id: string) => Promise<unknown>, number]>([
    [
      'a revoked token is refused',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.apiToken.updateMany({ where: { accountId }, data: { revokedAt: new Date() } }),
        ),
      401,
    ],
    [
      'a deleted token is refused',
      (accountId) => dossier.wall.write(accountsViewer, (db) => db.apiToken.deleteMany({ where: { accountId } })),
      401,
    ],
    [
      'a suspended account is refused',
      (id) =>
        dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { state: 'suspended' } })),
      401,
    ],
    [
      'another role, even a higher one, ends what was made before',
      (id) =>
        dossier.wall.write(accountsViewer, (db) => db.account.update({ where: { id }, data: { role: 'editor' } })),
      401,
    ],
    [
      'a deleted account is refused',
      (id) => dossier.wall.write(accountsViewer, (db) => db.account.delete({ where: { id } })),
      401,
    ],
    [
      'a new grant is in force',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.grant.create({ data: { accountId, tierSlug: 'leadership-alliance', source: 'COMP', from: new Date() } }),
        ),
      5,
    ],
    [
      'a revoked grant is not',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.grant.updateMany({ where: { accountId }, data: { revokedAt: new Date(Date.now() - 1_000) } }),
        ),
      0,
    ],
    [
      'a log-out changes nothing for a program',
      (accountId) =>
        dossier.wall.write(accountsViewer, (db) =>
          db.login.updateMany({ where: { accountId }, data: { endedAt: new Date() } }),
        ),
      2,
    ],
  ])('%s', async (_name, change, after) => {
    const who = await enter(dossier, 'circle');
    const token = await tokenFor(dossier, who.id!);
    expect(await both(token)).toEqual([2, 2]);
    await change(who.id!);
    await until(async () => JSON.stringify(await both(token)) === JSON.stringify([after, after]), 1_000);
  });

  test('a token is known the moment it is made, also of an account that is remembered', async () => {
    const who = await enter(dossier, 'circle');
    await both(await tokenFor(dossier, who.id!));
    for (let n = 0; n < 5; n++) expect(await both(await tokenFor(dossier, who.id!))).toEqual([2, 2]);
  });
});

test("one revoked token leaves the account's others as they are", async () => {
  const who = await enter(dossier, 'circle');
  const [one, other] = [await tokenFor(dossier, who.id!), await tokenFor(dossier, who.id!)];
  await dossier.wall.write(accountsViewer, (db) =>
    db.apiToken.update({ where: { hash: hashOfApiToken(one)! }, data: { revokedAt: new Date() } }),
  );
  await until(async () => (await at(ONE, { token: one })).status === 401);
  expect(opened(await at(ONE, { token: other }))).toEqual(CIRCLE);
});

describe('when a token was last used', () => {
  const lastUse = async (token: string) =>
    (
      await dossier.wall.read(accountsViewer, (db) =>
        db.apiToken.findUniqueOrThrow({ where: { hash: hashOfApiToken(token)! } }),
      )
    ).lastUsedAt;

  test('is noted, and not again within five minutes', async () => {
    const token = await tokenFor(dossier, cast.circle.id!);
    expect(await lastUse(token)).toBeNull();
    await at(ONE, { token });
    await until(async () => (await lastUse(token)) !== null);
    const first = await lastUse(token);
    const spy = jest.spyOn(dossier.wall, 'write');
    await at(ONE, { token });
    expect(spy).not.toHaveBeenCalled();
    spy.mockRestore();
    expect(await lastUse(token)).toEqual(first);
  });

  test('is noted again later, and never for a use that was refused', async () => {
    let now = new Date();
    const later = await startDossier({ on: dossier.urls, clock: { now: () => now } });
    try {
      const [token, wrong] = [await tokenFor(dossier, cast.circle.id!), await tokenFor(dossier, cast.circle.id!, [])];
      await ask(`${later.url}${ONE}`, { token });
      await until(async () => (await lastUse(token))?.getTime() === now.getTime());
      now = new Date(now.getTime() + 300_001);
      expect((await ask(`${later.url}${ONE}`, { token: wrong })).status).toBe(403);
      await ask(`${later.url}${ONE}`, { token });
      await until(async () => (await lastUse(token))?.getTime() === now.getTime());
      expect(await lastUse(wrong)).toBeNull();
    } finally {
      await later.stop();
    }
  });
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

  test('a token, known or not, and none are all 503; the description stands; everything is back by itself', async () => {
    await at(ONE, { token: tokens.alliance });
    await asSuperuser(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS false`);
    await asSuperuser(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${name()}'`);
    await until(async () => (await fetch(`${dossier.url}/readyz`)).status === 503);
    for (const init of [{ token: tokens.alliance }, { token: `dos_${'B'.repeat(43)}` }, {}]) {
      for (const path of [ONE, '/api/v1/briefings']) {
        const asked = await at(path, init);
        expect([
          path,
          asked.status,
          asked.headers.get('retry-after'),
          asked.headers.get('cache-control'),
          asked.headers.get('content-type'),
        ]).toEqual([path, 503, '10', 'no-store', 'application/problem+json']);
        expect(asked.text).not.toMatch(/ECONN|postgres|prisma|GATED|\.ts/i);
      }
    }
    expect((await at(ONE, { headers: { Authorization: 'Bearer nonsense' } })).status).toBe(401);
    expect((await at('/api/openapi.json')).status).toBe(200);
    await asSuperuser(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`);
    await until(async () => (await at(ONE, { token: tokens.alliance })).status === 200, 10_000);
  });
});

test('no token, and no part of one, was ever logged', () => {
  expect([dossier.logged.length > 0, Object.values(tokens).length > 2]).toEqual([true, true]);
  const logged = JSON.stringify(dossier.logged);
  for (const token of Object.values(tokens)) expect(logged).not.toContain(token.slice(4, 20));
});
