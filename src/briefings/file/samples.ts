import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import { root } from '../../lib/root';
import type { Wall } from '../../stores/postgres/wall';
import { importCategories } from '../categories';
import { findFolders } from './find-folders';
import { importBriefing } from './import';

/** Where the sample briefings lie in the repository. */
export const SAMPLES = path.join(root, 'prisma/samples');

/** Loads the sample briefings when there is no briefing at all. Returns how many it loaded. */
export async function loadSamples(wall: Wall): Promise<number> {
  const existing = await wall.read(editorialViewer, (db) => db.briefing.count());
  if (existing > 0) return 0;
  const { categories, briefings } = await findFolders([SAMPLES]);
  for (const { file, bytes } of categories) await importCategories(wall, file, bytes);
  for (const folder of briefings) await importBriefing(wall, folder);
  return briefings.length;
}
