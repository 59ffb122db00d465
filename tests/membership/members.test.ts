import { resolveAccess } from '../../src/access/account-access';
import { HIGHEST_RANK, accountsViewer } from '../../src/access/viewer';
import { factsOf } from '../../src/membership/facts';
import {
  countMembers,
  listMembers,
  MEMBER_ORDERS,
  placeOf,
  type MemberFilter,
  type MemberOrder,
  type MemberRow,
  type Place,
} from '../../src/membership/members';
import { enterAll, type Member, type Name } from '../support/cast';
import { asSuperuserIn } from '../support/stores/cluster';
import { startDossier, type Dossier } from '../support/dossier';

let dossier: Dossier;
let cast: Record<Name, Member>;
const NOW = new Date();
const DAY = 86_400_000;
const days = (n: number) => new Date(NOW.getTime() + n * DAY);

beforeAll(async () => {
  dossier = await startDossier();
  cast = await enterAll(dossier);
  // Beside the cast: roles without their factor, with a passkey, and every pair of grants that could confuse a query.
  await dossier.wall.write(accountsViewer, async (db) => {
    await db.account.create({
      data: { email: 'alone@example.org', name: 'An editor alone', lang: 'es', role: 'editor' },
    });
    await db.account.create({
      data: {
        email: 'passkey@example.org',
        name: 'Zoë Núñez',
        lang: 'es',
        role: 'editor',
        passkeys: { create: { id: 'a-passkey', name: 'x', publicKey: Buffer.from('x'), counter: 0, transports: [] } },
      },
    });
    const shapes = [
      { from: days(-9), until: null, revokedAt: null },
      { from: days(-9), until: days(3), revokedAt: null },
      { from: days(-9), until: days(-3), revokedAt: null },
      { from: days(3), until: null, revokedAt: null },
      { from: days(-9), until: null, revokedAt: days(-1) },
      { from: days(-9), until: null, revokedAt: days(1) },
      { from: NOW, until: days(3), revokedAt: null },
      { from: days(-9), until: NOW, revokedAt: null },
    ];
    for (const [i, low] of shapes.entries()) {
      for (const [j, high] of shapes.entries()) {
        await db.account.create({
          data: {
            email: `pair-${i}-${j}@pairs.example`,
            name: `Pair ${i} ${j}`,
            lang: 'en',
            state: i === j ? 'suspended' : 'active',
            grants: {
              create: [
                { tierSlug: 'strategy-circle', source: 'JOINED', ...low },
                { tierSlug: 'leadership-alliance', source: 'COMP', ...high },
                ...(i === 0 ? [{ tierSlug: 'public', source: 'GIFT' as const, ...low }] : []),
              ],
            },
          },
        });
      }
    }
  });
});
afterAll(() => dossier.stop());

const list = (
  filter: MemberFilter,
  order: MemberOrder = 'newest',
  place: Place | null = null,
  most = 1_000,
  now = NOW,
) => dossier.wall.read(accountsViewer, (db) => listMembers(db, filter, order, place, most, now));
const ids = async (filter: MemberFilter, now = NOW) =>
  (await list(filter, 'newest', null, 1_000, now)).map(({ id }) => id).sort();

async function byTheRule(now: Date) {
  const { rows, tiers } = await dossier.wall.read(accountsViewer, async (db) => ({
    rows: await db.account.findMany({ include: { grants: true, passkeys: true } }),
    tiers: await db.tier.findMany({ select: { slug: true, rank: true } }),
  }));
  return rows.map((row) => ({ id: row.id, state: row.state, ...resolveAccess(factsOf(row), tiers, now) }));
}

test.each([
  ['now', NOW],
  ['in two days', days(2)],
  ['in a month', days(30)],
  ['five days ago', days(-5)],
])('the query and the rule give every account the same rank: %s', async (_name, now) => {
  const rule = await byTheRule(now);
  expect(rule.length).toBeGreaterThan(75);
  expect(new Set(rule.map(({ rank }) => rank)).size).toBeGreaterThanOrEqual(3);
  const listed = new Map((await list({}, 'newest', null, 1_000, now)).map(({ id, rank }) => [id, rank]));
  expect(rule.filter(({ id, rank }) => listed.get(id) !== rank)).toEqual([]);
  for (const rank of [0, 10, 20, HIGHEST_RANK])
    expect([rank, await ids({ rank }, now)]).toEqual([
      rank,
      rule
        .filter((one) => one.rank === rank)
        .map(({ id }) => id)
        .sort(),
    ]);
});

test.each(['JOINED', 'COMP', 'SUBSCRIPTION', 'GIFT', 'SEAT', 'TRIAL'] as const)(
  'the source %s finds those for whom such a grant holds now',
  async (source) => {
    const rule = await byTheRule(NOW);
    const expected = rule
      .filter(
        ({ state, grants: chain }) =>
          state === 'active' &&
          chain.some(
            ({ grant, verdict }) => grant.source === source && (verdict === 'counts' || verdict === 'outranked'),
          ),
      )
      .map(({ id }) => id)
      .sort();
    expect(await ids({ source })).toEqual(expected);
  },
);

test('every other filter finds exactly those it names', async () => {
  const all = await dossier.wall.read(accountsViewer, (db) => db.account.findMany());
  const named = (keep: (one: (typeof all)[number]) => boolean) =>
    all
      .filter(keep)
      .map(({ id }) => id)
      .sort();
  expect(await ids({ status: 'suspended' })).toEqual(named(({ state }) => state === 'suspended'));
  expect(await ids({ status: 'active' })).toEqual(named(({ state }) => state === 'active'));
  expect(await ids({ status: 'unverified' })).toEqual(named(({ verifiedAt }) => verifiedAt === null));
  expect(await ids({ lang: 'es' })).toEqual(named(({ lang }) => lang === 'es'));
  expect(await ids({ role: 'editor' })).toEqual(named(({ role }) => role === 'editor'));
  const middle = all.map(({ createdAt }) => createdAt).sort((a, b) => a.getTime() - b.getTime())[40]!;
  expect(await ids({ joinedFrom: middle })).toEqual(named(({ createdAt }) => createdAt >= middle));
  expect(await ids({ joinedBefore: middle })).toEqual(named(({ createdAt }) => createdAt < middle));
  expect(await ids({ role: 'editor', lang: 'es', rank: 0 })).toEqual(
    named(({ email }) => email === 'alone@example.org'),
  );
  expect(
    await dossier.wall.read(accountsViewer, (db) =>
      Promise.all([countMembers(db, {}, 1_000, NOW), countMembers(db, {}, 5, NOW)]),
    ),
  ).toEqual([all.length, 5]);
});

test.each(MEMBER_ORDERS)('ordered %s, every page is met once, forwards and backwards', async (order) => {
  const whole = await list({}, order);
  const walk = async (way: Place['way']) => {
    const met: MemberRow[] = [];
    let place: Place | null = way === 'after' ? null : placeOf(whole.at(-1)!, order, 'before');
    for (;;) {
      const rows: MemberRow[] = await list({}, order, place, 7);
      if (rows.length === 0) return met;
      if (way === 'after') met.push(...rows);
      else met.unshift(...rows);
      place = placeOf(way === 'after' ? rows.at(-1)! : rows[0]!, order, way);
    }
  };
  expect((await walk('after')).map(({ id }) => id)).toEqual(whole.map(({ id }) => id));
  expect((await walk('before')).map(({ id }) => id)).toEqual(whole.slice(0, -1).map(({ id }) => id));
});

describe('looked for', () => {
  const emails = async (q: string) => (await list({ q }, 'email')).map(({ email }) => email);

  test('by the beginning of any word of name and address, with or without accents and capitals', async () => {
    for (const q of ['zoe', 'Nunez', 'NÚÑ', 'zoë núñez', 'núñez z', 'passkey@example.org', 'passkey@exa'])
      expect([q, await emails(q)]).toEqual([q, ['passkey@example.org']]);
    expect(await emails('pair-3-5')).toEqual(['pair-3-5@pairs.example', 'pair-5-3@pairs.example']);
    expect(await emails('oë')).toEqual([]);
    expect(await emails('núñez nobody')).toEqual([]);
  });

  test.each(['', '   ', '!!!', "'", "a'b", '\\', ':*', "x' | 'y", '& |', '%', '_', '日本', '🙂', '\ud800'])(
    'by %p, which is nothing a query trips over',
    async (q) => {
      expect(Array.isArray(await emails(q))).toBe(true);
    },
  );

  test('by the id of the account, of a Stripe customer, a subscription or an invoice', async () => {
    const accountId = cast.alliance.id!;
    await dossier.wall.write(accountsViewer, (db) =>
      db.customer.create({
        data: {
          accountId,
          stripeId: 'cus_of_alliance',
          subscriptions: {
            create: {
              stripeId: 'sub_of_alliance',
              status: 'active',
              currency: 'eur',
              amountCents: 4900,
              startedAt: NOW,
              accessReason: 'active',
              syncedAt: NOW,
            },
          },
          invoices: {
            create: {
              stripeId: 'in_of_alliance',
              status: 'paid',
              currency: 'eur',
              dueCents: 4900,
              paidCents: 4900,
              createdAt: NOW,
            },
          },
        },
      }),
    );
    for (const q of [accountId, 'cus_of_alliance', 'sub_of_alliance', 'in_of_alliance'])
      expect([q, await ids({ q })]).toEqual([q, [accountId]]);
    for (const q of ['cus_of', 'sub_none', 'in_none', '00000000-0000-4000-8000-000000000000'])
      expect([q, await ids({ q })]).toEqual([q, []]);
  });

  test('nobody but the registrar finds anybody', async () => {
    for (const viewer of [
      { role: 'reader', rank: 20 },
      { role: 'editor', rank: 1000 },
    ] as const) {
      expect(await dossier.wall.read(viewer, (db) => db.$queryRaw`SELECT wall.find_members('pair')`)).toEqual([]);
      expect(await dossier.wall.read(viewer, (db) => listMembers(db, {}, 'newest', null, 10, NOW))).toEqual([]);
    }
  });
});

test('words that thousands have find the same members as words that few have, in every order and on every page', async () => {
  await asSuperuserIn(dossier.urls.superuser, (client) =>
    client.query(`INSERT INTO accounts (email, name, lang, created_at)
    SELECT 'soul-' || n || '@many.example', (ARRAY['Zeta','Éta'])[1 + n % 2] || ' Crowd ' || n, 'en', timestamptz '2020-01-01' + (n % 700) * interval '1 day' FROM generate_series(1, 10100) n`),
  );
  for (const order of MEMBER_ORDERS) {
    // Half of them by a word that many have; all of them, in the same order, by asking for nothing.
    const wanted = (await list({ joinedBefore: new Date('2022-01-01') }, order, null, 20_000)).filter(({ name }) =>
      name.startsWith('Zeta'),
    );
    expect(wanted).toHaveLength(5_050);
    const first = await list({ q: 'zeta cro' }, order, null, 60);
    expect([order, first.map(({ id }) => id)]).toEqual([order, wanted.slice(0, 60).map(({ id }) => id)]);
    const next = await list({ q: 'ZETA' }, order, placeOf(first[39]!, order, 'after'), 60);
    expect([order, next.map(({ id }) => id)]).toEqual([order, wanted.slice(40, 100).map(({ id }) => id)]);
    expect((await list({ q: 'zeta' }, order, placeOf(next[0]!, order, 'before'), 20)).map(({ id }) => id)).toEqual(
      wanted.slice(20, 40).map(({ id }) => id),
    );
  }
  expect(await list({ q: 'zeta nobody' })).toEqual([]);
}, 60_000);
