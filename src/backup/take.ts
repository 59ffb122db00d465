import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { picturesViewer } from '../access/viewer';
import { fromBucket, MissingPictureError, nameOf, type StoredPicture } from '../briefings/pictures/stored-picture';
import { SIZE_FORMAT } from '../briefings/pictures/re-encode';
import type { Bucket } from '../stores/bucket';
import type { Wall } from '../stores/postgres/wall';
import { fingerprintsOf, newSalt, type Secrets } from './fingerprints';
import { DESCRIPTION, digestOfFile, DUMP, PICTURES, VERSION, type Description } from './format';
import { programFor, runProgram, serverMajor, type ProgramContext } from './programs';

/** Of what a backup is taken. */
export interface BackupParts extends ProgramContext {
  readonly wall: Wall;
  readonly bucket: Bucket | null;
  readonly ownerUrl: string;
  readonly secrets: Secrets;
}

/**
 * Writes a backup into a folder that is there and empty: the database as Postgres writes it, and the pictures that lie
 * in the bucket.
 * @throws Refusal when pg_dump is missing, too old, or fails; MissingPictureError, BucketUnavailableError.
 */
export async function takeBackup(
  { wall, bucket, ownerUrl, secrets, env, ending }: BackupParts,
  folder: string,
  now: Date,
): Promise<Description> {
  const server = await serverMajor(ownerUrl);
  const program = await programFor('pg_dump', server, 'the server');
  // A picture that goes meanwhile is in the dump, and one that comes too.
  await copyPictures(wall, bucket, folder, ending);
  const dump = path.join(folder, DUMP);
  // The keys of connections are worth nothing without them.
  const args = ['--format=custom', '--exclude-table-data=wall.keys', '--file', dump];
  await runProgram('pg_dump', ownerUrl, args, { env, ending });
  const pictures = await copyPictures(wall, bucket, folder, ending);
  const salt = newSalt();
  const description: Description = {
    format: 'dossier-backup',
    version: VERSION,
    made: now.toISOString(),
    ...{ server, program, pictures, salt },
    dump: await digestOfFile(dump),
    secrets: Object.fromEntries(Object.entries(fingerprintsOf(secrets, salt)).map(([name, all]) => [name, [...all]])),
  };
  await writeFile(path.join(folder, DESCRIPTION), `${JSON.stringify(description, null, 2)}\n`, { mode: 0o600 });
  return description;
}

/** Copies what lies in the bucket and is not in the folder yet; how many lie there. */
async function copyPictures(wall: Wall, bucket: Bucket | null, folder: string, ending: AbortSignal): Promise<number> {
  const away = await wall.read(picturesViewer, async (db): Promise<Away[]> => [
    ...(await db.picture.findMany({ where: { bytes: null }, select: { id: true, object: true, format: true } })).map(
      ({ id, ...one }) => ({ ...one, digest: id }),
    ),
    ...(await db.pictureSize.findMany({ where: { bytes: null }, select: { digest: true, object: true } })).map(
      (one): Away => ({ ...one, format: SIZE_FORMAT }),
    ),
  ]);
  await mkdir(path.join(folder, PICTURES), { recursive: true, mode: 0o700 });
  for (const picture of away) {
    ending.throwIfAborted();
    const file = path.join(folder, PICTURES, fileOf(picture));
    if (existsSync(file)) continue;
    const bytes = await fromBucket(bucket, picture);
    // It went since it was listed, or is missing: what is still listed afterwards tells which.
    if (bytes) await writeFile(file, bytes, { mode: 0o600 });
    else if (await isListed(wall, picture)) throw new MissingPictureError(`${nameOf(picture)} is not in the bucket`);
  }
  return away.length;
}

type Away = Pick<StoredPicture, 'digest' | 'object' | 'format'>;

const fileOf = (picture: Away): string => `${nameOf(picture)}.${picture.format}`;

const isListed = (wall: Wall, { digest, object }: Away): Promise<boolean> =>
  wall.read(
    picturesViewer,
    async (db) =>
      (await db.picture.count({ where: { id: digest, object, bytes: null } })) +
        (await db.pictureSize.count({ where: { digest, object, bytes: null } })) >
      0,
  );
