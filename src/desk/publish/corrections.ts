import { editorialViewer } from '../../access/viewer';
import type { ActorAt } from '../../membership/actor';
import { auditBriefing } from '../audit';
import type { DeskParts } from '../parts';

/**
 * Says in public what was put right in a published briefing, by language; once, however often the form of this id is
 * sent. False when there is no such briefing.
 */
export function correct(
  { invalidatingWall, clock }: DeskParts,
  briefingId: string,
  submissionId: string,
  texts: ReadonlyMap<string, string>,
  by: ActorAt,
): Promise<boolean> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    const now = clock.now();
    const briefing = await db.briefing.findFirst({
      where: { id: briefingId, copyOf: null, state: 'published', publishedAt: { lte: now } },
      select: { id: true, slug: true },
    });
    if (!briefing) return false;
    if (
      !(await auditBriefing(db, by, now, 'correction-added', briefing, {
        id: submissionId,
        after: Object.fromEntries(texts),
      }))
    )
      return true;
    await db.correction.create({
      data: {
        briefingId,
        authorId: by.actor.id,
        createdAt: now,
        texts: { create: [...texts].map(([lang, text]) => ({ lang, text })) },
      },
      select: { id: true },
    });
    return true;
  });
}

/** Takes a correction back. False when that briefing has none of this id. */
export function withdrawCorrection(
  { invalidatingWall, clock }: DeskParts,
  briefingId: string,
  id: string,
  by: ActorAt,
): Promise<boolean> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    const found = await db.correction.findFirst({
      where: { id, briefingId },
      include: { texts: true, briefing: { select: { id: true, slug: true } } },
    });
    if (!found || (await db.correction.deleteMany({ where: { id } })).count === 0) return false;
    return auditBriefing(db, by, clock.now(), 'correction-withdrawn', found.briefing, {
      before: Object.fromEntries(found.texts.map(({ lang, text }) => [lang, text])),
    });
  });
}
