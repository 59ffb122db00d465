import type { Response } from 'express';
import { editorialViewer } from '../../access/viewer';
import { findPicture, MEDIA_TYPES, type PictureRequest } from '../../briefings/pictures/queries';
import { bytesOf } from '../../briefings/pictures/stored-picture';
import { notFound } from '../../lib/failure';
import type { DeskParts } from '../parts';

/**
 * Answers with a picture as whoever works here may see it: readers' addresses answer what readers may see.
 * @throws Failure 404 for none, and what `bytesOf` throws.
 */
export async function sendDeskPicture(
  { wall, bucket }: Pick<DeskParts, 'wall' | 'bucket'>,
  res: Response,
  picture: Pick<PictureRequest, 'id' | 'format'> | null | undefined,
): Promise<void> {
  const bytes =
    picture &&
    (await bytesOf(bucket, () => wall.read(editorialViewer, (db) => findPicture(db, { ...picture, narrower: null }))));
  if (!bytes) throw notFound('picture');
  res.set('Content-Type', MEDIA_TYPES[picture.format]).send(Buffer.from(bytes));
}
