import type { Viewer } from '../access/viewer';
import type { Behind, Wall } from '../stores/wall';
import { SIZE_FORMAT, type Drawn } from './draw';
import type { Picture } from './file/content';
import type { PictureFormat } from './words';

export const MEDIA_TYPES: Readonly<Record<PictureFormat, string>> = { png: 'image/png', jpg: 'image/jpeg', webp: 'image/webp', avif: 'image/avif' };

/** The address of a picture: the same in every language. */
export function picturePath({ id, format }: Pick<Picture, 'id' | 'format'>): string {
  return `/pictures/${id}.${format}`;
}

/** A picture in every width it is kept in, for `srcset`; null when there is but one. */
export function pictureSet(picture: Picture, widths: readonly number[]): string | null {
  if (widths.length === 0) return null;
  return [...widths.map((width) => `/pictures/${picture.id}-${width}.${SIZE_FORMAT} ${width}w`), `${picturePath(picture)} ${picture.width}w`].join(', ');
}

/** Pixels: the widest size of a picture that a list shows. */
const WIDEST_IN_LIST = 960;

/** The addresses of a picture for a list: its narrow sizes, or itself where it has none. */
export function smallPicture(picture: Picture, widths: readonly number[]): { readonly src: string; readonly srcset: string | null } {
  const narrow = widths.filter((width) => width <= WIDEST_IN_LIST);
  if (narrow.length === 0) return { src: picturePath(picture), srcset: null };
  const at = (width: number) => `/pictures/${picture.id}-${width}.${SIZE_FORMAT}`;
  return { src: at(narrow[0]!), srcset: narrow.map((width) => `${at(width)} ${width}w`).join(', ') };
}

/** Keeps the bytes of a picture and its sizes, once however many briefings show it. */
export async function keepPicture(db: Behind, { id, format, width, height }: Picture, bytes: Uint8Array, sizes: Drawn['sizes']): Promise<void> {
  await db.picture.createMany({ data: [{ id, format, width, height, bytes: new Uint8Array(bytes) }], skipDuplicates: true });
  await db.pictureSize.createMany({ data: sizes.map((size) => ({ pictureId: id, ...size, bytes: new Uint8Array(size.bytes) })), skipDuplicates: true });
}

/** Removes a picture that no briefing and no revision shows any more. Postgres keeps every other. */
export async function forgetPicture(db: Behind, id: string | null | undefined): Promise<void> {
  if (id) await db.picture.deleteMany({ where: { id } });
}

/** A picture the viewer may see, or one of its sizes; null when there is none for this viewer. */
export function readPicture(wall: Wall, viewer: Viewer, { id, format, narrower }: { readonly id: string; readonly format: PictureFormat; readonly narrower: number | null }): Promise<Uint8Array | null> {
  return wall.read(viewer, async (db) => {
    if (narrower === null) return (await db.picture.findUnique({ where: { id, format }, select: { bytes: true } }))?.bytes ?? null;
    if (format !== SIZE_FORMAT) return null;
    return (await db.pictureSize.findUnique({ where: { pictureId_width: { pictureId: id, width: narrower } }, select: { bytes: true } }))?.bytes ?? null;
  });
}
