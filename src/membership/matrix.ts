import { PASSAGE_KINDS, type PassageKind } from '../access/kinds';
import type { Matrix } from '../access/matrix';
import type { WallTransaction } from '../stores/postgres/wall';

/**
 * The tiers and the gate matrix as they stand now.
 * @throws when a kind has no tier: with a hole in the matrix nothing may be decided.
 */
export async function loadMatrix(db: WallTransaction): Promise<Matrix> {
  const [tiers, gates] = [await db.tier.findMany({ orderBy: { rank: 'asc' } }), await db.gate.findMany()];
  const opens = Object.fromEntries(
    PASSAGE_KINDS.map((kind) => {
      const gate = gates.find((one) => one.kind === kind.replaceAll('-', '_'));
      if (!gate) throw new Error(`the gate matrix has no tier for ${kind}`);
      return [kind, gate.tierSlug];
    }),
  ) as Record<PassageKind, string>;
  return { tiers: tiers.map(({ slug, rank }) => ({ slug, rank })), opens };
}
