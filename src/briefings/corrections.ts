import type { Prisma } from '../stores/prisma/client';
import type { WallTransaction } from '../stores/postgres/wall';

/** What was corrected in a briefing, newest first. */
export const correctionsOf = {
  include: { texts: true },
  orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
} satisfies Prisma.Briefing$correctionsArgs;

export type CorrectionRow = Prisma.CorrectionGetPayload<{ include: (typeof correctionsOf)['include'] }>;

/** Those of a briefing whose working copy is read. */
export function findCorrections(db: WallTransaction, briefingId: string): Promise<CorrectionRow[]> {
  return db.correction.findMany({ where: { briefingId }, ...correctionsOf });
}
