import { createHash } from 'node:crypto';
import type { Viewer } from '../../access/viewer';
import { loadMatrix } from '../../membership/matrix';
import type { Prisma } from '../../stores/prisma/client';
import { momentOf, type WallTransaction, type Wall } from '../../stores/postgres/wall';
import { SIZE_FORMAT, type ReEncoded } from './re-encode';
import type { BriefingContent, Picture } from '../content';
import { standsOnPage } from '../../site/pages/pictures';
import { standsInFormer } from './former';
import { ofPicture, ofSize, type StoredPicture } from './stored-picture';
import { whereVisible, readablePassages } from '../reading/rows';
import type { PictureFormat } from '../vocabulary';

export const MEDIA_TYPES: Readonly<Record<PictureFormat, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  webp: 'image/webp',
  avif: 'image/avif',
};

/** The address of a picture: the same in every language, and of no use to whoever may not see it. */
export function picturePath({ id, format }: Pick<Picture, 'id' | 'format'>): string {
  return `/pictures/${id}.${format}`;
}

/** A picture in every width it is kept in, for `srcset`; null when there is but one. */
export function pictureSet(picture: Picture, widths: readonly number[]): string | null {
  if (widths.length === 0) return null;
  return [
    ...widths.map((width) => `/pictures/${picture.id}-${width}.${SIZE_FORMAT} ${width}w`),
    `${picturePath(picture)} ${picture.width}w`,
  ].join(', ');
}

/** The pictures of a briefing by the names of their files: its cover, and those of its texts. */
export function picturesOf({ cover, figures }: Pick<BriefingContent, 'cover' | 'figures'>): Map<string, Picture> {
  return new Map([...(cover ? [[`cover.${cover.format}`, cover] as const] : []), ...Object.entries(figures)]);
}

/** Pixels: the widest size of a picture that a list shows. */
const WIDEST_IN_LIST = 960;

/** The addresses of a picture for a list: its narrow sizes, or itself where it has none. */
export function smallPicture(
  picture: Picture,
  widths: readonly number[],
): { readonly src: string; readonly srcset: string | null } {
  const narrow = widths.filter((width) => width <= WIDEST_IN_LIST);
  if (narrow.length === 0) return { src: picturePath(picture), srcset: null };
  const at = (width: number) => `/pictures/${picture.id}-${width}.${SIZE_FORMAT}`;
  return { src: at(narrow[0]!), srcset: narrow.map((width) => `${at(width)} ${width}w`).join(', ') };
}

/** Keeps the bytes of a picture and its sizes, once however many briefings show it. */
export async function storePicture(
  db: WallTransaction,
  { id, format, width, height }: Picture,
  bytes: Uint8Array,
  sizes: ReEncoded['sizes'],
): Promise<void> {
  await db.picture.createMany({
    data: [{ id, format, width, height, bytes: new Uint8Array(bytes) }],
    skipDuplicates: true,
  });
  await db.pictureSize.createMany({
    data: sizes.map((size) => ({
      pictureId: id,
      ...size,
      digest: createHash('sha256').update(size.bytes).digest('hex'),
      bytes: new Uint8Array(size.bytes),
    })),
    skipDuplicates: true,
  });
}

/**
 * Removes those of these pictures that no briefing, text, revision or restore point shows any more. Postgres keeps
 * every other.
 */
export async function deletePictures(db: WallTransaction, ids: Iterable<string | null | undefined>): Promise<void> {
  const given = [...new Set(ids)].filter((id) => id !== null && id !== undefined);
  if (given.length > 0) await db.picture.deleteMany({ where: { id: { in: given } } });
}

/** Every picture that a briefing, its working copy, a revision or a restore point of it shows. As the desk. */
export async function everShown(db: WallTransaction, briefingId: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT p.picture_id AS id FROM figures p JOIN briefings b ON b.id = p.briefing_id
      WHERE ${briefingId}::uuid IN (b.id, b.copy_of)
    UNION SELECT cover_id FROM briefings WHERE ${briefingId}::uuid IN (id, copy_of) AND cover_id IS NOT NULL
    UNION SELECT content -> 'cover' ->> 'id' FROM revisions
      WHERE briefing_id = ${briefingId}::uuid AND content -> 'cover' ->> 'id' IS NOT NULL
    UNION SELECT jsonb_path_query(content, '$.figures.*.id') #>> '{}' FROM revisions
      WHERE briefing_id = ${briefingId}::uuid
    UNION SELECT content -> 'cover' ->> 'id' FROM restore_points
      WHERE briefing_id = ${briefingId}::uuid AND content -> 'cover' ->> 'id' IS NOT NULL
    UNION SELECT jsonb_path_query(content, '$.figures.*.id') #>> '{}' FROM restore_points
      WHERE briefing_id = ${briefingId}::uuid`;
  return rows.map(({ id }) => id);
}

/** A picture, or one of its sizes. */
export interface PictureRequest {
  readonly id: string;
  readonly format: PictureFormat;
  /** Pixels; null: the picture itself. */
  readonly narrower: number | null;
}

/** A picture that this viewer may see where it stands or stood, as readers do; null when there is none for them. */
export function readPicture(wall: Wall, viewer: Viewer, request: PictureRequest): Promise<StoredPicture | null> {
  return wall.read(viewer, async (db) => {
    const now = await storedFor(db, request, wherePictureVisible(await loadMatrix(db), viewer, await momentOf(db)));
    return now ?? ((await standsElsewhere(db, viewer, request.id)) ? storedFor(db, request, {}) : null);
  });
}

/**
 * Would `readPicture` have it? For whoever has its bytes already: neither Postgres nor the bucket is asked for them
 * again.
 */
export function mayReadPicture(wall: Wall, viewer: Viewer, request: PictureRequest): Promise<boolean> {
  return wall.read(viewer, async (db) => {
    const now = await countOf(db, request, wherePictureVisible(await loadMatrix(db), viewer, await momentOf(db)));
    return now > 0 || ((await standsElsewhere(db, viewer, request.id)) && (await countOf(db, request, {})) > 0);
  });
}

/** Does it stand on a page of the publisher's own, or in a revision of a briefing that this viewer may read? */
const standsElsewhere = async (db: WallTransaction, viewer: Viewer, id: string): Promise<boolean> =>
  (await standsOnPage(db, id)) || standsInFormer(db, viewer, id);

/** A picture wherever it stands, or nowhere yet. As the desk. */
export function findPicture(db: WallTransaction, request: PictureRequest): Promise<StoredPicture | null> {
  return storedFor(db, request, {});
}

/**
 * The first wall for pictures: a cover is there with its briefing, an author's for everybody, any other with the text
 * that it stands in.
 */
function wherePictureVisible(
  matrix: Parameters<typeof readablePassages>[0],
  viewer: Viewer,
  moment: Date,
): Prisma.PictureWhereInput {
  const briefing = whereVisible(matrix, viewer, moment);
  return {
    OR: [
      { briefings: { some: briefing } },
      { authors: { some: {} } },
      { inEditions: { some: { edition: { briefing } } } },
      { inPassages: { some: { passage: { ...readablePassages(matrix, viewer, moment), briefing } } } },
    ],
  };
}

function countOf(
  db: WallTransaction,
  { id, format, narrower }: PictureRequest,
  where: Prisma.PictureWhereInput,
): Promise<number> {
  if (narrower === null) return db.picture.count({ where: { id, format, ...where } });
  return format === SIZE_FORMAT
    ? db.pictureSize.count({ where: { pictureId: id, width: narrower, picture: where } })
    : Promise.resolve(0);
}

async function storedFor(
  db: WallTransaction,
  { id, format, narrower }: PictureRequest,
  where: Prisma.PictureWhereInput,
): Promise<StoredPicture | null> {
  if (narrower === null) {
    const row = await db.picture.findFirst({ where: { id, format, ...where }, select: { bytes: true, object: true } });
    return row && ofPicture({ id, format, ...row });
  }
  if (format !== SIZE_FORMAT) return null;
  const row = await db.pictureSize.findFirst({
    where: { pictureId: id, width: narrower, picture: where },
    select: { width: true, digest: true, bytes: true, object: true },
  });
  return row && ofSize(row);
}
