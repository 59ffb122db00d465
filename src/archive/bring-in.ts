import { createHash } from 'node:crypto';
import { accountsViewer, picturesViewer } from '../access/viewer';
import { Refusal } from '../lib/refusal';
import { inLongTransaction, type LongTransaction } from '../stores/postgres/long-transaction';
import { pictureOf, tableOf, type Manifest, type PictureName } from './format';
import { schemaOf, type ArchiveProgress } from './make';
import { checkArchive, entriesOf, linesIn, UnfitArchive } from './read';
import { insertLines, tablesThere } from './rows';
import { addShapeValues } from './shape-values';
import { TAKEN, type TakenTable } from './tables';

/** Milliseconds between two statements: the file is read in between. */
const STUCK = 600_000;

const ALONE = { writes: true, alone: 'archive', idle: STUCK } as const;

/**
 * Makes the publication of an archive in a database that holds none, all of it or nothing. The database has the
 * migrations that the archive's had (`migrationsFor`); those since are applied to what was brought in.
 * @returns what the archive says of itself.
 * @throws Refusal in a sentence: the archive is not whole, or of another version, or the database holds something.
 */
export async function bringInArchive(
  databaseUrl: string,
  file: string,
  now: Date,
  progress: (now: ArchiveProgress) => void = () => undefined,
): Promise<Manifest> {
  const { manifest, shapeWords } = await checkArchive(file);
  // A value of an enum is of no use before it is committed. One that nothing names changes nothing.
  await inLongTransaction(databaseUrl, ALONE, async (db) => {
    await assertFits(db, file, manifest);
    await addShapeValues(db, shapeWords);
    await db.commit();
  });
  await inLongTransaction(databaseUrl, ALONE, async (db) => {
    await assertFits(db, file, manifest);
    const there = await tablesThere(db, TAKEN);
    for (const { name, viewer } of there.filter(({ seeded }) => seeded).toReversed()) {
      await db.as(viewer);
      await db.rows(`DELETE FROM public.${name}`);
    }
    await insertEntries(db, file, manifest, progress);
    await finish(db, manifest, now);
    await db.commit();
  });
  return manifest;
}

/** @throws Refusal where the tables are of another version than the archive, or hold something. */
async function assertFits(db: LongTransaction, file: string, { schema }: Manifest): Promise<void> {
  const here = await schemaOf(db);
  if (here.digest !== schema.digest)
    throw new UnfitArchive(
      `${file} was made by another version of Dossier (its database was at ${schema.last}, this one is at ` +
        `${here.last}). Bring both to the same version, and make it anew.`,
    );
  const held: string[] = [];
  for (const { name, viewer, seeded } of await tablesThere(db, TAKEN)) {
    if (seeded || name === 'audit_entries') continue;
    await db.as(viewer);
    const [row] = await db.rows<[boolean]>(`SELECT EXISTS (SELECT FROM public.${name})`);
    if (row![0]) held.push(name.replaceAll('_', ' '));
  }
  if (held.length > 0)
    throw new Refusal(
      `This database holds something already (${held.slice(0, 5).join(', ')}${held.length > 5 ? ' …' : ''}). ` +
        'An archive is brought into an empty one: set DATABASE_URL to a new database, or DATA_DIR to a new folder.',
    );
}

async function insertEntries(
  db: LongTransaction,
  file: string,
  { rows }: Manifest,
  progress: (now: ArchiveProgress) => void,
): Promise<void> {
  const { pictures = 0, picture_sizes: sizes = 0 } = rows;
  const of = Object.values(rows).reduce((sum, n) => sum + n, 0) + pictures + sizes;
  let done = 0;
  for await (const { name, isLink, bytes } of entriesOf(file)) {
    if (isLink) continue;
    const table = TAKEN.find((one) => one.name === tableOf(name));
    const picture = pictureOf(name);
    if (table) done += await insertRows(db, file, table, linesIn(bytes));
    else if (picture) done += await fillIn(db, file, picture, bytes);
    progress({ at: table?.name ?? 'pictures', done, of });
  }
}

async function insertRows(
  db: LongTransaction,
  file: string,
  table: TakenTable,
  lines: readonly string[],
): Promise<number> {
  await db.as(table.viewer);
  try {
    await insertLines(db, table, lines);
  } catch (error) {
    // Of class 22 and 23: what a row says is nothing that the table takes.
    const { code = '', message } = error as Error & { code?: string };
    if (/^2[23]/.test(code)) throw new UnfitArchive(`${file} does not fit: ${table.name} refuses a row (${message}).`);
    throw error;
  }
  return lines.length;
}

/** Gives a picture that is there its bytes. */
async function fillIn(db: LongTransaction, file: string, picture: PictureName, bytes: Buffer): Promise<number> {
  await db.as(picturesViewer);
  const digest = createHash('sha256').update(bytes).digest('hex');
  const filled =
    picture.table === 'pictures'
      ? await db.rows('UPDATE public.pictures SET bytes = $1 WHERE id = $2 AND id = $3 RETURNING 1', [
          ...[bytes, picture.id, digest],
        ])
      : await db.rows(
          'UPDATE public.picture_sizes SET bytes = $1 WHERE picture_id = $2 AND width = $3 AND digest = $4 RETURNING 1',
          [bytes, picture.id, picture.width, digest],
        );
  if (filled.length !== 1)
    throw new UnfitArchive(`${file} does not fit: the picture ${picture.id} is not what it was.`);
  return 1;
}

/** What is done when all rows are there: nothing is missing, nobody sets it up any more, and the log says so. */
async function finish(db: LongTransaction, { made, rows }: Manifest, now: Date): Promise<void> {
  await db.as(picturesViewer);
  const [isEmpty] = await db.rows<[boolean]>(
    `SELECT EXISTS (SELECT FROM public.pictures WHERE bytes IS NULL)
       OR EXISTS (SELECT FROM public.picture_sizes WHERE bytes IS NULL)`,
  );
  if (isEmpty![0]) throw new UnfitArchive('The archive has not all of its pictures.');
  await db.as(accountsViewer);
  await db.rows('DELETE FROM public.setup');
  const facts = { made, accounts: rows['accounts'] ?? 0, briefings: rows['briefings'] ?? 0 };
  await db.rows(
    `INSERT INTO public.audit_entries (id, at, actor, action, after)
     VALUES (gen_random_uuid(), $1, 'command line', 'archive-imported', $2)`,
    [now, JSON.stringify(facts)],
  );
}
