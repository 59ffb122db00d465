import { listRoutes, type Route } from '../../src/http/server/routes';
import { editorialViewer } from '../../src/access/viewer';
import { original } from '../support/briefing';
import { enter, logIn, tokenFor, type Member } from '../support/cast';
import { startDossier, type Dossier } from '../support/dossier';

/**
 * Whatever is sent to us, wherever it stands: it may be wrong, it is never a fault of ours (5xx but 503, which says
 * that a store is away).
 */
let dossier: Dossier;
let admin: Member;
let member: Member;
let briefing: string;

beforeAll(async () => {
  dossier = await startDossier();
  await dossier.take('a-signal', { 'en.md': original({ formerly: '[an-older-name]' }) });
  [admin, member] = [await enter(dossier, 'admin'), await enter(dossier, 'alliance')];
  const found = await dossier.wall.read(editorialViewer, (db) =>
    db.briefing.findFirstOrThrow({ select: { id: true } }),
  );
  briefing = found.id;
});
afterAll(() => dossier.stop());

/** The same numbers each time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
const random = chance(20_261_129);
const anyOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const some = <T>(list: readonly T[], most: number): T[] =>
  Array.from({ length: 1 + Math.floor(random() * most) }, () => anyOf(list));

const NOBODYS = '00000000-0000-4000-8000-000000000000';

/** As they stand in an address or a form, escaped already. */
const EVIL = [
  '%00',
  'a%00b',
  '%ED%A0%80',
  '%C3',
  '%E0%A4%A',
  '%zz',
  '%',
  '99999999999',
  '2147483648',
  '9223372036854775808',
  '-1',
  '0',
  '1e400',
  '1e18',
  'NaN',
  '0x10',
  '9'.repeat(400),
  '275760-09-13',
  '%2B275760-09-14T00:00:00Z',
  '0000-00-00',
  '2026-02-31',
  '9999-12-31T23:59:60Z',
  '-271821-04-20',
  '',
  '%20',
  'x'.repeat(6_000),
  '%F0%9F%99%82'.repeat(300),
  '%5Bobject%20Object%5D',
  '__proto__',
  'constructor',
  "'%3B--",
  '%25%27%22%5C',
  '%E2%80%AE',
  '%5B'.repeat(2_000),
  '%7B%22a%22%3A%22%5Cu0000%22%7D',
  '%7B%22a%22%3A%22%5Cud800%22%7D',
  'e30',
  'W10',
  'W251bGwsbnVsbF0',
  'WyIyMDI2LTAxLTAxIiwieCJd',
  'WyIyNzU3NjAtMDktMTQiLCJ4Il0',
];

/** What handlers ask for, in addresses and in forms. */
const NAMES = [
  'q',
  'category',
  'state',
  'language',
  'author',
  'sort',
  'page',
  'order',
  'after',
  'before',
  'next',
  'done',
  'add',
  'added',
  'as',
  'lang',
  'then',
  'from',
  'until',
  'to',
  'range',
  'per',
  'back',
  'id',
  'kind',
  'source',
  'rank',
  'role',
  'status',
  'actor',
  'target',
  'action',
  'subject',
  'customer',
  'subscription',
  'session_id',
  'token',
  'scope',
  'type',
  'impact',
  'reason',
  'remark',
  'tier',
  'month',
  'year',
  'date',
  'trend',
  'public',
  'evidence',
  'seen',
  'version',
  'seq',
  'do',
  'title',
  'title.en',
  'body.en',
  'summary.en',
  'slug',
  'confidence',
  'published',
  'early.tier',
  'early.until',
  'trend.trend.text.en',
  'trend.trend.tier',
  'sources.first.url.en',
  'original',
  'name',
  'name.en',
  'description.en',
  'blurb.en',
  'benefits.en',
  'email',
  'password',
  'current',
  'code',
  'new-password',
  'credential',
  'passkey-name',
  'token-name',
  'act',
  'at',
  'correction.en',
  'to',
  'amount',
  'joinedFrom',
  'joinedBefore',
  'joined-from',
  'joined-before',
  'Z',
];

/** What is there, so that some of it comes further. */
const real = () => [
  NOBODYS,
  briefing,
  member.id!,
  'a-signal',
  'cloud-service',
  'leadership-alliance',
  '1',
  '2',
  'en',
  'published',
  'all',
  'newest',
  '2026-01-01',
  `${'0'.repeat(64)}.png`,
  'cus_x',
  'sub_x',
  'evt_x',
  'year',
];
const value = () => (random() < 0.7 ? anyOf(EVIL) : anyOf(real()));
const pairs = (most: number) => some(NAMES, most).map((name) => `${name}=${value()}`);

/** One request of a kind that nobody makes by mistake. */
function invent({ method, path }: Route): { readonly path: string; readonly init: RequestInit } {
  const at = path.replace(/:\w+/g, () => (random() < 0.7 ? anyOf(real()) : encodeURI(decodable(anyOf(EVIL))) || 'x'));
  const query = random() < 0.8 ? `?${pairs(4).join('&')}` : '';
  if (method !== 'POST') return { path: at + query, init: {} };
  const form = [`once=${random() < 0.8 ? crypto.randomUUID() : value()}`, ...pairs(12)];
  return {
    path: at + (random() < 0.2 ? query : ''),
    init: { method, body: form.join('&'), headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
  };
}

/** `fetch` takes only addresses that it understands itself. */
function decodable(escaped: string): string {
  try {
    return decodeURIComponent(escaped)
      .slice(0, 2_000)
      .replace(/[/?#\\]/g, '');
  } catch {
    return escaped;
  }
}

async function statusOf(path: string, init: RequestInit, headers: Readonly<Record<string, string>>): Promise<number> {
  const given = init.headers as Record<string, string> | undefined;
  const answer = await fetch(`${dossier.url}${path}`, {
    redirect: 'manual',
    ...init,
    headers: { Origin: dossier.url, ...given, ...headers },
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Every name at once with the same value: whichever of them a handler asks for, it is given that. */
const everyName = (text: string) => NAMES.map((name) => `${name}=${text}`).join('&');

/** What each address is asked with, besides what chance brings. */
const ALWAYS = ['%00', '%EF%BF%BD', '99999999999', '275760-09-13', '%5Cud800'];

const ROUNDS = 2;

test('no address, no form and no part of either is a fault of ours', async () => {
  const routes = listRoutes(dossier.app.router).filter(
    ({ method, path }) => !path.startsWith('/es') && method !== 'USE' && method !== 'ALL',
  );
  expect(routes.length).toBeGreaterThan(100);
  const wrong: unknown[] = [];
  const sweep = routes
    .filter(({ method }) => method === 'GET')
    .flatMap(({ path }) =>
      ALWAYS.map((text) => ({ path: `${path.replace(/:\w+/g, NOBODYS)}?${everyName(text)}`, init: {} })),
    );
  const chanced = Array.from({ length: ROUNDS }, () => routes.map((route) => invent(route))).flat();
  const asked: { readonly path: string; readonly init: RequestInit }[] = [...sweep, ...chanced];
  for (let begin = 0; begin < asked.length; begin += 12) {
    await Promise.all(
      asked.slice(begin, begin + 12).map(async ({ path, init }) => {
        // A form may end the login it came with.
        const headers = init.method ? { Cookie: await logIn(dossier, admin.id!) } : admin.headers;
        const status = await statusOf(path, init, headers);
        if (status >= 500 && status !== 503) wrong.push([status, path, init.body]);
      }),
    );
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('nor is any header', async () => {
  const token = await tokenFor(dossier, member.id!);
  const odd = [
    'a,'.repeat(6_000),
    '*',
    '"',
    'bytes=0-0,'.repeat(1_000),
    'q=;;;',
    '\u00e9\u00ff',
    '%00',
    `Bearer ${token}\u00e9`,
    '['.repeat(6_000),
    'x=y; '.repeat(2_000),
    's%3A%00.x',
  ];
  const wrong: unknown[] = [];
  for (const name of [
    'Accept',
    'Accept-Encoding',
    'Accept-Language',
    'Authorization',
    'Cookie',
    'If-None-Match',
    'If-Modified-Since',
    'Range',
    'User-Agent',
    'X-Forwarded-For',
    'Stripe-Signature',
    'Sec-Purpose',
    'Content-Type',
  ]) {
    for (const text of odd) {
      const header = { [name]: name === 'Cookie' ? `dossier=${text}; device=${text}` : text };
      for (const path of ['/briefings/a-signal', '/api/v1/briefings', '/assets/x/site.css', '/desk']) {
        const status = await statusOf(path, {}, header);
        if (status >= 500) wrong.push([status, path, name, text.slice(0, 40)]);
      }
    }
  }
  expect(wrong).toEqual([]);
});
