import sharp from 'sharp';

/** Pictures of one pixel, enough to be recognised. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
export const GIF = Buffer.from('R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==', 'base64');

/** What the EXIF of a picture says, where it says something. */
export const PLACE = 'SECRETPLACE';

/** A picture, with where it was taken in it or without. */
export function aPicture(format: 'png' | 'jpg' | 'webp' | 'avif', tint: number, placed: boolean): Promise<Buffer> {
  const plain = sharp({ create: { width: 700, height: 400, channels: 3, background: { r: tint, g: 80, b: 120 } } });
  return (
    placed
      ? plain.withExif({
          IFD0: { ImageDescription: PLACE },
          IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '51/1 30/1 3230/100' },
        })
      : plain
  )
    .toFormat(format === 'jpg' ? 'jpeg' : format)
    .toBuffer();
}
