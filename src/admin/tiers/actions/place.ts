import { placeAbove, withPlacement, type Placement } from '../../../access/tier-order';
import { renumberReaders } from '../../../briefings/reading/view-counts';
import type { Language } from '../../../lib/language';
import type { TierRow } from '../../../membership/tiers';
import type { WallTransaction } from '../../../stores/postgres/wall';
import { longNameOf } from '../../../site/shape/shape';
import { selectField } from '../../fields';
import type { AdminField } from '../../page-types';
import { previewOrder } from '../order-effect';
import { nameIn, type TierFacts } from './action';

/** The choice of the tier right above which one is to stand. */
export function belowField(
  language: Language,
  others: readonly TierRow[],
  value: string,
  error: string | null = null,
): AdminField {
  const options = others.map((one) => ({ value: one.slug, label: nameIn(one, language) }));
  return selectField(language, 'below', value, options, { error });
}

/** Where a tier would come to stand among the others; null: there is no such place. */
export const placementAbove = (others: readonly TierRow[], below: string): Placement | null =>
  placeAbove(others, below);

/** What a place opens and closes, in sentences: nothing changes for anybody where there is none. */
export function shiftSentences(facts: TierFacts, slug: string, placement: Placement, language: Language): string[] {
  const order = withPlacement(facts.matrix.tiers, slug, placement);
  const shifts = previewOrder({ ...facts, order });
  const { say } = language;
  return shifts.map(({ kind, opens, passages, briefings, members }) =>
    say('admin.tiers.move.shift', {
      kind: longNameOf(facts.shape.kinds, kind, language),
      where: say('admin.matrix.in', {
        passages: say('admin.matrix.count.passages', { n: passages }),
        briefings: say('admin.matrix.count.briefings', { n: briefings }),
      }),
      who: say(opens ? 'admin.matrix.gain' : 'admin.matrix.lose', { n: members }),
    }),
  );
}

/**
 * Gives tiers the ranks of a placement: those that make room are raised first, the highest before the others, so that
 * no two ever have one rank. What their readers have read goes along.
 * @param moved the tier that is placed; null where it is made only now.
 */
export async function applyRanks(
  db: WallTransaction,
  tiers: readonly TierRow[],
  { rank, raised }: Placement,
  moved: string | null,
): Promise<void> {
  const ranks = [...raised].sort(([, a], [, b]) => b - a);
  if (moved !== null) ranks.push([moved, rank]);
  for (const [slug, to] of ranks) {
    await db.tier.update({ where: { slug }, data: { rank: to }, select: { slug: true } });
    await renumberReaders(db, tiers.find((one) => one.slug === slug)!.rank, to);
  }
}
