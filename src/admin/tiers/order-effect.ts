import { requiredTier, type Matrix, type Tier } from '../../access/matrix';
import type { PassageTally } from '../../briefings/writing/passages';
import type { TierHolders } from '../../membership/tier-holders';

/** Passages of one kind that another order of the tiers opens or closes to somebody. */
export interface OrderShift {
  readonly kind: PassageTally['kind'];
  readonly opens: boolean;
  readonly passages: number;
  readonly briefings: number;
  /** Members who read any of them in one order alone. */
  readonly members: number;
}

interface OrderFacts {
  readonly matrix: Matrix;
  /** The tiers as they would stand. */
  readonly order: readonly Tier[];
  readonly tallies: readonly PassageTally[];
  readonly holders: readonly TierHolders[];
  readonly now: Date;
}

/** What another order would open and close, said by the rule itself for one order and the other. */
export function previewOrder({ matrix, order, tallies, holders, now }: OrderFacts): OrderShift[] {
  const other: Matrix = { ...matrix, tiers: order };
  const reads = (of: Matrix, { tiers }: TierHolders, passage: PassageTally) =>
    rankIn(of.tiers, tiers) >= requiredTier(of, passage, now).rank;
  const kinds = [...new Set(tallies.map(({ kind }) => kind))];
  return kinds.flatMap((kind) =>
    [true, false].flatMap((opens) => {
      const own = tallies.filter((one) => one.kind === kind);
      const changes = (one: TierHolders, passage: PassageTally) =>
        reads(matrix, one, passage) !== opens && reads(other, one, passage) === opens;
      const passages = own.filter((passage) => holders.some((one) => changes(one, passage)));
      if (passages.length === 0) return [];
      const concerned = holders.filter((one) => passages.some((passage) => changes(one, passage)));
      return [
        {
          kind,
          opens,
          passages: passages.reduce((sum, one) => sum + one.passages, 0),
          briefings: new Set(passages.map(({ briefingId }) => briefingId)).size,
          members: concerned.reduce((sum, { members }) => sum + members, 0),
        },
      ];
    }),
  );
}

/** The highest rank among tiers that somebody holds. */
const rankIn = (tiers: readonly Tier[], held: readonly string[]): number =>
  Math.max(0, ...tiers.filter(({ slug }) => held.includes(slug)).map(({ rank }) => rank));
