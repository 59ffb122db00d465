import { desk } from '../access/viewer';
import type { Wall } from '../stores/wall';
import { writeBriefing } from './file/write';
import { contentOf, findWhole } from './rows';

/** The files of a briefing in canonical form, drafts and every passage included; null when there is no such slug. */
export function exportBriefing(wall: Wall, slug: string): Promise<Map<string, string> | null> {
  return wall.read(desk, async (db) => {
    const row = await findWhole(db, { slug }, { untilRevision: null });
    return row && writeBriefing(contentOf(row));
  });
}
