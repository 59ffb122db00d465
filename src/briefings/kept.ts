import { createHash } from 'node:crypto';
import type { Bucket } from '../stores/bucket';
import { BucketAway } from '../stores/bucket-away';
import type { Behind } from '../stores/wall';
import { SIZE_FORMAT } from './draw';
import { MOST_PICTURE_BYTES } from './file/cover';
import type { PictureFormat } from './words';

/** A picture, or one of its sizes, as its row has it. Whoever holds this may see the bytes, wherever they lie. */
export interface Kept {
  /** Its object in the bucket is called as its address ends. */
  readonly name: string;
  readonly format: PictureFormat;
  /** Pixels; null: the picture itself. */
  readonly narrower: number | null;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly digest: string;
  /** Null: they lie in the bucket. */
  readonly bytes: Uint8Array | null;
}

/** Bytes that are not those of their digest, or that are nowhere. Nobody is served them. */
export class LostPicture extends Error {
  override name = 'LostPicture';
}

/** The names of a picture's objects begin with its id. */
export const ofPicture = (id: string, format: PictureFormat, bytes: Uint8Array | null): Kept => ({ name: `${id}.${format}`, format, narrower: null, digest: id, bytes });
export const ofSize = (id: string, narrower: number, digest: string, bytes: Uint8Array | null): Kept => ({ name: `${id}-${narrower}.${SIZE_FORMAT}`, format: SIZE_FORMAT, narrower, digest, bytes });

/** A picture and its sizes; none when there is no such picture. As the desk or the porter. */
export async function keptOf(db: Behind, id: string): Promise<Kept[]> {
  const row = await db.picture.findUnique({ where: { id }, select: { format: true, bytes: true, sizes: { select: { width: true, digest: true, bytes: true }, orderBy: { width: 'asc' } } } });
  return row ? [ofPicture(id, row.format, row.bytes), ...row.sizes.map(({ width, digest, bytes }) => ofSize(id, width, digest, bytes))] : [];
}

/**
 * The bytes that `find` finds, out of the bucket where they lie there. `find` asks Postgres, and whether this viewer may;
 * the bucket is asked afterwards, outside of any transaction. Null when `find` finds none.
 * @throws BucketAway, LostPicture
 */
export async function bytesOf(bucket: Bucket | null, find: () => Promise<Kept | null>): Promise<Uint8Array | null> {
  const kept = await find();
  if (!kept) return null;
  const found = kept.bytes ?? (await fromBucket(bucket, kept));
  if (found) return found;
  // They may have been brought back, or removed, since the row was read.
  const now = await find();
  if (now && !now.bytes) throw new LostPicture(`${kept.name} is not in the bucket`);
  return now && now.bytes;
}

/**
 * The bytes of a picture as they lie in the bucket; null when they do not.
 * @throws LostPicture when they are not its own.
 */
export async function fromBucket(bucket: Bucket | null, { name, digest }: Pick<Kept, 'name' | 'digest'>): Promise<Uint8Array | null> {
  if (!bucket) throw new BucketAway('pictures lie in a bucket, and the settings of S3 name none');
  const bytes = await bucket.get(name, MOST_PICTURE_BYTES);
  if (bytes && createHash('sha256').update(bytes).digest('hex') !== digest) throw new LostPicture(`${name} in the bucket is not what its digest says`);
  return bytes;
}
