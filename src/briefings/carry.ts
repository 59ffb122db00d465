import { porter } from '../access/viewer';
import { Refusal } from '../lib/refusal';
import type { Bucket } from '../stores/bucket';
import type { Locks } from '../stores/lock';
import type { Behind, Wall } from '../stores/wall';
import { fromBucket, keptOf, LostPicture, type Kept } from './kept';
import { MEDIA_TYPES } from './pictures';

/** What it takes to carry bytes between Postgres and the bucket. */
export interface Carrying {
  readonly wall: Wall;
  readonly bucket: Bucket;
  readonly locks: Locks;
}

/** Where all pictures are to lie. */
export const PLACES = ['bucket', 'postgres'] as const;
export type Place = (typeof PLACES)[number];

/** Pictures asked for at a time. */
const BATCH = 200;

/**
 * Goes and looks at one picture, and makes the bucket right: what is still in Postgres goes there, and what belongs to a
 * picture that is gone goes. Done again, from wherever it was cut off, it ends the same. While it is under way nobody else carries
 * this picture; a row that comes meanwhile has its bytes with it, and a look of its own after this one.
 * @throws BucketAway; LostPicture when the bucket gives back other bytes than it was given.
 */
export function settlePicture({ wall, bucket, locks }: Carrying, id: string): Promise<void> {
  return locks.hold(lockOf(id), async () => {
    const all = await wall.read(porter, (db) => keptOf(db, id));
    if (all.length === 0) return empty(bucket, id);
    for (const { bytes, ...one } of all) {
      if (!bytes) continue;
      await bucket.put(one.name, bytes, MEDIA_TYPES[one.format]);
      // Only what can be read there has left here.
      if (!(await fromBucket(bucket, one))) throw new LostPicture(`${one.name} was put into the bucket and is not there`);
      await wall.write(porter, (db) => setBytes(db, id, one, null));
    }
  });
}

/**
 * Brings a picture and its sizes back into Postgres, and takes them out of the bucket.
 * @throws BucketAway; LostPicture when they are not there or not its own.
 */
export function bringBack({ wall, bucket, locks }: Carrying, id: string): Promise<void> {
  return locks.hold(lockOf(id), async () => {
    for (const one of (await wall.read(porter, (db) => keptOf(db, id))).filter(({ bytes }) => !bytes)) {
      const bytes = await fromBucket(bucket, one);
      if (!bytes) throw new LostPicture(`${one.name} is not in the bucket`);
      await wall.write(porter, (db) => setBytes(db, id, one, bytes));
    }
    await empty(bucket, id);
  });
}

/**
 * Carries every picture that is not where it should be. One that cannot be carried keeps no other.
 * @param failed is told of each that could not be.
 * @returns how many were carried.
 * @throws BucketAway as soon as there is no answer.
 */
export async function carryAll(carrying: Carrying, to: Place, failed: (lost: LostPicture) => void): Promise<number> {
  let carried = 0;
  for (let after = ''; ;) {
    const ids = await carrying.wall.read(porter, (db) => elsewhere(db, to, after));
    for (const id of ids) {
      await (to === 'bucket' ? settlePicture : bringBack)(carrying, id).then(() => { carried++; }, (error: unknown) => {
        if (!(error instanceof LostPicture)) throw error;
        failed(error);
      });
    }
    if (ids.length < BATCH) return carried;
    after = ids.at(-1)!;
  }
}

/**
 * For a start without a bucket.
 * @throws Refusal when the bytes of pictures lie in one.
 */
export async function assertNoneAway(wall: Wall): Promise<void> {
  const away = await wall.read(porter, (db) => db.picture.count({ where: inBucket }));
  if (away === 0) return;
  throw new Refusal(`The bytes of ${away} pictures lie in a bucket, and S3_ENDPOINT is not set. Set it again with all that belongs to it; to do without a bucket, run "npm run briefing -- pictures postgres" with these settings first, and then start without them.`);
}

const inBucket = { OR: [{ bytes: null }, { sizes: { some: { bytes: null } } }] };
const inPostgres = { OR: [{ bytes: { not: null } }, { sizes: { some: { bytes: { not: null } } } }] };

async function elsewhere(db: Behind, to: Place, after: string): Promise<string[]> {
  const rows = await db.picture.findMany({ where: { id: { gt: after }, ...(to === 'bucket' ? inPostgres : inBucket) }, select: { id: true }, orderBy: { id: 'asc' }, take: BATCH });
  return rows.map(({ id }) => id);
}

/** Puts bytes into their column, or takes them out. What was removed meanwhile stays removed, and another size in its place as it is. */
async function setBytes(db: Behind, id: string, { narrower, digest }: Pick<Kept, 'narrower' | 'digest'>, bytes: Uint8Array | null): Promise<void> {
  const data = { bytes: bytes && new Uint8Array(bytes) };
  if (narrower === null) await db.picture.updateMany({ where: { id }, data });
  else await db.pictureSize.updateMany({ where: { pictureId: id, width: narrower, digest }, data });
}

async function empty(bucket: Bucket, id: string): Promise<void> {
  for (const name of await bucket.names(id)) await bucket.remove(name);
}

const lockOf = (id: string): string => `picture ${id}`;
