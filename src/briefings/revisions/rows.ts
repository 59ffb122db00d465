import { decideRevision } from '../../access/revisions';
import type { Matrix } from '../../access/matrix';
import type { Viewer } from '../../access/viewer';
import type { Prisma } from '../../stores/prisma/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import { embargoOf, readablePassages } from '../reading/rows';

/** What says whether a briefing is there, and what its revisions are of. */
const facts = {
  id: true,
  slug: true,
  state: true,
  publishedAt: true,
  earlyTier: true,
  earlyUntil: true,
  revision: true,
  categorySlug: true,
} satisfies Prisma.BriefingSelect;
export type BriefingFactsRow = Prisma.BriefingGetPayload<{ select: typeof facts }>;

export const findFacts = (
  db: WallTransaction,
  where: Prisma.BriefingWhereUniqueInput,
): Promise<BriefingFactsRow | null> => db.briefing.findUnique({ where, select: facts });

/** Why a revision is closed, as it is said to readers. */
export interface Closing {
  readonly reason: string;
  /** BCP 47. */
  readonly lang: string;
  readonly at: Date;
}

/** A revision that readers had, without a word of it. */
export interface PublishedRevision {
  readonly number: number;
  readonly published: Date;
  /** Until when; null: they have it now. */
  readonly ended: Date | null;
  /** Null: it is open. */
  readonly closed: Closing | null;
}

/** The revisions that this viewer may know of, newest first: those that are open, and those that an editor closed. */
export async function findRevisions(
  db: WallTransaction,
  { matrix, viewer, now }: { readonly matrix: Matrix; readonly viewer: Viewer; readonly now: Date },
  briefing: BriefingFactsRow,
): Promise<PublishedRevision[]> {
  const where = { briefingId: briefing.id };
  const [rows, closings] = [
    await db.publishedRevision.findMany({ where, orderBy: { number: 'desc' } }),
    await db.closedRevision.findMany({ where }),
  ];
  const of = { state: briefing.state, published: briefing.publishedAt, early: embargoOf(briefing) };
  return rows.flatMap(({ number, publishedAt: published, endedAt: ended, ...own }) => {
    const closed = closings.find((one) => one.number === number) ?? null;
    const revision = { published, early: embargoOf(own), closed: closed !== null };
    if (decideRevision(matrix, viewer, of, revision, now) === 'absent') return [];
    return [
      { number, published, ended, closed: closed && { reason: closed.reason, lang: closed.lang, at: closed.closedAt } },
    ];
  });
}

/** The first wall of passages in a former revision: those that today's rule opens for this viewer. */
export function readableInRevision(
  matrix: Matrix,
  viewer: Viewer,
  now: Date,
  number: number,
): Prisma.PassageWhereInput {
  const { untilRevision: _now, ...open } = readablePassages(matrix, viewer, now);
  return {
    AND: [open, { OR: [{ untilRevision: null }, { untilRevision: { gt: number } }] }],
    fromRevision: { lte: number },
    restorePointId: null,
  };
}
