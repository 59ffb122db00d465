import { createHash } from 'node:crypto';
import type { Sharp } from 'sharp';
import { reEncode, type UnusablePicture } from '../../../briefings/pictures/re-encode';
import { sharp } from '../../../briefings/pictures/sharp';
import { ICON_SIZES, pictureName } from '../../../site/pictures/names';
import type { PictureFile } from '../../../site/pictures/store';
import type { Settings } from '../../../site/settings/schemas';
import { checkSvg, MOST_SVG_BYTES } from './check-svg';
import { renderSvg } from '../../../site/pictures/render-svg';

/** What a picture is for. */
export type PictureRole = keyof Settings['pictures'];

/** Why a file is not taken. `what`: the thing in a drawing that is not drawn. */
export interface Refused {
  readonly why: UnusablePicture | 'small' | 'svg-bytes' | 'svg-broken' | 'svg-complex' | 'svg-unsafe' | 'svg-here';
  readonly what?: string;
}

/** A picture as it is kept: its name, and its files. */
export interface Drawn {
  readonly name: string;
  readonly files: readonly PictureFile[];
}

/** Pixels: the box each is drawn into, and the least that an upload has which is made of pixels. */
const LOGO = { width: 960, height: 240 };
const SHARING = { width: 1200, height: 630 };
const LEAST: Readonly<Record<PictureRole, { readonly width: number; readonly height: number }>> = {
  logo: { width: 24, height: 24 },
  logoDark: { width: 24, height: 24 },
  icon: { width: ICON_SIZES.touch, height: ICON_SIZES.touch },
  sharing: { width: 600, height: 315 },
};

const isSvg = (bytes: Uint8Array): boolean =>
  /^\uFEFF?\s*<(?:\?xml|!--|!doctype|svg)/i.test(Buffer.from(bytes.subarray(0, 200)).toString('utf8'));

/** A drawing's pixels, or why it has none. */
async function fromSvg(bytes: Uint8Array, role: PictureRole): Promise<Uint8Array | Refused> {
  if (role === 'sharing') return { why: 'svg-here' };
  if (bytes.length > MOST_SVG_BYTES) return { why: 'svg-bytes' };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return { why: 'svg-broken' };
  }
  const fault = checkSvg(text);
  if (fault) return { ...fault, why: `svg-${fault.why}` };
  const box = role === 'icon' ? { width: ICON_SIZES.large, height: ICON_SIZES.large } : LOGO;
  return (await renderSvg(text, box)) ?? { why: 'svg-broken' };
}

/** The pixels of a file that is known by its first bytes, with nothing else in it. */
async function pixelsOf(bytes: Uint8Array, role: PictureRole): Promise<Uint8Array | Refused> {
  if (isSvg(bytes)) return fromSvg(bytes, role);
  const picture = await reEncode(bytes);
  if ('refused' in picture) return { why: picture.refused };
  const { width, height } = picture.picture;
  return width < LEAST[role].width || height < LEAST[role].height ? { why: 'small' } : picture.bytes;
}

const hashOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const asPng = (picture: Sharp): Promise<Buffer> => picture.png({ compressionLevel: 9 }).toBuffer();

async function drawLogo(pixels: Uint8Array): Promise<Drawn> {
  const { data, info } = await sharp()(pixels)
    .resize({ ...LOGO, fit: 'inside', withoutEnlargement: true })
    .png({ compressionLevel: 9, palette: true, quality: 95 })
    .toBuffer({ resolveWithObject: true });
  const name = pictureName(hashOf(data), info.width, info.height, 'png');
  return { name, files: [{ name, bytes: data }] };
}

async function drawSharing(pixels: Uint8Array): Promise<Drawn> {
  const bytes = await sharp()(pixels)
    .flatten({ background: '#ffffff' })
    .resize({ ...SHARING, fit: 'cover' })
    .jpeg({ quality: 82, progressive: true })
    .toBuffer();
  const name = pictureName(hashOf(bytes), SHARING.width, SHARING.height, 'jpg');
  return { name, files: [{ name, bytes }] };
}

/** What is around an icon where nothing may be seen through: the colour of its own corner, or white. */
async function groundOf(icon: Buffer): Promise<{ r: number; g: number; b: number }> {
  const [r = 255, g = 255, b = 255, alpha = 0] = await sharp()(icon)
    .ensureAlpha()
    .extract({ left: 0, top: 0, width: 1, height: 1 })
    .raw()
    .toBuffer();
  return alpha === 255 ? { r, g, b } : { r: 255, g: 255, b: 255 };
}

async function drawIcon(pixels: Uint8Array): Promise<Drawn> {
  const { large, small, touch, medium, maskable } = ICON_SIZES;
  const clear = { r: 0, g: 0, b: 0, alpha: 0 };
  const own = await asPng(sharp()(pixels).resize({ width: large, height: large, fit: 'contain', background: clear }));
  const background = await groundOf(own);
  const smaller = (width: number) => asPng(sharp()(own).resize({ width }));
  const within = Math.round(maskable * 0.8);
  const edge = (maskable - within) / 2;
  const bytes = {
    large: own,
    small: await smaller(small),
    medium: await smaller(medium),
    touch: await asPng(sharp()(own).resize({ width: touch }).flatten({ background })),
    maskable: await asPng(
      sharp()(await asPng(sharp()(own).resize({ width: within }).flatten({ background }))).extend({
        ...{ top: Math.floor(edge), bottom: Math.ceil(edge), left: Math.floor(edge), right: Math.ceil(edge) },
        background,
      }),
    ),
  };
  const hash = hashOf(own);
  const nameOf = (size: keyof typeof bytes) => pictureName(hash, ICON_SIZES[size], ICON_SIZES[size], 'png');
  const files = (Object.keys(bytes) as (keyof typeof bytes)[]).map((size) => ({
    name: nameOf(size),
    bytes: bytes[size],
  }));
  return { name: nameOf('large'), files };
}

/**
 * Draws what was uploaded as what it is for: nothing of the file itself is kept or served. The same file gives the same
 * name.
 */
export async function drawPicture(role: PictureRole, offered: Uint8Array): Promise<Drawn | Refused> {
  const pixels = await pixelsOf(offered, role);
  if (!(pixels instanceof Uint8Array)) return pixels;
  if (role === 'icon') return drawIcon(pixels);
  return role === 'sharing' ? drawSharing(pixels) : drawLogo(pixels);
}
