import { createHash } from 'node:crypto';
import type { Bucket } from '../../stores/bucket';
import { BucketUnavailableError } from '../../stores/bucket-unavailable';
import type { WallTransaction } from '../../stores/postgres/wall';
import { SIZE_FORMAT } from './re-encode';
import { MOST_PICTURE_BYTES } from '../file/cover';
import type { PictureFormat } from '../vocabulary';

/** A picture, or one of its sizes, as its row has it. Whoever holds this may see the bytes, wherever they lie. */
export interface StoredPicture {
  /** Names its object in the bucket. */
  readonly object: string;
  readonly format: PictureFormat;
  /** Pixels; null: the picture itself. */
  readonly narrower: number | null;
  /** SHA-256 of the bytes, in hexadecimal. */
  readonly digest: string;
  /** Null: they lie in the bucket. */
  readonly bytes: Uint8Array | null;
}

/** Bytes that are not those of their digest, or that are nowhere. Nobody is served them. */
export class MissingPictureError extends Error {
  override name = 'LostPicture';
}

type Row = Pick<StoredPicture, 'object' | 'bytes'>;
export const ofPicture = ({
  id,
  format,
  object,
  bytes,
}: Row & { readonly id: string; readonly format: PictureFormat }): StoredPicture => ({
  object,
  format,
  narrower: null,
  digest: id,
  bytes,
});
export const ofSize = ({
  width,
  digest,
  object,
  bytes,
}: Row & { readonly width: number; readonly digest: string }): StoredPicture => ({
  object,
  format: SIZE_FORMAT,
  narrower: width,
  digest,
  bytes,
});

/**
 * Where the bytes lie in the bucket. No two rows ever had the same name, so that whatever is still done to the object
 * of one that is gone touches no other.
 */
export const nameOf = ({ digest, object }: Pick<StoredPicture, 'digest' | 'object'>): string => `${digest}-${object}`;

/** A picture and its sizes; none when there is no such picture. As the desk or the porter. */
export async function findStored(db: WallTransaction, id: string): Promise<StoredPicture[]> {
  const row = await db.picture.findUnique({
    where: { id },
    select: {
      id: true,
      format: true,
      bytes: true,
      object: true,
      sizes: { select: { width: true, digest: true, bytes: true, object: true }, orderBy: { width: 'asc' } },
    },
  });
  return row ? [ofPicture(row), ...row.sizes.map(ofSize)] : [];
}

/**
 * The bytes that `find` finds, out of the bucket where they lie there. `find` asks Postgres, and whether this viewer
 * may; the bucket is asked afterwards, outside of any transaction. Null when `find` finds none.
 * @throws BucketAway, LostPicture
 */
export async function bytesOf(
  bucket: Bucket | null,
  find: () => Promise<StoredPicture | null>,
): Promise<Uint8Array | null> {
  const stored = await find();
  if (!stored) return null;
  const found = stored.bytes ?? (await fromBucket(bucket, stored));
  if (found) return found;
  // They may have been brought back, or removed, since the row was read.
  const now = await find();
  if (now && !now.bytes) throw new MissingPictureError(`${nameOf(stored)} is not in the bucket`);
  return now && now.bytes;
}

/**
 * The bytes of a picture as they lie in the bucket; null when they do not.
 * @throws LostPicture when they are not its own.
 */
export async function fromBucket(
  bucket: Bucket | null,
  stored: Pick<StoredPicture, 'object' | 'digest'>,
): Promise<Uint8Array | null> {
  if (!bucket) throw new BucketUnavailableError('pictures lie in a bucket, and the settings of S3 name none');
  const bytes = await bucket.get(nameOf(stored), MOST_PICTURE_BYTES);
  if (bytes && createHash('sha256').update(bytes).digest('hex') !== stored.digest)
    throw new MissingPictureError(`${nameOf(stored)} in the bucket is not what its digest says`);
  return bytes;
}
