import { decide, openingOf, readable, requiredTier, type Matrix } from '../../src/access/matrix';
import { HIGHEST_RANK, type Viewer } from '../../src/access/viewer';

const matrix: Matrix = {
  tiers: [
    { slug: 'public', rank: 0 },
    { slug: 'strategy-circle', rank: 10 },
    { slug: 'leadership-alliance', rank: 20 },
  ],
  opens: {
    trend: 'strategy-circle',
    organization: 'strategy-circle',
    evidence: 'leadership-alliance',
    'failure-path': 'leadership-alliance',
    'source-note': 'leadership-alliance',
  },
};

const NOW = new Date('2026-12-01T08:00:00Z');
const [BEFORE, AFTER] = [new Date(NOW.getTime() - 1), new Date(NOW.getTime() + 1)];

const reader = (rank: number): Viewer => ({ role: 'reader', rank });

describe('the rule', () => {
  test.each([
    // kind, own tier, rank, allowed, tier named
    ['trend', null, 0, false, 'strategy-circle'],
    ['trend', null, 9, false, 'strategy-circle'],
    ['trend', null, 10, true, 'strategy-circle'],
    ['trend', null, 20, true, 'strategy-circle'],
    ['trend', 'leadership-alliance', 10, false, 'leadership-alliance'],
    ['trend', 'leadership-alliance', 20, true, 'leadership-alliance'],
    ['organization', null, 0, false, 'strategy-circle'],
    ['organization', null, 10, true, 'strategy-circle'],
    ['evidence', null, 10, false, 'leadership-alliance'],
    ['evidence', null, 20, true, 'leadership-alliance'],
    // Looser than its kind is never heeded.
    ['evidence', 'strategy-circle', 10, false, 'leadership-alliance'],
    ['evidence', 'public', 0, false, 'leadership-alliance'],
    ['failure-path', null, 19, false, 'leadership-alliance'],
    ['source-note', null, HIGHEST_RANK, true, 'leadership-alliance'],
  ] as const)('%s with own tier %s for rank %i: %s, by %s', (kind, tier, rank, allowed, named) => {
    const decision = decide(matrix, reader(rank), { kind, tier, until: null }, NOW);
    expect(decision.allowed).toBe(allowed);
    expect((decision.allowed ? decision.because : decision.needs).slug).toBe(named);
  });

  test.each([
    // kind, own tier, until, at, rank, allowed, tier named, opens by itself for
    ['trend', 'leadership-alliance', NOW, BEFORE, 10, false, 'leadership-alliance', 'strategy-circle'],
    ['trend', 'leadership-alliance', NOW, NOW, 10, true, 'strategy-circle', null],
    ['trend', 'leadership-alliance', NOW, AFTER, 10, true, 'strategy-circle', null],
    ['trend', 'leadership-alliance', NOW, BEFORE, 20, true, 'leadership-alliance', null],
    ['trend', 'leadership-alliance', NOW, AFTER, 20, true, 'strategy-circle', null],
    // A moment that opens nothing to a visitor is none of theirs.
    ['trend', 'leadership-alliance', NOW, BEFORE, 0, false, 'leadership-alliance', null],
    ['trend', 'leadership-alliance', NOW, AFTER, 9, false, 'strategy-circle', null],
    // Looser than its kind, or no stricter: with and without an end it is not heeded.
    ['evidence', 'strategy-circle', NOW, BEFORE, 10, false, 'leadership-alliance', null],
    ['evidence', 'leadership-alliance', NOW, BEFORE, 10, false, 'leadership-alliance', null],
    ['evidence', 'public', NOW, AFTER, 19, false, 'leadership-alliance', null],
  ] as const)(
    '%s with own tier %s until %p, at %p, for rank %i: %s, by %s',
    (kind, tier, until, at, rank, allowed, named, opens) => {
      const decision = decide(matrix, reader(rank), { kind, tier, until }, at);
      expect(decision.allowed).toBe(allowed);
      expect((decision.allowed ? decision.because : decision.needs).slug).toBe(named);
      expect(decision.allowed ? null : decision.opens).toEqual(
        opens === null ? null : { tier: expect.objectContaining({ slug: opens }) as unknown, at: until },
      );
    },
  );

  test('with an end it is never looser than the kind, and opens once', () => {
    for (const kind of Object.keys(matrix.opens)) {
      for (const { slug: tier } of matrix.tiers) {
        const rank = (at: Date) => requiredTier(matrix, { kind, tier, until: NOW }, at).rank;
        const ofKind = requiredTier(matrix, { kind, tier: null, until: null }, NOW).rank;
        expect(rank(BEFORE)).toBeGreaterThanOrEqual(ofKind);
        expect([rank(NOW), rank(AFTER)]).toEqual([ofKind, ofKind]);
        expect(openingOf(matrix, { kind, tier, until: NOW }, BEFORE)?.at ?? null).toBe(
          rank(BEFORE) > ofKind ? NOW : null,
        );
        expect(openingOf(matrix, { kind, tier, until: NOW }, NOW)).toBeNull();
      }
    }
  });

  test('as a filter it agrees with itself as a decision, for every kind, own tier, moment and rank', () => {
    for (const kind of Object.keys(matrix.opens)) {
      for (const [tier, until] of [
        [null, null],
        ...matrix.tiers.flatMap(({ slug }) => [null, BEFORE, NOW, AFTER].map((moment) => [slug, moment] as const)),
      ] as const) {
        for (let rank = 0; rank <= 30; rank++) {
          const { kinds, tiers, now } = readable(matrix, reader(rank), NOW);
          const byFilter =
            kinds.includes(kind) && (tier === null || tiers.includes(tier) || (until !== null && until <= now));
          expect({ kind, tier, until, rank, allowed: byFilter }).toEqual({
            kind,
            tier,
            until,
            rank,
            allowed: decide(matrix, reader(rank), { kind, tier, until }, NOW).allowed,
          });
        }
      }
    }
  });

  test('a tier that does not exist is an error, not a guess', () => {
    expect(() => requiredTier(matrix, { kind: 'trend', tier: 'gone', until: null }, NOW)).toThrow('does not exist');
    expect(() =>
      requiredTier(
        { ...matrix, opens: { ...matrix.opens, trend: 'gone' } },
        { kind: 'trend', tier: null, until: null },
        NOW,
      ),
    ).toThrow('does not exist');
  });
});
