import { PASSAGE_KINDS } from '../../src/access/kinds';
import { decide, readable, requiredTier, type Matrix } from '../../src/access/matrix';
import { HIGHEST_RANK, type Viewer } from '../../src/access/viewer';

const matrix: Matrix = {
  tiers: [{ slug: 'public', rank: 0 }, { slug: 'strategy-circle', rank: 10 }, { slug: 'leadership-alliance', rank: 20 }],
  opens: { trend: 'strategy-circle', organization: 'strategy-circle', evidence: 'leadership-alliance', 'failure-path': 'leadership-alliance', 'source-note': 'leadership-alliance' },
};

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
    const decision = decide(matrix, reader(rank), { kind, tier });
    expect(decision.allowed).toBe(allowed);
    expect((decision.allowed ? decision.because : decision.needs).slug).toBe(named);
  });

  test('as a filter it agrees with itself as a decision, for every kind, own tier and rank', () => {
    for (const kind of PASSAGE_KINDS) {
      for (const tier of [null, ...matrix.tiers.map(({ slug }) => slug)]) {
        for (let rank = 0; rank <= 30; rank++) {
          const { kinds, tiers } = readable(matrix, reader(rank));
          const byFilter = kinds.includes(kind) && (tier === null || tiers.includes(tier));
          expect({ kind, tier, rank, allowed: byFilter }).toEqual({ kind, tier, rank, allowed: decide(matrix, reader(rank), { kind, tier }).allowed });
        }
      }
    }
  });

  test('a tier that does not exist is an error, not a guess', () => {
    expect(() => requiredTier(matrix, { kind: 'trend', tier: 'gone' })).toThrow('does not exist');
    expect(() => requiredTier({ ...matrix, opens: { ...matrix.opens, trend: 'gone' } }, { kind: 'trend', tier: null })).toThrow('does not exist');
  });
});
