import type { Matrix } from '../access/matrix';
import type { WallTransaction } from '../stores/postgres/wall';
import { findTiers, type TierRow } from './tiers';

/** The tiers and the gate matrix as they stand now. A kind without a gate is not in it, and opens to nobody. */
export async function loadMatrix(db: WallTransaction): Promise<Matrix> {
  const [tiers, gates] = [await db.tier.findMany({ orderBy: { rank: 'asc' } }), await db.gate.findMany()];
  return matrixOf(
    tiers,
    gates.map(({ kind, tierSlug }) => [kind, tierSlug]),
  );
}

/**
 * The same with the tiers' texts and the moment it is asked at, for readers' pages: the questions go to Postgres
 * together.
 */
export async function loadMatrixNow(
  db: WallTransaction,
): Promise<{ readonly matrix: Matrix; readonly tiers: readonly TierRow[]; readonly now: Date }> {
  const [tiers, rows] = await Promise.all([
    findTiers(db),
    db.$queryRaw<{ now: Date; gates: Readonly<Record<string, string>> | null }[]>`
      SELECT date_trunc('milliseconds', now()) AS now,
        (SELECT jsonb_object_agg(kind::text, tier_slug) FROM gates) AS gates`,
  ]);
  const [{ now, gates }] = rows as [{ now: Date; gates: Readonly<Record<string, string>> | null }];
  return { matrix: matrixOf(tiers, Object.entries(gates ?? {})), tiers, now };
}

function matrixOf(
  tiers: readonly Pick<TierRow, 'slug' | 'rank'>[],
  gates: readonly (readonly [kind: string, tier: string])[],
): Matrix {
  return {
    tiers: tiers.map(({ slug, rank }) => ({ slug, rank })),
    opens: Object.fromEntries(gates.map(([kind, tier]) => [kind.replaceAll('_', '-'), tier])),
  };
}
