import type { WallTransaction } from '../../stores/postgres/wall';
import { toSlug } from '../vocabulary';
import type { PassageCount } from './queries';

/** What gates say of each of these briefings, by their ids: counts alone. */
export async function countPassages(
  db: WallTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly PassageCount[]>> {
  const rows = await db.$queryRaw<
    { id: string; kind: string; rank: number; opens_at: Date | null; passages: number }[]
  >`SELECT b.id::text, g.kind::text, g.rank, g.opens_at, g.passages
    FROM unnest(${[...ids]}::uuid[]) b (id), LATERAL wall.gate_counts(b.id) g`;
  const counts = new Map<string, PassageCount[]>();
  for (const { id, kind, rank, opens_at: opensAt, passages } of rows)
    counts.set(id, [...(counts.get(id) ?? []), { kind: toSlug(kind), rank, opensAt, passages }]);
  return counts;
}
