import { desk } from '../access/viewer';
import type { Wall } from '../stores/wall';
import { writeBriefing } from './file/write';
import { pictureFiles } from './pictures';
import { contentOf, findWhole } from './rows';

/** The files of a briefing in canonical form, drafts, passages and pictures included; null when there is no such slug. */
export function exportBriefing(wall: Wall, slug: string): Promise<Map<string, string | Uint8Array> | null> {
  return wall.read(desk, async (db) => {
    const row = await findWhole(db, { slug });
    if (!row) return null;
    const content = contentOf(row);
    return new Map<string, string | Uint8Array>([...writeBriefing(content), ...(await pictureFiles(db, content))]);
  });
}
