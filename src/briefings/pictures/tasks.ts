import { z } from 'zod';
import { picturesViewer } from '../../access/viewer';
import type { Logger } from '../../lib/log';
import type { Bucket } from '../../stores/bucket';
import { addJob, type Task } from '../../stores/postgres/jobs';
import type { Wall } from '../../stores/postgres/wall';
import { moveAll, moveToBucket, type BucketMove } from './move-to-bucket';
import { nameOf } from './stored-picture';

/** Once an hour what is still in Postgres is sent for, should its own job have failed to the end. */
export const PICTURES_CRONTAB = '29 * * * * pictures ?max=3&queue=pictures';

const cameOf = z.object({ id: z.string() });
const goneOf = z.object({ digest: z.string(), object: z.string() });

/**
 * What is done with pictures behind the pages: `picture` looks at one that was added, `picture-gone` removes the object
 * of one that was removed (the database asks for both), `pictures` looks at all that are still in Postgres. Without a
 * bucket there is nothing to do.
 */
export function pictureTasks({
  wall,
  bucket,
  log,
}: Omit<BucketMove, 'bucket'> & {
  readonly bucket: Bucket | null;
  readonly log: Pick<Logger, 'warn' | 'error'>;
}): Readonly<Record<string, Task>> {
  const told =
    (task: (payload: unknown, bucket: Bucket) => Promise<void>): Task =>
    async (payload, { attempt }) => {
      if (!bucket) return;
      await task(payload, bucket).catch((error: unknown) => {
        log.warn({ err: error, attempt }, 'pictures could not be carried to the bucket, and are tried again');
        throw error;
      });
    };
  return {
    picture: told((payload, there) => moveToBucket({ wall, bucket: there }, cameOf.parse(payload).id)),
    'picture-gone': told((payload, there) => there.remove(nameOf(goneOf.parse(payload)))),
    pictures: told(async (_payload, there) => {
      await moveAll({ wall, bucket: there }, 'bucket', (lost) =>
        log.error({ err: lost }, 'a picture was not taken by the bucket'),
      );
    }),
  };
}

/** Has all that are still in Postgres sent for: at a start, which may be the first with a bucket. */
export function queuePictureMoves(wall: Wall, log: Pick<Logger, 'warn'>): void {
  wall
    .write(picturesViewer, (db) => addJob(db, 'pictures', {}, { key: 'pictures', queue: 'pictures' }))
    .catch((error: unknown) => log.warn({ err: error }, 'pictures were not sent for; the next hour does it'));
}
