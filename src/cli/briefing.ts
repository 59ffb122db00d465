import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { CATEGORIES_FILE, importCategories } from '../briefings/categories';
import { moveAll, PLACES, type Place } from '../briefings/pictures/move-to-bucket';
import { exportBriefing } from '../briefings/file/export';
import { FaultyFiles, formatFault, type Fault } from '../briefings/file/fault';
import { readBriefing } from '../briefings/file/read';
import { writeBriefing } from '../briefings/file/write';
import { findFolders, type FoundFolders } from '../briefings/file/find-folders';
import { importBriefing, loadSiteContext } from '../briefings/file/import';
import { stripMetadata, type StrippedFolder } from '../briefings/pictures/strip-metadata';
import { MissingPictureError } from '../briefings/pictures/stored-picture';
import { editorialViewer } from '../access/viewer';
import { exitWhenUnavailable, command, type CommandContext } from '../command';
import { Refusal } from '../lib/refusal';
import { openBucket } from '../stores/bucket';
import { BucketUnavailableError } from '../stores/bucket-unavailable';
import type { Wall } from '../stores/postgres/wall';

const USAGE = `npm run briefing -- import <path…>         takes folders of briefings in (docs/briefing-format.md)
npm run briefing -- export <slug> <dir>     writes a briefing's files into <dir>/<slug>
npm run briefing -- format <path…>          rewrites files into the canonical form
npm run briefing -- pictures bucket         carries pictures that are still in Postgres to the bucket
npm run briefing -- pictures postgres       brings all back from the bucket`;

const say = (line: string) => process.stdout.write(`${line}\n`);
const complain = (line: string) => process.stderr.write(`${line}\n`);

command(process.env, process.argv.slice(2), async (work) => {
  const { args, ending } = work;
  const [name, ...rest] = args;
  const place = PLACES.find((one) => one === rest[0]);
  const doing =
    name === 'import' && rest.length > 0
      ? (wall: Wall) => importAll(wall, rest, ending)
      : name === 'export' && rest.length === 2
        ? (wall: Wall) => exportOne(work, wall, rest[0]!, rest[1]!)
        : name === 'format' && rest.length > 0
          ? (wall: Wall) => formatAll(wall, rest)
          : name === 'pictures' && rest.length === 1 && place
            ? (wall: Wall) => movePictures(work, wall, place)
            : null;
  if (!doing) throw new Refusal(USAGE);
  await exitWhenUnavailable(
    work,
    'The database does not answer. What was reported as done is done; run the command again for the rest.',
    doing,
  );
});

async function importAll(wall: Wall, paths: readonly string[], ending: AbortSignal): Promise<void> {
  const found = await find(paths);
  const counts = { created: 0, updated: 0, unchanged: 0, refused: 0 };
  for (const { file, bytes } of found.categories) {
    await attempt(
      () => importCategories(wall, file, bytes),
      counts,
      (number) => say(`${file}: ${number} categories`),
    );
  }
  const twice = slugsTwice(found);
  const total = found.briefings.length;
  for (const [index, folder] of found.briefings.entries()) {
    // Ctrl-C ends the import between two briefings, never inside one.
    if (ending.aborted) break;
    const progress = `[${String(index + 1).padStart(String(total).length)}/${total}]`;
    const other = twice.get(folder.path);
    if (other) {
      counts.refused++;
      const found = `the same slug as ${other}`;
      const fault = { file: folder.path, line: 0, field: 'slug', found, allowed: 'each slug once in an import' };
      complain(`${progress} ${formatFault(fault)}`);
      continue;
    }
    const stripped = await stripMetadata(wall, folder);
    await attempt(
      () => importBriefing(wall, stripped),
      counts,
      ({ slug, outcome, revision }) => {
        counts[outcome]++;
        say(
          `${progress} ${slug}: ` +
            `${outcome}${outcome === 'unchanged' ? '' : `, revision ${revision}${sayReEncoded(stripped)}`}`,
        );
      },
    );
  }
  say(`${counts.created} created, ${counts.updated} updated, ${counts.unchanged} unchanged, ${counts.refused} refused`);
  if (counts.refused > 0 || found.empty.length > 0) throw new Refusal('Not everything was imported.');
}

/** An editor looks at what stands on the site, and it is not quite what lies in the folder. */
const sayReEncoded = ({ reEncoded }: StrippedFolder) =>
  reEncoded.size === 0 ? '' : `; drawn anew, without EXIF or other words: ${[...reEncoded.keys()].sort().join(', ')}`;

async function attempt<T>(
  work: () => Promise<T>,
  counts: { refused: number },
  done: (result: T) => void,
): Promise<void> {
  try {
    done(await work());
  } catch (error) {
    if (!(error instanceof FaultyFiles)) throw error;
    counts.refused++;
    sayFaults(error.faults);
  }
}

function sayFaults(faults: readonly Fault[]): void {
  for (const fault of faults) complain(formatFault(fault));
}

async function exportOne({ config, opened }: CommandContext, wall: Wall, slug: string, dir: string): Promise<void> {
  const bucket = config.bucket && openBucket(config.bucket);
  opened('the bucket', () => bucket?.close());
  const files = await exportBriefing(wall, slug, bucket).catch(sayAway);
  if (!files) throw new Refusal(`There is no briefing with the slug ${JSON.stringify(slug)}.`);
  await writeFolder(path.join(dir, slug), files);
  say(`${path.join(dir, slug)}: ${[...files.keys()].join(', ')}`);
}

async function formatAll(wall: Wall, paths: readonly string[]): Promise<void> {
  const found = await find(paths);
  const site = await wall.read(editorialViewer, loadSiteContext);
  let refused = 0;
  for (const folder of found.briefings) {
    const read = readBriefing(folder, site);
    if ('faults' in read) {
      refused++;
      sayFaults(read.faults);
      continue;
    }
    const files = writeBriefing(read.content, site.shape);
    const changed = [...files].filter(
      ([name, text]) => !Buffer.from(text).equals(folder.files.get(name) ?? Buffer.alloc(0)),
    );
    await writeFolder(folder.path, new Map(changed));
    say(
      `${folder.path}: ${changed.length > 0 ? changed.map(([name]) => name).join(', ') : 'in canonical form already'}`,
    );
  }
  if (refused > 0) throw new Refusal('Not everything could be rewritten.');
}

async function movePictures({ config, opened }: CommandContext, wall: Wall, to: Place): Promise<void> {
  if (!config.bucket)
    throw new Refusal('There is no bucket: set S3_ENDPOINT and what belongs to it (docs/settings.md).');
  const bucket = openBucket(config.bucket);
  opened('the bucket', () => bucket.close());
  let lost = 0;
  const carried = await moveAll({ wall, bucket }, to, ({ message }) => {
    lost++;
    complain(message);
  }).catch(sayAway);
  say(`${carried} pictures carried ${to === 'bucket' ? 'to the bucket' : 'back into Postgres'}`);
  if (lost > 0) throw new Refusal(`${lost} pictures could not be carried. They are as they were.`);
}

/** A bucket that does not answer, or has not what it was given, is something the operator can see to. */
function sayAway(error: unknown): never {
  if (error instanceof BucketUnavailableError || error instanceof MissingPictureError)
    throw new Refusal(`${error.message}. Nothing is lost by asking again.`);
  throw error;
}

async function find(paths: readonly string[]): Promise<FoundFolders> {
  const found = await findFolders(paths);
  for (const one of found.empty) complain(`${one}: no briefing folder and no ${CATEGORIES_FILE} in it`);
  return found;
}

/** Folders whose name, and so whose slug, another folder of the same import has. */
function slugsTwice({ briefings }: FoundFolders): Map<string, string> {
  const first = new Map<string, string>();
  const twice = new Map<string, string>();
  for (const { path: at } of briefings) {
    const slug = path.basename(at);
    const before = first.get(slug);
    if (before) twice.set(at, before);
    else first.set(slug, at);
  }
  return twice;
}

/** Each file whole or as it was: written beside, then moved into place. */
async function writeFolder(folder: string, files: ReadonlyMap<string, string | Uint8Array>): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of files) {
    const at = path.join(folder, name);
    if ((await readFile(at).catch(() => null))?.equals(Buffer.from(content))) continue;
    await writeFile(`${at}.part`, content);
    await rename(`${at}.part`, at);
  }
}
