/** What the name of a site picture says: its content, its size, its format. */
const NAME = /^([0-9a-f]{64})-([1-9]\d{0,3})x([1-9]\d{0,3})\.(png|jpg)$/;

/** A picture of the publication's own. */
export interface SitePicture {
  readonly name: string;
  /** SHA-256 of what it was made as, in hexadecimal. */
  readonly hash: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly mediaType: 'image/png' | 'image/jpeg';
  /** Where it lies: without the origin, for ever the same. */
  readonly address: string;
}

/** The picture of a name; null: it is no such name. */
export function readPictureName(name: string): SitePicture | null {
  const [, hash = '', width, height, format] = NAME.exec(name) ?? [];
  if (hash === '') return null;
  const mediaType = format === 'png' ? 'image/png' : 'image/jpeg';
  return { name, hash, width: Number(width), height: Number(height), mediaType, address: `/site-pictures/${name}` };
}

/** The name of a picture. @param hash SHA-256, in hexadecimal. */
export const pictureName = (hash: string, width: number, height: number, format: 'png' | 'jpg'): string =>
  `${hash}-${width}x${height}.${format}`;

/**
 * The sizes of an icon, all made from one upload: in a browser's bar, on a telephone's screen (`touch`, without
 * transparency), in a manifest, and `maskable`, with room around it to be cut into any shape (W3C Manifest, 1.9.3).
 */
export const ICON_SIZES = { small: 32, touch: 180, medium: 192, maskable: 432, large: 512 } as const;
export type IconSize = keyof typeof ICON_SIZES;

/** A size of an icon. @param name the icon's own, which is its largest size. */
export const iconOf = (name: string, size: IconSize): SitePicture | null => {
  const icon = readPictureName(name);
  return icon && readPictureName(pictureName(icon.hash, ICON_SIZES[size], ICON_SIZES[size], 'png'));
};
