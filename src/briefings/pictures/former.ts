import { decideRevision } from '../../access/revisions';
import type { Viewer } from '../../access/viewer';
import { loadMatrix } from '../../membership/matrix';
import { momentOf, type WallTransaction } from '../../stores/postgres/wall';
import { embargoOf, readablePassages } from '../reading/rows';
import { endedAround, type Stay } from '../writing/passages';

/** Places of one picture that are looked at. */
const MOST = 200;

/** Does this picture stand in a revision that readers had, in a text of it that this viewer may read now? */
export async function standsInFormer(db: WallTransaction, viewer: Viewer, pictureId: string): Promise<boolean> {
  const [matrix, now] = [await loadMatrix(db), await momentOf(db)];
  const stays = await staysOf(db, pictureId, readablePassages(matrix, viewer, now));
  if (stays.length === 0) return false;
  const where = { briefingId: { in: [...new Set(stays.map(({ briefingId }) => briefingId))] } };
  const [published, closings, briefings] = [
    await db.publishedRevision.findMany({ where }),
    await db.closedRevision.findMany({ where, select: { briefingId: true, number: true } }),
    await db.briefing.findMany({
      where: { id: where.briefingId },
      select: { id: true, state: true, publishedAt: true, earlyTier: true, earlyUntil: true },
    }),
  ];
  return published.some(({ briefingId, number, publishedAt, ...own }) => {
    const of = briefings.find(({ id }) => id === briefingId);
    const here = (one: Stay) => one.briefingId === briefingId && one.from <= number && number < one.without;
    if (!of || !stays.some(here)) return false;
    const closed = closings.some((one) => one.briefingId === briefingId && one.number === number);
    const briefing = { state: of.state, published: of.publishedAt, early: embargoOf(of) };
    const revision = { published: publishedAt, early: embargoOf(own), closed };
    return decideRevision(matrix, viewer, briefing, revision, now) === 'open';
  });
}

async function staysOf(
  db: WallTransaction,
  pictureId: string,
  { untilRevision: _now, ...open }: ReturnType<typeof readablePassages>,
): Promise<Stay[]> {
  const inPublic = await db.revisionPicture.findMany({
    where: { pictureId },
    select: { briefingId: true, number: true },
    take: MOST,
  });
  return [
    ...inPublic.map(({ briefingId, number }) => ({ briefingId, from: number, without: number + 1 })),
    ...(await endedAround(db, pictureId, open, MOST)),
  ];
}
