import { createHash } from 'node:crypto';
import { imageSize } from 'image-size';
import { PICTURE_FORMATS } from '../vocabulary';
import type { Located } from './checks';
import type { Picture } from '../content';
import { shown, type Fault } from './fault';
import type { BriefingFolder } from './folder';

/** A file of a briefing's folder that may be its cover. */
export const COVER_FILE = new RegExp(`^cover\\.(${PICTURE_FORMATS.join('|')})$`);

/** Bytes and pixels (of either side) a picture may have. */
export const MOST_PICTURE_BYTES = 2 * 1024 * 1024;
const MOST_PIXELS = 10_000;

/** The cover that the original names, recognised by its bytes and not by its name; or what is wrong with it. */
export function readCover(
  folder: BriefingFolder,
  named: string | null,
  at: Located,
): { picture: Picture | null; faults: Fault[] } {
  const field = 'briefing.cover';
  const fault = (found: string, allowed: string): { picture: null; faults: Fault[] } => ({
    picture: null,
    faults: [{ file: at.file, line: at.lineOf(['briefing', 'cover']), field, found, allowed }],
  });
  const lying = [...folder.files.keys(), ...(folder.pictures?.keys() ?? [])].filter((name) => COVER_FILE.test(name));
  const stray = lying.find((name) => name !== named);
  if (stray)
    return fault(
      `${shown(named ?? undefined)}, with ${shown(stray)} in the folder`,
      `${shown(stray)}, or a folder without it`,
    );
  if (named === null) return { picture: null, faults: [] };
  const known = folder.pictures?.get(named);
  if (known) return { picture: known, faults: [] };
  const bytes = folder.files.get(named);
  if (!bytes) return fault(shown(named), 'the name of a file in the folder');
  if (bytes.length > MOST_PICTURE_BYTES)
    return fault(`${bytes.length} bytes`, `a picture of at most ${MOST_PICTURE_BYTES} bytes`);
  const size = sizeOf(bytes);
  const format = PICTURE_FORMATS.find((one) => named.endsWith(one))!;
  if (size?.type !== format)
    return fault(size?.type ? `a ${size.type}` : 'no picture', `a ${format}, as its name says`);
  if (size.width > MOST_PIXELS || size.height > MOST_PIXELS)
    return fault(`${size.width} × ${size.height} pixels`, `at most ${MOST_PIXELS} on either side`);
  return { picture: pictureOf(bytes, format, size), faults: [] };
}

/** A picture of a folder by its bytes, whatever its name; null for anything that could not be a cover. */
export function recognise(bytes: Uint8Array): Picture | null {
  const size = bytes.length > MOST_PICTURE_BYTES ? null : sizeOf(bytes);
  const format = PICTURE_FORMATS.find((one) => one === size?.type);
  return size && format && size.width <= MOST_PIXELS && size.height <= MOST_PIXELS
    ? pictureOf(bytes, format, size)
    : null;
}

function pictureOf(
  bytes: Uint8Array,
  format: Picture['format'],
  { width, height }: Pick<Picture, 'width' | 'height'>,
): Picture {
  return { id: createHash('sha256').update(bytes).digest('hex'), format, width, height };
}

function sizeOf(bytes: Uint8Array): { type: string | undefined; width: number; height: number } | null {
  try {
    const { type, width, height } = imageSize(bytes);
    return { type, width, height };
  } catch {
    return null;
  }
}
