import type { Viewer } from '../access/viewer';
import type { Behind, Wall } from '../stores/wall';
import type { Picture } from './file/content';
import type { PictureFormat } from './words';

/** The address of a picture: the same in every language. */
export function picturePath({ id, format }: Pick<Picture, 'id' | 'format'>): string {
  return `/pictures/${id}.${format}`;
}

/** Keeps the bytes of a picture, once however many briefings show it. */
export async function keepPicture(db: Behind, { id, format, width, height }: Picture, bytes: Uint8Array): Promise<void> {
  await db.picture.createMany({ data: [{ id, format, width, height, bytes: new Uint8Array(bytes) }], skipDuplicates: true });
}

/** A picture the viewer may see, or null. */
export function readPicture(wall: Wall, viewer: Viewer, id: string, format: PictureFormat): Promise<Uint8Array | null> {
  return wall.read(viewer, async (db) => (await db.picture.findUnique({ where: { id, format }, select: { bytes: true } }))?.bytes ?? null);
}
