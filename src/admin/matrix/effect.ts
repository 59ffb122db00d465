import { opensKind, requiredTier, tierOfKind, type Matrix, type Tier } from '../../access/matrix';
import { HIGHEST_RANK } from '../../access/viewer';
import type { PassageTally } from '../../briefings/writing/passages';

/** The tier each kind is to open for. */
export type Choices = Matrix['opens'];

/** Passages of one kind that open for another tier than before, and who reads them more or less for it. */
export interface KindChange {
  readonly kind: string;
  readonly was: Tier;
  readonly will: Tier;
  readonly opens: boolean;
  readonly passages: number;
  readonly briefings: number;
  /** Ranks whose members read them in one matrix alone, with how many stand there. */
  readonly members: readonly { readonly rank: number; readonly n: number }[];
}

/** What another matrix would do. */
export interface MatrixEffect {
  readonly shifts: readonly KindChange[];
  /** Passages of a changed kind that stay as they are, because a tier of their own is stricter either way. */
  readonly stays: readonly { readonly kind: string; readonly tier: Tier; readonly passages: number }[];
  /** Kinds that anybody could read who could not before. */
  readonly madePublic: readonly string[];
}

/** The kinds that would open for another tier. */
export const changedKinds = ({ opens }: Matrix, choices: Choices): string[] =>
  Object.keys(choices).filter((kind) => opens[kind] !== choices[kind]);

/**
 * What would open and what would close at this moment, said by the rule itself for one matrix and the other. `standing`
 * counts the members at each rank. A kind that changes has a shift even where no passage of it is published yet.
 */
export function previewEffect(
  matrix: Matrix,
  choices: Choices,
  tallies: readonly PassageTally[],
  standing: ReadonlyMap<number, number>,
  now: Date,
): MatrixEffect {
  const other: Matrix = { ...matrix, opens: choices };
  const changed = changedKinds(matrix, choices);
  const ranks = [...standing].filter(([rank]) => rank < HIGHEST_RANK).sort(([a], [b]) => a - b);
  return {
    shifts: changed.flatMap((kind) => {
      const own = tallies.filter((one) => one.kind === kind);
      const ways = [{ tier: null, until: null, of: [] }, ...own.map((one) => ({ ...one, of: [one] }))].map(
        ({ tier, until, of }) => ({
          was: requiredTier(matrix, { kind, tier, until }, now),
          will: requiredTier(other, { kind, tier, until }, now),
          of,
        }),
      );
      const pairs = new Map(
        ways
          .filter(({ was, will }) => was.slug !== will.slug)
          .map(({ was, will }) => [`${was.slug} ${will.slug}`, { was, will }]),
      );
      return [...pairs].flatMap(([pair, { was, will }]): KindChange[] => {
        const of = ways.filter((one) => `${one.was.slug} ${one.will.slug}` === pair).flatMap((one) => one.of);
        const passages = of.reduce((sum, one) => sum + one.passages, 0);
        if (passages === 0 && was.slug !== tierOfKind(matrix, kind).slug) return [];
        const members = ranks
          .filter(([rank]) => rank >= was.rank !== rank >= will.rank)
          .map(([rank, n]) => ({ rank, n }));
        return [
          {
            kind,
            was,
            will,
            opens: will.rank < was.rank,
            passages,
            briefings: new Set(of.map(({ briefingId }) => briefingId)).size,
            members,
          },
        ];
      });
    }),
    stays: changed.flatMap((kind) =>
      matrix.tiers.flatMap((tier) => {
        const passages = tallies
          .filter(
            (one) =>
              one.kind === kind && [matrix, other].every((each) => requiredTier(each, one, now).slug === tier.slug),
          )
          .reduce((sum, one) => sum + one.passages, 0);
        return passages > 0 ? [{ kind, tier, passages }] : [];
      }),
    ),
    madePublic: changed.filter((kind) => opensToAll(other, kind) && !opensToAll(matrix, kind)),
  };
}

/** Does a kind open for whoever asks, without an account? */
function opensToAll(matrix: Matrix, kind: string): boolean {
  return opensKind(matrix, { role: 'reader', rank: 0 }, kind);
}
