import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { extract as openExtract } from 'tar-stream';
import { Refusal } from '../lib/refusal';
import { END, endSchema, MANIFEST, manifestSchema, tableOf, VERSION, type End, type Manifest } from './format';
import { digestOf } from './pack';
import { TAKEN } from './tables';

/** Why a file is not taken for an archive, or for one of this version, in a sentence. */
export class UnfitArchive extends Refusal {}

/** One entry of an archive, whole. */
export interface Entry {
  readonly name: string;
  /** The same file under another name. */
  readonly isLink: boolean;
  readonly bytes: Buffer;
}

/** Bytes that an entry may have: a picture or some rows has a few million. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The entries of an archive, one after the other, none but the one at hand in memory.
 * @throws UnfitArchive where the file cannot be read as one, or breaks off.
 */
export async function* entriesOf(file: string): AsyncGenerator<Entry> {
  const extract = openExtract();
  const unzip = createGunzip();
  const source = createReadStream(file);
  source.on('error', (error) => unzip.destroy(error));
  unzip.on('error', (error) => extract.destroy(error));
  source.pipe(unzip).pipe(extract);
  try {
    for await (const entry of extract) {
      const { name, type, size = 0 } = entry.header;
      if (size > MOST_BYTES) throw new UnfitArchive(`${file} is no archive of Dossier: ${name} is too large.`);
      const parts: Buffer[] = [];
      for await (const part of entry) parts.push(part as Buffer);
      yield { name, isLink: type === 'link', bytes: Buffer.concat(parts) };
    }
  } catch (error) {
    throw error instanceof Refusal ? error : new UnfitArchive(`${file} cannot be read: ${reasonOf(error)}.`);
  } finally {
    extract.destroy();
    unzip.destroy();
    source.destroy();
  }
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'Z_BUF_ERROR' || /unexpected end/i.test(message)) return 'it breaks off before its end';
  if (code?.startsWith('Z_')) return 'it is no archive of Dossier, or was changed since it was made';
  return code ?? message;
}

/**
 * What an archive says of itself: its first entry. The others are not looked at.
 * @throws UnfitArchive where the file is none of this version.
 */
export async function readManifest(file: string): Promise<Manifest> {
  const entries = entriesOf(file);
  try {
    const first = await entries.next();
    if (first.done) throw new UnfitArchive(`${file} is no archive of Dossier.`);
    return manifestOf(file, first.value.name, first.value.bytes);
  } finally {
    await entries.return(undefined);
  }
}

/** What a whole archive is, and the words of the shape of a briefing that it has, as lines of JSON. */
export interface CheckedArchive {
  readonly manifest: Manifest;
  readonly shapeWords: readonly string[];
}

/**
 * Reads an archive from its first byte to its last.
 * @throws UnfitArchive where it is not whole, was changed, or is one of another version.
 */
export async function checkArchive(file: string): Promise<CheckedArchive> {
  const broken = (why: string) => new UnfitArchive(`${file} is not whole: ${why}. Make it anew, or copy it again.`);
  const digest = digestOf();
  const rows: Record<string, number> = {};
  const shapeWords: string[] = [];
  let manifest: Manifest | null = null;
  let end: End | null = null;
  let entries = 0;
  for await (const { name, bytes } of entriesOf(file)) {
    if (end !== null) throw broken('something follows its end');
    if (manifest === null) {
      manifest = manifestOf(file, name, bytes);
      continue;
    }
    if (name === END) {
      end = endSchema.parse(parsed(bytes));
      continue;
    }
    entries++;
    digest.add(name, bytes.length);
    digest.bytes(bytes);
    const table = tableOf(name);
    if (table === null) continue;
    if (!TAKEN.some((one) => one.name === table)) throw broken(`there is no table ${table}`);
    const lines = linesIn(bytes);
    rows[table] = (rows[table] ?? 0) + lines.length;
    if (table === 'shape_words') shapeWords.push(...lines);
  }
  if (manifest === null) throw broken('it is empty');
  if (end === null) throw broken('it breaks off before its end');
  if (end.entries !== entries || end.digest !== digest.end()) throw broken('it was changed since it was made');
  for (const { name } of TAKEN)
    if ((rows[name] ?? 0) !== (manifest.rows[name] ?? 0)) throw broken(`rows of ${name} are missing`);
  return { manifest, shapeWords };
}

function manifestOf(file: string, name: string, bytes: Buffer): Manifest {
  const read = manifestSchema.safeParse(name === MANIFEST ? parsed(bytes) : null);
  if (!read.success) throw new UnfitArchive(`${file} is no archive of Dossier.`);
  if (read.data.version !== VERSION)
    throw new UnfitArchive(
      `${file} is an archive of version ${read.data.version}; this Dossier reads version ${VERSION}. ` +
        'Bring both to the same version of Dossier, and make it anew.',
    );
  return read.data;
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString()) as unknown;
  } catch {
    return null;
  }
}

/** The lines of an entry with rows. */
export const linesIn = (bytes: Buffer): string[] => {
  const text = bytes.toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n');
};
