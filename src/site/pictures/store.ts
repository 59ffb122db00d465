import type { WallTransaction } from '../../stores/postgres/wall';

/** A file of a picture, under its name. */
export interface PictureFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Milliseconds for which a picture is kept that was offered and not saved. */
const UNSAVED = 24 * 3_600_000;

/**
 * Keeps the files of a picture, as an admin; those that are there stay as they are. Pictures that were offered a day
 * ago, and that neither the setting nor its history names, go.
 */
export async function storePictures(db: WallTransaction, files: readonly PictureFile[], at: Date): Promise<void> {
  const rows = files.map(({ name, bytes }) => ({ name, bytes: Buffer.from(bytes), at }));
  await db.sitePicture.createMany({ data: rows, skipDuplicates: true });
  const before = new Date(at.getTime() - UNSAVED);
  await db.$executeRaw`DELETE FROM site_pictures p WHERE at < ${before} AND NOT EXISTS (
    SELECT FROM site_setting_changes c WHERE c.name = 'pictures'
    AND (strpos(c.before::text, left(p.name, 64)) > 0 OR strpos(c.after::text, left(p.name, 64)) > 0))`;
}

/** Which of these names are kept. */
export async function storedNames(db: WallTransaction, names: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.sitePicture.findMany({ where: { name: { in: [...names] } }, select: { name: true } });
  return new Set(rows.map(({ name }) => name));
}
