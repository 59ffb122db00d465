import { editorialViewer } from '../../access/viewer';
import { deletePictures, storePicture } from '../../briefings/pictures/queries';
import type { ReEncoded } from '../../briefings/pictures/re-encode';
import { lockBriefings } from '../../briefings/writing/lock-briefings';
import type { ActorAt } from '../../membership/actor';
import type { Facts } from '../../stores/postgres/audit';
import type { DeskParts } from '../parts';
import { auditRecord, findRecord } from '../records/actions';
import { authorKind } from './kind';

/** Gives an author a picture, or takes it away (null). @throws Failure 404 when there is no such author. */
export function setPicture(
  { invalidatingWall, clock }: DeskParts,
  slug: string,
  picture: ReEncoded | null,
  by: ActorAt,
): Promise<void> {
  return invalidatingWall.write(editorialViewer, async (db) => {
    await lockBriefings(db);
    const row = await findRecord(db, authorKind, slug);
    const pictureId = picture?.picture.id ?? null;
    if (row.pictureId === pictureId) return;
    if (picture) await storePicture(db, picture.picture, picture.bytes, picture.sizes);
    await db.author.update({ where: { slug: row.slug }, data: { pictureId }, select: { slug: true } });
    await deletePictures(db, [row.pictureId]);
    const facts = (there: boolean): Facts => ({ 'author-picture': there });
    const [before, after] = [facts(row.pictureId !== null), facts(pictureId !== null)];
    await auditRecord(db, authorKind, 'changed', row, { ...by, before, after, at: clock.now() });
  });
}
