import { randomUUID } from 'node:crypto';
import { picturesViewer } from '../../access/viewer';
import { Refusal } from '../../lib/refusal';
import type { Bucket } from '../../stores/bucket';
import type { WallTransaction, Wall } from '../../stores/postgres/wall';
import { fromBucket, findStored, MissingPictureError, nameOf, type StoredPicture } from './stored-picture';
import { MEDIA_TYPES } from './queries';

/** What it takes to carry bytes between Postgres and the bucket. */
export interface BucketMove {
  readonly wall: Wall;
  readonly bucket: Bucket;
}

/** Where all pictures are to lie. */
export const PLACES = ['bucket', 'postgres'] as const;
export type Place = (typeof PLACES)[number];

/** Pictures asked for at a time. */
const BATCH = 200;

/**
 * Goes and looks at one picture, and carries to the bucket what is still in Postgres. Done again, from wherever it was
 * cut off and by however many at once, it ends the same.
 * @throws BucketAway; LostPicture when the bucket gives back other bytes than it was given.
 */
export async function moveToBucket({ wall, bucket }: BucketMove, id: string): Promise<void> {
  for (const { bytes, ...one } of await wall.read(picturesViewer, (db) => findStored(db, id))) {
    if (!bytes) continue;
    await bucket.put(nameOf(one), bytes, MEDIA_TYPES[one.format]);
    // Only what can be read there has left here.
    if (!(await fromBucket(bucket, one)))
      throw new MissingPictureError(`${nameOf(one)} was put into the bucket and is not there`);
    const standing = await wall.write(picturesViewer, (db) => setBytes(db, id, one, { bytes: null }));
    // Removed or brought back meanwhile, and so perhaps its object before it was put.
    if (!standing) await bucket.remove(nameOf(one));
  }
}

/**
 * Brings a picture and its sizes back into Postgres, and takes them out of the bucket. Their next objects have other
 * names.
 * @throws BucketAway; LostPicture when they are not there or not its own.
 */
export async function moveToPostgres({ wall, bucket }: BucketMove, id: string): Promise<void> {
  for (const one of await wall.read(picturesViewer, (db) => findStored(db, id))) {
    if (one.bytes) continue;
    const bytes = await fromBucket(bucket, one);
    if (!bytes) throw new MissingPictureError(`${nameOf(one)} is not in the bucket`);
    await wall.write(picturesViewer, (db) =>
      setBytes(db, id, one, { bytes: new Uint8Array(bytes), object: randomUUID() }),
    );
    await bucket.remove(nameOf(one));
  }
}

/**
 * Carries every picture that is not where it should be. One that cannot be carried keeps no other.
 * @param failed is told of each that could not be.
 * @returns how many were carried.
 * @throws BucketAway as soon as there is no answer.
 */
export async function moveAll(
  move: BucketMove,
  to: Place,
  failed: (lost: MissingPictureError) => void,
): Promise<number> {
  let carried = 0;
  for (let after = ''; ;) {
    const ids = await move.wall.read(picturesViewer, (db) => elsewhere(db, to, after));
    for (const id of ids) {
      await (to === 'bucket' ? moveToBucket : moveToPostgres)(move, id).then(
        () => {
          carried++;
        },
        (error: unknown) => {
          if (!(error instanceof MissingPictureError)) throw error;
          failed(error);
        },
      );
    }
    if (ids.length < BATCH) return carried;
    after = ids.at(-1)!;
  }
}

/**
 * For a start without a bucket.
 * @throws Refusal when the bytes of pictures lie in one.
 */
export async function assertAllInPostgres(wall: Wall): Promise<void> {
  const away = await wall.read(picturesViewer, (db) => db.picture.count({ where: inBucket }));
  if (away === 0) return;
  throw new Refusal(
    `The bytes of ${away} pictures lie in a bucket, and S3_ENDPOINT is not set. Set it again with all that ` +
      'belongs to it; to do without a bucket, run "npm run briefing -- pictures postgres" with these settings first, ' +
      'and then start without them.',
  );
}

const inBucket = { OR: [{ bytes: null }, { sizes: { some: { bytes: null } } }] };
const inPostgres = { OR: [{ bytes: { not: null } }, { sizes: { some: { bytes: { not: null } } } }] };

async function elsewhere(db: WallTransaction, to: Place, after: string): Promise<string[]> {
  const rows = await db.picture.findMany({
    where: { id: { gt: after }, ...(to === 'bucket' ? inPostgres : inBucket) },
    select: { id: true },
    orderBy: { id: 'asc' },
    take: BATCH,
  });
  return rows.map(({ id }) => id);
}

/**
 * Says where the bytes of a row lie. False when it is no longer the same one: it was removed, or its bytes were brought
 * back.
 */
async function setBytes(
  db: WallTransaction,
  id: string,
  { narrower, object }: Pick<StoredPicture, 'narrower' | 'object'>,
  data: { readonly bytes: Uint8Array<ArrayBuffer> | null; readonly object?: string },
): Promise<boolean> {
  const { count } =
    narrower === null
      ? await db.picture.updateMany({ where: { id, object }, data })
      : await db.pictureSize.updateMany({ where: { pictureId: id, width: narrower, object }, data });
  return count > 0;
}
