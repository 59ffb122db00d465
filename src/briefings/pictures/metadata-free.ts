import type { PictureFormat } from '../vocabulary';

/**
 * Is there nothing in these bytes but the picture: no EXIF, no words, no second picture, nothing behind its end? Known
 * parts alone pass, so what nobody has thought of does not.
 */
export function isMetadataFree(bytes: Uint8Array, format: PictureFormat): boolean {
  return BARE[format](Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
}

const BARE: Readonly<Record<PictureFormat, (file: Buffer) => boolean>> = {
  jpg: bareJpeg,
  png: barePng,
  webp: bareWebp,
  avif: bareAvif,
};

/** JPEG's parts: its head, tables, frame and scans. */
function bareJpeg(file: Buffer): boolean {
  if (file.length < 4 || file.readUInt16BE(0) !== 0xffd8) return false;
  let at = 2;
  while (at + 4 <= file.length) {
    const [mark, code] = [file[at]!, file[at + 1]!];
    if (mark !== 0xff) return false;
    const size = file.readUInt16BE(at + 2);
    const head = code === 0xe0 && size === 16 && file.toString('latin1', at + 4, at + 9) === 'JFIF\0';
    const table = code === 0xdb || code === 0xc4 || code === 0xdd || code === 0xc0 || code === 0xc1 || code === 0xc2;
    if (code !== 0xda && !head && !table) return false;
    at += 2 + size;
    if (code !== 0xda) continue;
    // A scan goes on to the next mark that is neither a stuffed byte nor a restart.
    while (
      at + 1 < file.length &&
      (file[at] !== 0xff || file[at + 1] === 0 || (file[at + 1]! >= 0xd0 && file[at + 1]! <= 0xd7))
    )
      at++;
    if (file[at + 1] === 0xd9) return at + 2 === file.length;
  }
  return false;
}

const PNG_PARTS = new Set(['IHDR', 'PLTE', 'IDAT', 'tRNS', 'gAMA', 'cHRM', 'sRGB', 'sBIT', 'bKGD', 'pHYs', 'IEND']);

function barePng(file: Buffer): boolean {
  for (let at = 8; at + 12 <= file.length; at += 12 + file.readUInt32BE(at)) {
    const part = file.toString('latin1', at + 4, at + 8);
    if (!PNG_PARTS.has(part)) return false;
    if (part === 'IEND') return at + 12 + file.readUInt32BE(at) === file.length;
  }
  return false;
}

const WEBP_PARTS = new Set(['VP8 ', 'VP8L', 'VP8X', 'ALPH']);

function bareWebp(file: Buffer): boolean {
  if (file.length < 20 || file.readUInt32LE(4) + 8 !== file.length) return false;
  let at = 12;
  while (at + 8 <= file.length) {
    if (!WEBP_PARTS.has(file.toString('latin1', at, at + 4))) return false;
    const size = file.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return at === file.length;
}

const AVIF_PARTS = new Set(['ftyp', 'meta', 'mdat']);

/**
 * AVIF keeps EXIF and XMP as items, which are named in `meta`, and a colour profile of somebody's as `prof` or `rICC`.
 */
function bareAvif(file: Buffer): boolean {
  let at = 0;
  while (at + 8 <= file.length) {
    const [size, part] = [file.readUInt32BE(at), file.toString('latin1', at + 4, at + 8)];
    if (!AVIF_PARTS.has(part) || size < 8) return false;
    if (part === 'meta' && /infe.{4,12}(?:Exif|mime|uri )|prof|rICC|uuid/s.test(file.toString('latin1', at, at + size)))
      return false;
    at += size;
  }
  return at === file.length;
}
