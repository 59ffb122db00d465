import { canSeeBriefing } from '../../access/briefings';
import type { Viewer } from '../../access/viewer';
import { loadMatrix } from '../../membership/matrix';
import { momentOf, type Wall, type WallTransaction } from '../../stores/postgres/wall';
import { toSlug } from '../vocabulary';
import { findCategories, type PassageCount, type ReadBriefing } from '../reading/queries';
import { contentOf, embargoOf, findTexts, readablePassages } from '../reading/rows';

/**
 * Briefings by their ids, in that order, each as this viewer reads it now: for what shows several whole ones in a row.
 * One that is not there for the viewer is left out. Pictures of their texts are not at hand, nor what stands around a
 * page.
 */
export function readSeveralAs(wall: Wall, viewer: Viewer, ids: readonly string[]): Promise<ReadBriefing[]> {
  return wall.read(viewer, async (db) => {
    const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
    const rows = await findTexts(db, ids, readablePassages(matrix, viewer, now));
    const there = ids.flatMap((id) => {
      const row = rows.get(id);
      const visible =
        row &&
        row.copyOf === null &&
        canSeeBriefing(matrix, viewer, { state: row.state, published: row.publishedAt, early: embargoOf(row) }, now);
      return visible ? [row] : [];
    });
    const counts = await countGates(
      db,
      there.map(({ id }) => id),
    );
    const tiers = await db.tier.findMany({ include: { texts: true }, orderBy: { rank: 'asc' } });
    const categories = await findCategories(db, [...new Set(there.map(({ categorySlug }) => categorySlug))]);
    return there.map((row) => ({
      id: row.id,
      revision: row.revision,
      content: contentOf(row),
      now,
      widths: new Map(),
      counts: counts.get(row.id) ?? [],
      matrix,
      tiers,
      category: categories.find(({ slug }) => slug === row.categorySlug)!,
      more: [],
      corrections: [],
    }));
  });
}

/** What is locked of each briefing, in counts alone. */
async function countGates(
  db: WallTransaction,
  ids: readonly string[],
): Promise<ReadonlyMap<string, readonly PassageCount[]>> {
  const rows = await db.$queryRaw<
    { id: string; kind: string; rank: number; opens_at: Date | null; passages: number }[]
  >`SELECT one.id::text AS id, kind::text, rank, opens_at, passages
    FROM unnest(${[...ids]}::uuid[]) AS one(id), LATERAL wall.gate_counts(one.id)`;
  const counts = new Map<string, PassageCount[]>();
  for (const { id, kind, rank, opens_at, passages } of rows) {
    const own = counts.get(id) ?? [];
    own.push({ kind: toSlug(kind), rank, passages, opensAt: opens_at });
    counts.set(id, own);
  }
  return counts;
}
