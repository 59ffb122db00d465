import { editorialViewer } from '../access/viewer';
import type { Tier } from '../access/matrix';
import type { Wall } from '../stores/postgres/wall';

/** The tiers as they stand, lowest first. */
export function loadTiers(wall: Wall): Promise<Tier[]> {
  return wall.read(editorialViewer, (db) =>
    db.tier.findMany({ select: { slug: true, rank: true }, orderBy: { rank: 'asc' } }),
  );
}
