import type { Writable } from 'node:stream';
import { adminViewer } from '../access/viewer';
import { readFiles } from '../briefings/file/export';
import { fromBucket, MissingPictureError } from '../briefings/pictures/stored-picture';
import { readPageAuthors, readTexts } from '../site/pages/content';
import type { Bucket } from '../stores/bucket';
import { inLongTransaction, type LongTransaction } from '../stores/postgres/long-transaction';
import type { Wall } from '../stores/postgres/wall';
import { MANIFEST, MOST_BYTES, MOST_ROWS, pictureEntry, rowsEntry, sizeEntry, VERSION, type Manifest } from './format';
import { describeSchema } from './older';
import { packInto, type Packer } from './pack';
import { README } from './readme';
import { countRows, linesOf } from './rows';
import { TAKEN } from './tables';

/** From what an archive is made. */
export interface ArchiveParts {
  readonly wall: Wall;
  readonly bucket: Bucket | null;
  readonly databaseUrl: string;
}

/** How far an archive is: what it has come to, and how much of how much. */
export interface ArchiveProgress {
  readonly at: string;
  readonly done: number;
  readonly of: number;
}

/** Milliseconds that whoever takes the archive may take nothing. */
const STUCK = 120_000;

/** Briefings, or pictures, whose names are read at a time. */
const FEW = 25;

/**
 * Writes everything of the publication into a stream, rows and pictures as they were at one moment. Only one archive is
 * made at a time.
 * @param ready is told once it is known that it can be made, before the first byte.
 * @throws BusyError while another one is made; MissingPictureError, BucketUnavailableError where a picture is not to be
 * had, and when the stream is closed. Nothing of it remains but what the stream has taken.
 */
export async function makeArchive(
  { wall, bucket, databaseUrl }: ArchiveParts,
  to: Writable,
  made: Date,
  {
    ready,
    progress = () => undefined,
  }: { readonly ready?: () => Promise<void>; readonly progress?: (now: ArchiveProgress) => void } = {},
): Promise<void> {
  await inLongTransaction(databaseUrl, { writes: false, alone: 'archive', idle: STUCK }, async (db) => {
    const manifest = await manifestOf(db, made);
    await ready?.();
    const rows = Object.values(manifest.rows).reduce((sum, n) => sum + n, 0);
    const { pictures = 0, picture_sizes: sizes = 0, briefings = 0 } = manifest.rows;
    const of = rows + pictures + sizes + briefings;
    let done = 0;
    const count = (at: string, n: number) => progress({ at, done: (done += n), of });
    await packInto(to, made, async (packer) => {
      await packer.add(MANIFEST, `${JSON.stringify(manifest, null, 2)}\n`);
      await packer.add('README.txt', README);
      await addRows(db, packer, count);
      await addPictures(db, bucket, packer, count);
      await addBriefings(db, wall, packer, count);
      await addPages(db, packer);
      await addPagePictures(db, packer);
    });
  });
}

type Count = (at: string, n: number) => void;

async function manifestOf(db: LongTransaction, made: Date): Promise<Manifest> {
  const rows: Record<string, number> = {};
  for (const table of TAKEN) rows[table.name] = await countRows(db, table);
  return {
    format: 'dossier-archive',
    version: VERSION,
    made: made.toISOString(),
    schema: await schemaOf(db),
    rows,
  };
}

/** Which migrations the tables are as of. */
export async function schemaOf(db: LongTransaction): Promise<Manifest['schema']> {
  const rows = await db.rows<[string]>(
    `SELECT migration_name FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY migration_name COLLATE "C"`,
  );
  return describeSchema(rows.map(([name]) => name));
}

async function addRows(db: LongTransaction, packer: Packer, count: Count): Promise<void> {
  for (const table of TAKEN) {
    let [part, size, lines] = [0, 0, [] as string[]];
    const flush = async () => {
      if (lines.length === 0) return;
      const n = lines.length;
      await packer.add(rowsEntry(table.name, ++part), `${lines.join('\n')}\n`);
      [lines, size] = [[], 0];
      count(table.name, n);
    };
    for await (const batch of linesOf(db, table)) {
      for (const line of batch) {
        lines.push(line);
        size += line.length;
        if (lines.length >= MOST_ROWS || size >= MOST_BYTES) await flush();
      }
    }
    await flush();
  }
}

type PictureRow = [id: string, format: string];
type SizeRow = [id: string, width: number, digest: string];
type StoredRow = [bytes: Buffer | null, object: string];

async function addPictures(db: LongTransaction, bucket: Bucket | null, packer: Packer, count: Count): Promise<void> {
  await db.as(adminViewer);
  const bytesOf = async ([bytes, object]: StoredRow, digest: string): Promise<Uint8Array> =>
    bytes ?? (await fromBucket(bucket, { object, digest })) ?? missing(digest);
  const pictures = 'SELECT id, format::text FROM public.pictures ORDER BY id COLLATE "C"';
  for await (const batch of db.batches<PictureRow>(pictures, FEW)) {
    for (const [id, format] of batch) {
      const [row] = await db.rows<StoredRow>('SELECT bytes, object::text FROM public.pictures WHERE id = $1', [id]);
      await packer.add(pictureEntry(id, format), await bytesOf(row!, id));
      count('pictures', 1);
    }
  }
  const sizes = 'SELECT picture_id, width, digest FROM public.picture_sizes ORDER BY picture_id COLLATE "C", width';
  for await (const batch of db.batches<SizeRow>(sizes, FEW)) {
    for (const [id, width, digest] of batch) {
      const [row] = await db.rows<StoredRow>(
        'SELECT bytes, object::text FROM public.picture_sizes WHERE picture_id = $1 AND width = $2',
        [id, width],
      );
      await packer.add(sizeEntry(id, width), await bytesOf(row!, digest));
      count('pictures', 1);
    }
  }
}

function missing(digest: string): never {
  throw new MissingPictureError(`the picture ${digest} is not in the bucket`);
}

/** Briefings as files, as they are while the archive is made; their pictures are links to those of the archive. */
async function addBriefings(db: LongTransaction, wall: Wall, packer: Packer, count: Count): Promise<void> {
  await db.as(adminViewer);
  const slugs = 'SELECT slug FROM public.briefings WHERE copy_of IS NULL ORDER BY slug COLLATE "C"';
  const known = new Set<string>();
  for await (const batch of db.batches<PictureRow>('SELECT id, format::text FROM public.pictures', 1_000))
    for (const [id, format] of batch) known.add(pictureEntry(id, format));
  for await (const batch of db.batches<[string]>(slugs, FEW)) {
    for (const [slug] of batch) {
      const files = await readFiles(wall, slug);
      for (const [name, text] of files?.texts ?? []) await packer.add(`briefings/${slug}/${name}`, text);
      for (const [name, { id, format }] of files?.pictures ?? []) {
        const entry = pictureEntry(id, format);
        if (known.has(entry)) await packer.link(`briefings/${slug}/${name}`, entry);
      }
      count('briefings', 1);
    }
  }
}

/** The publisher's own pages as files: a heading, a quoted description, who wrote it, and the body. */
async function addPages(db: LongTransaction, packer: Packer): Promise<void> {
  await db.as(adminViewer);
  const rows = await db.rows<[string, unknown, unknown]>(
    `SELECT p.slug, coalesce(r.texts, d.texts), coalesce(r.authors, d.authors)
     FROM public.pages p LEFT JOIN public.page_drafts d ON d.page_id = p.id
     LEFT JOIN LATERAL (SELECT texts, authors FROM public.page_revisions
       WHERE page_id = p.id ORDER BY number DESC LIMIT 1) r ON true
     ORDER BY p.slug COLLATE "C"`,
  );
  for (const [slug, texts, authors] of rows) {
    const names = readPageAuthors(authors).map(({ name }) => name);
    const by = names.length === 0 ? '' : `— ${names.join(', ')}\n\n`;
    for (const [lang, { title, description, body }] of Object.entries(readTexts(texts)))
      await packer.add(`pages/${slug}/${lang}.md`, `# ${title}\n\n> ${description}\n\n${by}${body}\n`);
  }
}

/** The pictures of own pages, as links to those of the archive. */
async function addPagePictures(db: LongTransaction, packer: Packer): Promise<void> {
  await db.as(adminViewer);
  const rows = await db.rows<[slug: string, name: string, ...PictureRow]>(
    `SELECT p.slug, i.name, f.id, f.format::text FROM public.page_pictures i JOIN public.pages p ON p.id = i.page_id
     JOIN public.pictures f ON f.id = i.picture_id ORDER BY p.slug COLLATE "C", i.name COLLATE "C"`,
  );
  for (const [slug, name, id, format] of rows) await packer.link(`pages/${slug}/${name}`, pictureEntry(id, format));
}
