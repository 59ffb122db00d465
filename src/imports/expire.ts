import { accountsViewer } from '../access/viewer';
import type { Clock } from '../lib/clock';
import type { Wall } from '../stores/postgres/wall';
import { WORKING } from './states';

/** Days for which the rows of an import are kept after what was done with it last; until then it can be taken back. */
const KEPT_DAYS = 90;
const DAY = 86_400_000;

/** Rows deleted in one transaction. */
const BATCH = 5_000;

/** When the rows of an import are deleted, where nothing is done with it until then. */
export const expiresAt = ({ createdAt, finishedAt }: { readonly createdAt: Date; readonly finishedAt: Date | null }) =>
  new Date((finishedAt ?? createdAt).getTime() + KEPT_DAYS * DAY);

/** When expired imports are looked for, in UTC. */
export const IMPORTS_CRONTAB = '23 2 * * * expire-imports ?max=2';

/**
 * Deletes the files of members and posts whose time is over, with their rows; what they have made stays. @returns how
 * many.
 */
export async function expireImports({ wall, clock }: { readonly wall: Wall; readonly clock: Clock }): Promise<number> {
  const over = new Date(clock.now().getTime() - KEPT_DAYS * DAY);
  const where = {
    state: { notIn: [...WORKING] },
    OR: [{ finishedAt: { lt: over } }, { finishedAt: null, createdAt: { lt: over } }],
  };
  const found = await wall.read(accountsViewer, (db) =>
    db.import.findMany({ where, select: { id: true, rows: true } }),
  );
  for (const { id, rows } of found) {
    for (let number = BATCH; number < rows; number += BATCH)
      await wall.write(accountsViewer, (db) =>
        db.importRow.deleteMany({ where: { importId: id, number: { lte: number }, import: where } }),
      );
    await wall.write(accountsViewer, (db) => db.import.deleteMany({ where: { ...where, id } }));
  }
  return found.length;
}
