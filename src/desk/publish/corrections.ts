import { desk } from '../../access/viewer';
import type { DeskParts } from '../parts';

/** Says in public what was put right in a published briefing, by language. False when there is no such briefing. */
export function correct({ outward, clock }: DeskParts, briefingId: string, texts: ReadonlyMap<string, string>, authorId: string): Promise<boolean> {
  return outward.write(desk, async (db) => {
    const now = clock.now();
    if ((await db.briefing.count({ where: { id: briefingId, copyOf: null, state: 'published', publishedAt: { lte: now } } })) === 0) return false;
    await db.correction.create({ data: { briefingId, authorId, createdAt: now, texts: { create: [...texts].map(([lang, text]) => ({ lang, text })) } }, select: { id: true } });
    return true;
  });
}

/** Takes a correction back. False when that briefing has none of this id. */
export function withdrawCorrection({ outward }: DeskParts, briefingId: string, id: string): Promise<boolean> {
  return outward.write(desk, async (db) => (await db.correction.deleteMany({ where: { id, briefingId } })).count > 0);
}
