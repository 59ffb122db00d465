import { createHash } from 'node:crypto';
import type { Sharp } from 'sharp';
import { openConcurrencyLimiter } from '../../stores/postgres/concurrency-limiter';
import { MOST_PICTURE_BYTES } from '../file/cover';
import type { Picture } from '../content';
import type { PictureFormat } from '../vocabulary';
import { sharp } from './sharp';

/** Bytes of a file that is offered, pixels it may unfold to, and pixels of the long side of what is kept of it. */
export const MOST_OFFERED_BYTES = 10 * 1024 * 1024;
export const MOST_OFFERED_PIXELS = 50_000_000;
const LONGEST_SIDE = 2400;

/**
 * Pixels: the widths that a picture is kept in besides its own, where it is wider; and their format, which every
 * browser reads.
 */
const WIDTHS = [480, 960, 1600] as const;
export const SIZE_FORMAT = 'webp' satisfies PictureFormat;

/** Milliseconds that a picture waits for its turn. */
const IN_LINE = 60_000;

/** Two pictures at a time in a process: what a third would unfold to waits outside. */
const limiter = openConcurrencyLimiter(2, IN_LINE);

/** A picture drawn anew, with its sizes. */
export interface ReEncoded {
  readonly picture: Picture;
  readonly bytes: Uint8Array;
  readonly sizes: readonly { readonly width: number; readonly height: number; readonly bytes: Uint8Array }[];
}

/** Why a file is not taken: too many bytes, none of the four formats, damaged, or unfolding to too many pixels. */
export type UnusablePicture = 'bytes' | 'format' | 'broken' | 'pixels';

/**
 * Draws an offered picture anew: upright, nothing in it but the picture (no EXIF, no place, no name), small enough to
 * be kept. It is known by its first bytes, not by its name. The work is done beside the event loop, in its turn.
 */
export async function reEncode(offered: Uint8Array): Promise<ReEncoded | { readonly refused: UnusablePicture }> {
  if (offered.length > MOST_OFFERED_BYTES) return { refused: 'bytes' };
  const format = formatOf(offered);
  if (!format) return { refused: 'format' };
  return limiter.run(async () => {
    try {
      const { width, height } = await sharp()(offered, { limitInputPixels: false }).metadata();
      if (width * height > MOST_OFFERED_PIXELS) return { refused: 'pixels' };
      const { data, info, format: encoded } = await smallEnough(offered, format);
      const picture = {
        id: createHash('sha256').update(data).digest('hex'),
        format: encoded,
        width: info.width,
        height: info.height,
      };
      return { picture, bytes: data, sizes: await sizesOf(data, info.width) };
    } catch {
      return { refused: 'broken' };
    }
  });
}

/** The sizes of a picture that is kept as it is; none where it cannot be drawn. */
export function makeSizes(
  bytes: Uint8Array,
  { width, height }: Pick<Picture, 'width' | 'height'>,
): Promise<ReEncoded['sizes']> {
  if (width * height > MOST_OFFERED_PIXELS || !WIDTHS.some((one) => one < width)) return Promise.resolve([]);
  return limiter.run(() => sizesOf(bytes, width).catch(() => []));
}

/** Its own format first; what gets too heavy that way (a photograph as PNG) becomes WebP, and then smaller. */
async function smallEnough(offered: Uint8Array, own: PictureFormat) {
  const tries: readonly { readonly format: PictureFormat; readonly side: number; readonly quality: number }[] = [
    { format: own, side: LONGEST_SIDE, quality: 82 },
    { format: 'webp', side: LONGEST_SIDE, quality: 80 },
    { format: 'webp', side: 1600, quality: 70 },
    { format: 'webp', side: 1000, quality: 60 },
  ];
  for (const { format, side, quality } of tries) {
    const picture = await encode(
      open(offered).resize({ width: side, height: side, fit: 'inside', withoutEnlargement: true }),
      format,
      quality,
    ).toBuffer({ resolveWithObject: true });
    if (picture.data.length <= MOST_PICTURE_BYTES) return { ...picture, format };
  }
  throw new Error('a picture that gets no smaller');
}

async function sizesOf(bytes: Uint8Array, own: number): Promise<ReEncoded['sizes']> {
  const sizes: ReEncoded['sizes'][number][] = [];
  for (const width of WIDTHS.filter((one) => one < own)) {
    const { data, info } = await encode(open(bytes).resize({ width }), SIZE_FORMAT, 80).toBuffer({
      resolveWithObject: true,
    });
    sizes.push({ width: info.width, height: info.height, bytes: data });
  }
  return sizes;
}

const open = (bytes: Uint8Array): Sharp =>
  sharp()(bytes, { limitInputPixels: MOST_OFFERED_PIXELS, failOn: 'error' }).autoOrient().toColourspace('srgb');

function encode(picture: Sharp, format: PictureFormat, quality: number): Sharp {
  if (format === 'png') return picture.png({ compressionLevel: 9 });
  if (format === 'jpg') return picture.jpeg({ quality, progressive: true });
  if (format === 'webp') return picture.webp({ quality });
  return picture.avif({ quality: Math.round(quality * 0.75), effort: 2 });
}

/** What a file is by its first bytes. */
function formatOf(bytes: Uint8Array): PictureFormat | null {
  const head = Buffer.from(bytes.subarray(0, 32)).toString('latin1');
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (head.startsWith('RIFF') && head.slice(8, 12) === 'WEBP') return 'webp';
  return /^avi[fs]/.test(head.slice(8)) && head.slice(4, 8) === 'ftyp' ? 'avif' : null;
}
