import type { Request, Response } from 'express';
import type { Viewer } from '../../access/viewer';
import { hasAlready } from '../../http/cache/front-desk';
import { notFound } from '../../lib/failure';
import type { Bucket } from '../../stores/bucket';
import type { Wall } from '../../stores/postgres/wall';
import { bytesOf } from './stored-picture';
import { mayReadPicture, MEDIA_TYPES, readPicture, type PictureRequest } from './queries';
import { PICTURE_FORMATS } from '../vocabulary';

const FILE = /^([0-9a-f]{64})(?:-([1-9]\d{1,3}))?\.([a-z]{3,4})$/;

/** The picture that an address names; null when it names none. */
function askedFor(file: string): PictureRequest | null {
  const [, id = '', width, extension] = FILE.exec(file) ?? [];
  const format = PICTURE_FORMATS.find((one) => one === extension);
  return format ? { id, format, narrower: width === undefined ? null : Number(width) } : null;
}

/**
 * Sends the picture that an address names to whoever may see it, or 304 to whoever has it and still may. It is asked
 * for again each time: a briefing that is withdrawn takes its pictures along, and a membership that ends takes those of
 * its passages. `unseen` is what is thrown when there may be one that this viewer does not see. The bucket is asked
 * only for what they see, and nobody is ever sent there.
 * @throws Failure 404 where the address names none; what `bytesOf` throws.
 */
export async function sendPicture(
  req: Request,
  res: Response,
  {
    wall,
    bucket,
    viewer,
    file,
    headers,
    unseen,
  }: {
    readonly wall: Wall;
    readonly bucket: Bucket | null;
    readonly viewer: Viewer;
    readonly file: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly unseen: () => Error;
  },
): Promise<void> {
  const request = askedFor(file);
  if (!request) throw notFound('picture');
  const etag = `"${request.id}${request.narrower === null ? '' : `-${request.narrower}`}"`;
  const known = hasAlready(req, etag);
  const seen = known
    ? await mayReadPicture(wall, viewer, request)
    : await bytesOf(bucket, () => readPicture(wall, viewer, request));
  if (!seen) throw unseen();
  res.set({ ...headers, ETag: etag, 'Content-Type': MEDIA_TYPES[request.format] });
  if (seen === true) res.status(304).end();
  else res.send(Buffer.from(seen));
}
