import { isBare } from '../../briefings/bare';
import { drawAnew } from '../../briefings/draw';
import { recognise } from '../../briefings/file/cover';
import { FaultyFiles } from '../../briefings/file/fault';

/**
 * Files that were uploaded, their pictures without anything but the picture in them: drawn anew where there was more, and
 * as they are where there was not, so that what was exported comes back byte for byte. What is no picture is left to the
 * reader of the files.
 * @throws FaultyFiles where a picture cannot be drawn without what is in it.
 */
export async function washed(files: ReadonlyMap<string, Uint8Array>): Promise<Map<string, Uint8Array>> {
  const clean = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) clean.set(name, await wash(name, bytes));
  return clean;
}

async function wash(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  const picture = name.endsWith('.md') ? null : recognise(bytes);
  if (!picture || isBare(bytes, picture.format)) return bytes;
  const drawn = await drawAnew(bytes);
  // In another format it would no longer be what its name says.
  if (!('refused' in drawn) && drawn.picture.format === picture.format) return drawn.bytes;
  throw new FaultyFiles([{ file: name, line: 0, field: 'picture', found: 'EXIF or other words in it, and it cannot be drawn anew without them', allowed: 'a picture saved without them' }]);
}
