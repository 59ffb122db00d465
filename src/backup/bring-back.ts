import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { MEDIA_TYPES } from '../briefings/pictures/queries';
import { PICTURE_FORMATS } from '../briefings/vocabulary';
import { Refusal } from '../lib/refusal';
import type { Bucket } from '../stores/bucket';
import { changedSecrets, fingerprintsOf, type Secrets } from './fingerprints';
import { DESCRIPTION, descriptionSchema, digestOfFile, DUMP, PICTURES, VERSION, type Description } from './format';
import { asking, programFor, runProgram, type ProgramContext } from './programs';

/** Where a backup is brought back to. */
export interface RestoreParts extends ProgramContext {
  readonly bucket: Bucket | null;
  readonly ownerUrl: string;
  readonly secrets: Secrets;
}

/** What came of it. */
export interface Restored {
  readonly made: string;
  readonly pictures: number;
  /** The names of secrets that are others than those of then. */
  readonly changed: readonly string[];
}

/**
 * Makes a database of a backup, in an empty one: all of it or nothing. Pictures go back to the bucket first, where they
 * mean nothing until a row names them.
 * @param aside a file for what pg_restore is told to leave out; it stays behind.
 * @throws Refusal in a sentence when the backup is not whole, or does not go here.
 */
export async function bringBack(
  { bucket, ownerUrl, secrets, env, ending }: RestoreParts,
  folder: string,
  aside: string,
): Promise<Restored> {
  const description = await describe(folder);
  const dump = path.join(folder, DUMP);
  await programFor('pg_restore', description.program, 'the pg_dump that wrote this backup');
  if ((await digestOfFile(dump)) !== description.dump)
    throw new Refusal(`${dump} is not what it was when the backup was made. Nothing was brought back.`);
  await assertEmpty(ownerUrl);
  const pictures = await putPictures(bucket, folder, description, ending);
  const list = await runProgram('pg_restore', null, ['--list', dump], { env, ending });
  await writeFile(aside, list.split('\n').filter(isOurs).join('\n'));
  const args = ['--no-owner', '--exit-on-error', '--single-transaction', '--use-list', aside];
  await runProgram('pg_restore', ownerUrl, [...args, dump], { env, ending });
  const now = fingerprintsOf(secrets, description.salt);
  return { made: description.made, pictures, changed: changedSecrets(description.secrets, now) };
}

/** Rights on what comes with Postgres, and what is said of extensions, are a superuser's (docs/database.sql). */
const isOurs = (line: string): boolean => !/ (ACL pg_catalog|ACL - LANGUAGE|COMMENT - EXTENSION) /.test(line);

async function describe(folder: string): Promise<Description> {
  const text = await readFile(path.join(folder, DESCRIPTION), 'utf8').catch(() => null);
  if (text === null) throw new Refusal(`${folder} is no backup of Dossier: it has no ${DESCRIPTION}.`);
  const read = descriptionSchema.safeParse(parsed(text));
  if (!read.success) throw new Refusal(`${path.join(folder, DESCRIPTION)} is not what a backup says of itself.`);
  if (read.data.version !== VERSION)
    throw new Refusal(`${folder} is a backup of version ${read.data.version}; this Dossier reads version ${VERSION}.`);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

async function assertEmpty(ownerUrl: string): Promise<void> {
  const tables = await asking(ownerUrl, async (client) => {
    const { rows } = await client.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_class c JOIN pg_namespace s ON s.oid = c.relnamespace
       WHERE c.relkind = 'r' AND s.nspname IN ('public', 'wall', 'graphile_worker')`,
    );
    return rows[0]!.n;
  });
  if (tables > 0)
    throw new Refusal(
      'This database has tables already. A backup is brought back into an empty one: make a new database ' +
        '(docs/roles.sql) and set DATABASE_URL and DATABASE_OWNER_URL to it, or set DATA_DIR to a new folder.',
    );
}

async function putPictures(
  bucket: Bucket | null,
  folder: string,
  { pictures }: Description,
  ending: AbortSignal,
): Promise<number> {
  const files = await readdir(path.join(folder, PICTURES)).catch(() => []);
  if (files.length < pictures)
    throw new Refusal(
      `${pictures - files.length} pictures of the backup are missing in ${path.join(folder, PICTURES)}.`,
    );
  if (files.length === 0) return 0;
  if (!bucket)
    throw new Refusal('The pictures of this backup lay in a bucket: set S3_ENDPOINT and what belongs to it.');
  for (const file of files) {
    ending.throwIfAborted();
    const [name = '', extension = ''] = file.split('.');
    const format = PICTURE_FORMATS.find((one) => one === extension);
    const bytes = await readFile(path.join(folder, PICTURES, file));
    if (!format || !name.startsWith(createHash('sha256').update(bytes).digest('hex')))
      throw new Refusal(`${path.join(folder, PICTURES, file)} is not what it was when the backup was made.`);
    await bucket.put(name, bytes, MEDIA_TYPES[format]);
  }
  return files.length;
}
