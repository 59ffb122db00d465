import path from 'node:path';
import { editorialViewer } from '../../access/viewer';
import type { Wall } from '../../stores/postgres/wall';
import { isMetadataFree } from './metadata-free';
import { reEncode, type ReEncoded } from './re-encode';
import type { Picture } from '../content';
import { COVER_FILE, recognise } from '../file/cover';
import type { Fault } from '../file/fault';
import { FIGURE_FILE, MOST_FIGURES } from '../file/figures';
import type { BriefingFolder } from '../file/folder';

/** A picture drawn from a file that had more in it. */
export interface Redrawn {
  /** SHA-256 of the file, in hexadecimal. */
  readonly file: string;
  readonly picture: Picture;
  /** Null: the picture is kept since the file was met before. */
  readonly made: Pick<ReEncoded, 'bytes' | 'sizes'> | null;
}

/** A folder whose pictures were looked through. */
export interface StrippedFolder extends BriefingFolder {
  /** By the names of their files. Every other picture is kept byte for byte. */
  readonly reEncoded: ReadonlyMap<string, Redrawn>;
  readonly faults: readonly Fault[];
}

/**
 * Draws the pictures of a folder anew that have more in them than the picture, so that no import brings in EXIF or
 * other words. What was drawn from the same file before is the picture again, whatever would be drawn today: a folder
 * that has not changed is no change. The files themselves stay as they are.
 */
export async function stripMetadata(wall: Wall, folder: BriefingFolder): Promise<StrippedFolder> {
  const full = [...folder.files]
    .filter(([name]) => COVER_FILE.test(name) || FIGURE_FILE.test(name))
    .slice(0, MOST_FIGURES + 1)
    .flatMap(([name, bytes]) => {
      const found = recognise(bytes);
      return found && !isMetadataFree(bytes, found.format) ? [{ name, bytes, found }] : [];
    });
  if (full.length === 0) return { ...folder, reEncoded: new Map(), faults: [] };
  const before = await reEncodedBefore(
    wall,
    full.map(({ found }) => found.id),
  );
  const reEncoded = new Map<string, Redrawn>();
  const faults: Fault[] = [];
  await Promise.all(
    full.map(async ({ name, bytes, found }) => {
      const known = before.get(found.id);
      const redrawn = known ? { file: found.id, picture: known, made: null } : await redraw(bytes, found);
      if (redrawn) reEncoded.set(name, redrawn);
      else
        faults.push({
          file: path.join(folder.path, name),
          line: 0,
          field: 'picture',
          found: 'EXIF or other words in it, and it cannot be drawn anew without them',
          allowed: 'a picture saved without them',
        });
    }),
  );
  return { ...folder, reEncoded, faults };
}

/** Null where it cannot be drawn, or only in another format, so that it would no longer be what its name says. */
async function redraw(bytes: Uint8Array, { id, format }: Picture): Promise<Redrawn | null> {
  const reEncoded = await reEncode(bytes);
  return 'refused' in reEncoded || reEncoded.picture.format !== format
    ? null
    : { file: id, picture: reEncoded.picture, made: reEncoded };
}

async function reEncodedBefore(wall: Wall, ids: string[]): Promise<Map<string, Picture>> {
  const rows = await wall.read(editorialViewer, (db) =>
    db.drawing.findMany({
      where: { fileId: { in: ids } },
      select: { fileId: true, picture: { select: { id: true, format: true, width: true, height: true } } },
    }),
  );
  return new Map(rows.map(({ fileId, picture }) => [fileId, picture]));
}
