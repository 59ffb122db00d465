import { GRANT_SOURCES, resolveAccess, type AccountFacts, type Grant } from '../../src/access/account-access';
import { HIGHEST_RANK } from '../../src/access/viewer';

const tiers = [
  { slug: 'public', rank: 0 },
  { slug: 'strategy-circle', rank: 10 },
  { slug: 'leadership-alliance', rank: 20 },
];
const NOW = new Date('2026-06-15T12:00:00.000Z');
const days = (n: number, milliseconds = 0) => new Date(NOW.getTime() + n * 86_400_000 + milliseconds);

const grant = (id: string, changes: Partial<Grant> = {}): Grant => ({
  id,
  tier: 'leadership-alliance',
  source: 'SUBSCRIPTION',
  from: days(-30),
  until: null,
  revokedAt: null,
  ...changes,
});
const joined = grant('joined', { tier: 'strategy-circle', source: 'JOINED' });
const at = (grants: readonly Grant[], changes: Partial<AccountFacts> = {}, now = NOW) =>
  resolveAccess({ role: 'reader', state: 'active', grants, ...changes }, tiers, now);

describe('the rank', () => {
  test.each<[string, readonly Grant[], number, string | null]>([
    ['no grants', [], 0, null],
    ['joined', [joined], 10, 'strategy-circle'],
    ['paid', [grant('a')], 20, 'leadership-alliance'],
    ['joined and paid', [joined, grant('a')], 20, 'leadership-alliance'],
    ['begins this very moment', [grant('a', { from: NOW })], 20, 'leadership-alliance'],
    ['begins in a millisecond', [grant('a', { from: days(0, 1) })], 0, null],
    ['ends this very moment: the end is exclusive', [grant('a', { until: NOW })], 0, null],
    ['ends in a millisecond', [grant('a', { until: days(0, 1) })], 20, 'leadership-alliance'],
    ['ended, but joined', [joined, grant('a', { until: days(-1) })], 10, 'strategy-circle'],
    ['revoked this very moment', [grant('a', { revokedAt: NOW })], 0, null],
    ['to be revoked', [grant('a', { revokedAt: days(1) })], 20, 'leadership-alliance'],
    ['revoked, but joined', [joined, grant('a', { revokedAt: days(-1) })], 10, 'strategy-circle'],
    ['a tier that is gone', [grant('a', { tier: 'gone' })], 0, null],
    ['a tier that is gone, but joined', [joined, grant('a', { tier: 'gone' })], 10, 'strategy-circle'],
    [
      'two that overlap, one ended',
      [grant('a', { until: days(-1) }), grant('b', { until: days(5) })],
      20,
      'leadership-alliance',
    ],
    ['a gap between two', [grant('a', { until: days(-1) }), grant('b', { from: days(1) })], 0, null],
    ['a grant to the public tier', [grant('a', { tier: 'public' })], 0, 'public'],
  ])('%s: %#', (_name, grants, rank, tier) => {
    expect({ rank: at(grants).rank, tier: at(grants).tier }).toEqual({ rank, tier });
    // The order in which grants are read never matters.
    expect(at([...grants].reverse())).toEqual(at(grants));
  });

  test.each(GRANT_SOURCES)('a grant of the source %s counts like any other', (source) => {
    expect(at([grant('a', { source })]).rank).toBe(20);
  });

  test('of every pair of grants the higher one that counts decides', () => {
    const shapes = ['strategy-circle', 'leadership-alliance'].flatMap((tier) =>
      [
        [days(-1), null, null],
        [days(-1), days(1), null],
        [days(-2), days(-1), null],
        [days(1), null, null],
        [days(-1), null, days(-1)],
      ].map(([from, until, revokedAt]) => ({ tier, from: from!, until: until!, revokedAt: revokedAt! })),
    );
    for (const a of shapes) {
      for (const b of shapes) {
        const alone = (shape: typeof a) => at([grant('x', shape)]).rank;
        expect(at([grant('a', a), grant('b', b)]).rank).toBe(Math.max(alone(a), alone(b)));
      }
    }
  });

  test.each([
    ['reader', 0],
    ['support', 0],
    ['editor', HIGHEST_RANK],
    ['admin', HIGHEST_RANK],
  ] as const)('the role %s alone gives rank %i', (role, rank) => {
    expect(at([], { role }).rank).toBe(rank);
  });

  test('a suspended account has none, whatever its grants and its role', () => {
    expect(at([joined, grant('a')], { state: 'suspended', role: 'admin' })).toMatchObject({
      rank: 0,
      tier: null,
      reason: null,
    });
  });
});

describe('the explanation', () => {
  const verdicts = (grants: readonly Grant[], changes: Partial<AccountFacts> = {}) =>
    at(grants, changes).grants.map(({ grant: { id }, verdict }) => `${id}: ${verdict}`);

  test('names every grant with its verdict, the one that counts first', () => {
    expect(
      verdicts([
        grant('over', { until: days(-1) }),
        joined,
        grant('later', { from: days(1) }),
        grant('taken', { revokedAt: days(-2) }),
        grant('paid', { until: days(9) }),
        grant('lost', { tier: 'gone' }),
      ]),
    ).toEqual([
      'paid: counts',
      'joined: outranked',
      'later: not yet',
      'taken: revoked',
      'over: ended',
      'lost: no such tier',
    ]);
  });

  test('of two alike the one that lasts longer is the reason', () => {
    expect(
      at([grant('short', { until: days(1) }), grant('long', { until: days(99) }), grant('longest')]).reason,
    ).toMatchObject({ grant: { id: 'longest' } });
  });

  test('agrees with the decision: a rank above 0 has exactly one kind of reason, and rank 0 by grants has none above it', () => {
    for (const grants of [
      [],
      [joined],
      [grant('a', { until: days(-1) })],
      [grant('a', { revokedAt: days(-1) }), joined],
    ]) {
      const { rank, grants: chain, reason: because } = at(grants);
      expect(because !== null).toBe(rank > 0);
      expect(chain.some(({ verdict }) => verdict === 'counts')).toBe(rank > 0);
    }
  });

  test('says when it may next be otherwise', () => {
    expect(at([joined]).changesAt).toBeNull();
    expect(
      at([grant('a', { until: days(3) }), grant('b', { from: days(2) }), grant('c', { until: days(-5) })]).changesAt,
    ).toEqual(days(2));
    expect(at([grant('a', { revokedAt: days(1), until: days(3) })]).changesAt).toEqual(days(1));
  });

  test('of a suspended account says so of each grant', () => {
    expect(verdicts([joined, grant('a')], { state: 'suspended' })).toEqual(['a: suspended', 'joined: suspended']);
  });
});
