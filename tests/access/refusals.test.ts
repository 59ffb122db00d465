import { listRoutes, type Route } from '../../src/leaks/routes';
import { makeApiToken } from '../../src/accounts/api-tokens';
import { registrar } from '../../src/access/viewer';
import { original, SPANISH } from '../support/briefing';
import { enterAll, logIn, type Member, type Name } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

/** What each route answers to each of the cast: one declared table, held against the router. */
let dossier: Dossier;
let cast: Record<Name, Member>;
let routes: Route[];

/** What is answered to whoever is logged in, and to whoever is not. */
interface Answers {
  readonly out: number;
  readonly in: number;
  /** To whoever has a role, and so a second factor; as to everybody logged in where it is not said. */
  readonly staff?: number;
}

interface Case {
  readonly path: string;
  readonly answers: Answers;
  /** Typed into the form of a request that may change something. */
  readonly form?: Readonly<Record<string, string>>;
}

const all = (status: number): Answers => ({ out: status, in: status });
/** Whoever is not logged in is led to the door. */
const owners = (status: number): Answers => ({ out: 303, in: status });
const one = (path: string, answers: Answers, form?: Case['form']): readonly Case[] => [{ path, answers, ...(form ? { form } : {}) }];

const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** Briefings that anybody may meet, that nobody may, and those that are not there: the last two are told alike. */
const briefings = (before: string): readonly Case[] => [
  ...one(`${before}a-signal`, all(200)), ...one(`${before}an-older-name`, all(301)),
  ...one(`${before}a-draft`, all(404)), ...one(`${before}a-draft-before`, all(404)), ...one(`${before}tomorrow`, all(404)), ...one(`${before}nobody-wrote-this`, all(404)),
];

const TABLE: Readonly<Record<string, readonly Case[]>> = {
  'GET /': one('/', all(200)),
  'GET /briefings/:slug': briefings('/briefings/'),
  'GET /categories/:slug': [...one('/categories/cloud-service', all(200)), ...one('/categories/none', all(404)), ...one('/categories/cloud-service?page=x', all(400))],
  'GET /pictures/:file': [...one('/pictures/x.png', all(404)), ...one(`/pictures/${'0'.repeat(64)}.png`, all(404))],
  'GET /api/v1/briefings': one('/api/v1/briefings', all(200)),
  'GET /api/v1/briefings/:slug': briefings('/api/v1/briefings/'),
  'GET /api/openapi.json': one('/api/openapi.json', all(200)),
  'USE /api': one('/api/v2', all(404)),
  'USE /assets/:fingerprint': [...one('/assets/x/site.css', all(200)), ...one('/assets/x/none.css', all(404))],
  'GET /healthz': one('/healthz', all(200)),
  'GET /readyz': one('/readyz', all(200)),
  'GET /dev/mail': one('/dev/mail', all(200)),
  'GET /dev/mail/:id': one(`/dev/mail/${NOBODYS}`, all(404)),
  'GET /login': one('/login', { out: 200, in: 303 }),
  'POST /login': [...one('/login', all(400)), ...one('/login', all(422), { email: '', password: '' })],
  'GET /login/second-factor': one('/login/second-factor', all(303)),
  'POST /login/second-factor': one('/login/second-factor', all(400)),
  'POST /login/passkey/options': one('/login/passkey/options', all(200)),
  'POST /login/passkey': one('/login/passkey', all(400)),
  'POST /logout': one('/logout', all(303)),
  'GET /join/strategy-circle': one('/join/strategy-circle', { out: 200, in: 303 }),
  'POST /join/strategy-circle': [...one('/join/strategy-circle', all(400)), ...one('/join/strategy-circle', all(422), { name: '', email: '', password: '' })],
  'GET /join/leadership-alliance': one('/join/leadership-alliance', all(200)),
  'GET /verify': one('/verify?token=x', all(410)),
  'POST /verify': one('/verify', all(410), { token: 'x' }),
  'GET /verify/done': one('/verify/done', all(200)),
  'GET /verify/changed': one('/verify/changed', all(200)),
  'GET /reset': one('/reset', all(200)),
  'POST /reset': one('/reset', all(400)),
  'GET /reset/sent': one('/reset/sent', all(200)),
  'GET /reset/choose': one('/reset/choose?token=x', all(410)),
  'POST /reset/choose': one('/reset/choose', all(410), { token: 'x', 'new-password': 'a long enough password' }),
  'GET /reset/done': one('/reset/done', all(200)),
  'GET /goodbye': one('/goodbye', all(200)),
  'GET /account': one('/account', owners(200)),
  'POST /account/verify': one('/account/verify', owners(303)),
  'GET /account/profile': one('/account/profile', owners(200)),
  'POST /account/profile': one('/account/profile', owners(400)),
  'POST /account/email': one('/account/email', owners(400)),
  'GET /account/security': one('/account/security', owners(200)),
  'POST /account/password': one('/account/password', owners(400)),
  'POST /account/sessions/end-others': one('/account/sessions/end-others', owners(303)),
  'POST /account/sessions/:id/end': [...one(`/account/sessions/${NOBODYS}/end`, owners(404)), ...one('/account/sessions/x/end', owners(404))],
  'GET /account/tokens': one('/account/tokens', owners(200)),
  'POST /account/tokens': one('/account/tokens', owners(400)),
  'POST /account/tokens/:id/revoke': [...one(`/account/tokens/${NOBODYS}/revoke`, owners(404)), ...one('/account/tokens/x/revoke', owners(404))],
  'GET /account/second-factor': one('/account/second-factor', owners(200)),
  'POST /account/second-factor/start': one('/account/second-factor/start', { ...owners(200), staff: 303 }),
  'POST /account/second-factor/confirm': [...one('/account/second-factor/confirm', owners(400)), ...one('/account/second-factor/confirm', owners(303), { code: '' })],
  'POST /account/second-factor/codes': one('/account/second-factor/codes', owners(400)),
  'POST /account/second-factor/off': one('/account/second-factor/off', owners(400)),
  'GET /account/passkeys': one('/account/passkeys', owners(200)),
  'POST /account/passkeys': one('/account/passkeys', owners(400)),
  'GET /account/passkeys/new': one('/account/passkeys/new', owners(200)),
  'POST /account/passkeys/new': one('/account/passkeys/new', owners(200)),
  'GET /account/passkeys/drop-password': one('/account/passkeys/drop-password', owners(200)),
  'POST /account/passkeys/drop-password': one('/account/passkeys/drop-password', owners(422)),
  'GET /account/passkeys/:id/remove': one(`/account/passkeys/${NOBODYS}/remove`, owners(404)),
  'POST /account/passkeys/:id/remove': one(`/account/passkeys/${NOBODYS}/remove`, owners(404)),
  'GET /account/data': one('/account/data', owners(200)),
  'GET /account/export': one('/account/export', owners(200)),
  'POST /account/delete': one('/account/delete', owners(400)),
};

/** Files under a fingerprint that changes with them. */
const SAME_AS_ASSETS = /^USE \/assets\/[a-z0-9]{12}$/;

const nameOf = ({ method, path }: Route) => `${method} ${path.replace(/^\/es(?=\/|$)/, '') || '/'}`;
const prefixOf = ({ path }: Route) => (/^\/es(?:\/|$)/.test(path) ? '/es' : '');
/** Not logged in, or no longer; and those who have a role. */
const NOBODY: readonly Name[] = ['visitor', 'suspended'];
const STAFF: readonly Name[] = ['support', 'editor', 'admin'];
/** Who tries the other languages, which are the same routes once more. */
const SOME: readonly Name[] = ['visitor', 'suspended', 'circle', 'admin'];

beforeAll(async () => {
  dossier = await startDossier();
  const plain = (slug: string, changes: Record<string, string | null>) => original({ slug, ...changes }, '');
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[an-older-name]' }), 'es.md': SPANISH });
  await dossier.take('a-draft', { 'en.md': plain('a-draft', { state: 'draft', published: null, formerly: '[a-draft-before]' }) });
  await dossier.take('tomorrow', { 'en.md': plain('tomorrow', { published: '2999-01-01T00:00:00Z' }) });
  cast = await enterAll(dossier);
  routes = listRoutes(dossier.app.router);
});
afterAll(() => dossier.stop());

interface Told {
  readonly headers: Readonly<Record<string, string>>;
  readonly origin?: string | null;
  readonly form?: Case['form'];
}

async function ask(method: string, path: string, { headers, origin = dossier.url, form = {} }: Told): Promise<Response> {
  const changes = !['GET', 'HEAD', 'OPTIONS'].includes(method);
  const answer = await fetch(`${dossier.url}${path}`, {
    method, redirect: 'manual',
    headers: { ...headers, ...(changes ? { 'Content-Type': 'application/x-www-form-urlencoded', ...(origin === null ? {} : { Origin: origin }) } : {}) },
    ...(changes ? { body: new URLSearchParams(form).toString() } : {}),
  });
  await answer.arrayBuffer();
  return answer;
}

/** A login that nothing before has ended. */
const freshly = async ({ id }: Member): Promise<Record<string, string>> => ({ Cookie: await logIn(dossier, id!) });

test('every route has a row, and every row a route', () => {
  const declared = new Set(routes.map(nameOf).filter((name) => !SAME_AS_ASSETS.test(name)));
  expect([...declared].filter((name) => !(name in TABLE)).sort()).toEqual([]);
  expect(Object.keys(TABLE).filter((name) => !declared.has(name)).sort()).toEqual([]);
});

test('each of the cast is answered as the table says, in every language', async () => {
  const wrong: unknown[] = [];
  for (const route of routes.filter((one) => nameOf(one) in TABLE)) {
    const method = route.method === 'USE' ? 'GET' : route.method;
    for (const { path, answers, form } of TABLE[nameOf(route)]!) {
      const at = prefixOf(route) + (prefixOf(route) && path === '/' ? '' : path);
      await Promise.all((prefixOf(route) === '' ? (Object.keys(cast) as Name[]) : SOME).map(async (name) => {
        const headers = cast[name].id === null ? {} : await freshly(cast[name]);
        const { status } = await ask(method, at, { headers, ...(form ? { form } : {}) });
        const expected = NOBODY.includes(name) ? answers.out : STAFF.includes(name) ? (answers.staff ?? answers.in) : answers.in;
        if (status !== expected) wrong.push([name, `${method} ${at}`, status, expected]);
      }));
    }
  }
  expect(wrong).toEqual([]);
}, 400_000);

test('whatever may change something is refused from another origin, and from none, to everybody', async () => {
  const changing = routes.filter(({ method }) => !['GET', 'USE'].includes(method));
  expect(changing.length).toBeGreaterThan(10);
  for (const route of changing) {
    const path = route.path.replace(/:\w+/g, NOBODYS);
    for (const name of ['visitor', 'circle', 'admin'] as const) {
      const headers = cast[name].id === null ? {} : await freshly(cast[name]);
      for (const origin of ['https://evil.example', 'null', null, `${dossier.url}.evil.example`]) expect([route.path, name, origin, (await ask(route.method, path, { headers, origin })).status]).toEqual([route.path, name, origin, 403]);
      expect([route.path, name, 'cross-site', (await ask(route.method, path, { headers: { ...headers, 'Sec-Fetch-Site': 'cross-site' } })).status]).toEqual([route.path, name, 'cross-site', 403]);
    }
  }
}, 400_000);

test('a route answers no method but its own', async () => {
  const methods = new Map<string, string[]>();
  for (const { method, path } of routes) if (method !== 'USE') methods.set(path, [...(methods.get(path) ?? []), method]);
  for (const [path, own] of methods) {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'].filter((one) => !own.includes(one))) {
      for (const name of ['visitor', 'admin'] as const) {
        const { status } = await ask(method, path.replace(/:\w+/g, NOBODYS), { headers: cast[name].id === null ? {} : await freshly(cast[name]) });
        expect([method, path, name, status === 405 || (name === 'visitor' && status === 303) || status === 404]).toEqual([method, path, name, true]);
      }
    }
  }
}, 400_000);

describe('what belongs to somebody', () => {
  test.each(['circle', 'alliance', 'admin'] as const)('a login of another is not there for %s to end; their own is', async (name) => {
    const [own, foreign] = await dossier.wall.write(registrar, async (db) => [
      await db.login.create({ data: { accountId: cast[name].id!, device: 'a test' } }), await db.login.create({ data: { accountId: cast.stranger.id!, device: 'a test' } }),
    ]);
    const ended = async (id: string) => (await ask('POST', `/account/sessions/${id}/end`, { headers: await freshly(cast[name]) })).status;
    expect([await ended(foreign.id), await ended(NOBODYS), await ended(own.id)]).toEqual([404, 404, 303]);
    expect((await dossier.wall.read(registrar, (db) => db.login.findUniqueOrThrow({ where: { id: foreign.id } }))).endedAt).toBeNull();
  });

  test.each(['circle', 'alliance', 'admin'] as const)('a token of another is not there for %s to revoke; their own is', async (name) => {
    const make = (accountId: string) => dossier.wall.write(registrar, (db) => db.apiToken.create({ data: { accountId, name: 'a test', hash: makeApiToken().hash, scopes: [] } }));
    const [own, foreign] = [await make(cast[name].id!), await make(cast.stranger.id!)];
    const revoked = async (id: string) => (await ask('POST', `/account/tokens/${id}/revoke`, { headers: await freshly(cast[name]) })).status;
    expect([await revoked(foreign.id), await revoked(NOBODYS), await revoked(own.id)]).toEqual([404, 404, 303]);
    expect((await dossier.wall.read(registrar, (db) => db.apiToken.findUniqueOrThrow({ where: { id: foreign.id } }))).revokedAt).toBeNull();
  });
});
