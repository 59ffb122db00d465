import { accountsViewer, editorialViewer } from '../../access/viewer';
import { deletePictures, everShown } from '../../briefings/pictures/queries';
import { findEditable } from '../../briefings/writing/working-copies';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import type { WallTransaction } from '../../stores/postgres/wall';
import { takeBackAuthors } from './authors';
import { pageMade, takeBackPage } from './pages';
import { noteUnnoted } from './unnoted';
import type { PostParts } from './parts';

/**
 * Takes back the last post of an import that is still there. A briefing that was written in since stays, and its row
 * says so.
 * @returns whether there is more to do.
 */
export async function takeBackPost({ wall, clock }: PostParts, id: string): Promise<boolean> {
  const row = await wall.read(accountsViewer, async (db) => {
    if ((await db.import.count({ where: { id, state: 'taking-back' } })) === 0) return null;
    return db.importRow.findFirst({
      where: { importId: id, outcome: 'added' },
      orderBy: { number: 'desc' },
      select: { number: true, briefingId: true, made: true },
    });
  });
  if (row === null) {
    if (await noteUnnoted(wall, id)) return true;
    await wall.write(accountsViewer, async (db) => {
      const data = { state: 'taken-back', version: { increment: 1 }, finishedAt: clock.now() };
      const { count } = await db.import.updateMany({ where: { id, state: 'taking-back' }, data });
      if (count === 1) await deleteSealed(db, id);
    });
    return false;
  }
  const page = pageMade(row.made);
  const reason = await wall.write(editorialViewer, async (db) => {
    if (page !== undefined) return takeBackPage(db, page, row.made);
    return row.briefingId !== null && takeBack(db, row.briefingId, row.made);
  });
  await wall.write(accountsViewer, async (db) => {
    await db.importRow.updateMany({
      where: { importId: id, number: row.number },
      data: reason
        ? { outcome: 'kept', notes: ['kept-edited'] }
        : { outcome: 'taken-back', notes: [], briefingId: null },
    });
    await db.import.updateMany({ where: { id }, data: { place: { increment: 1 } } });
  });
  return true;
}

/** What was sealed is of no more use. */
export async function deleteSealed(db: WallTransaction, id: string): Promise<void> {
  await db.importText.deleteMany({ where: { importId: id } });
  await db.importPicture.deleteMany({ where: { importId: id } });
}

/** Removes a briefing, with the authors that came with it and have written nothing else. True: it stays. */
async function takeBack(db: WallTransaction, briefingId: string, made: readonly string[]): Promise<boolean> {
  await lockBriefings(db);
  const at = await findEditable(db, briefingId);
  if (at === null) return false;
  const corrected = await db.correction.count({ where: { briefingId } });
  if (at.copy !== null || at.base.revision > 1 || corrected > 0) return true;
  const shown = await everShown(db, briefingId);
  await db.briefing.delete({ where: { id: briefingId }, select: { id: true } });
  await deletePictures(db, shown);
  await takeBackAuthors(db, made);
  return false;
}
