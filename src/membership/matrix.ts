import type { Matrix } from '../access/matrix';
import type { WallTransaction } from '../stores/postgres/wall';

/** The tiers and the gate matrix as they stand now. A kind without a gate is not in it, and opens to nobody. */
export async function loadMatrix(db: WallTransaction): Promise<Matrix> {
  const [tiers, gates] = [await db.tier.findMany({ orderBy: { rank: 'asc' } }), await db.gate.findMany()];
  return {
    tiers: tiers.map(({ slug, rank }) => ({ slug, rank })),
    opens: Object.fromEntries(gates.map(({ kind, tierSlug }) => [kind.replaceAll('_', '-'), tierSlug])),
  };
}
