import { Unzip, UnzipInflate, type UnzipFile } from 'fflate';
import { MOST_OFFERED_BYTES } from '../../../briefings/pictures/re-encode';
import { UnreadableExport } from '../export';
import { isZip } from '../substack';
import type { OfferedFile, PictureReceiver } from './receive';

/** The record that ends a zip, and within how many of its last bytes it begins (APPNOTE.TXT, 4.3.16). */
const END = Buffer.from('PK\x05\x06', 'latin1');
const LAST = 22 + 65_535;

/**
 * Takes the pictures of a zip in while it arrives: of a file that no post names nothing is unpacked, and of the others
 * no more at a time than one picture may have.
 * @throws UnreadableExport where it is no zip, or ends in the middle of a file.
 */
export async function receiveZip(receiver: PictureReceiver, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const ready: OfferedFile[] = [];
  const open = new Set<UnzipFile>();
  const unzip = new Unzip((file) => collect(file, receiver, open, (one) => ready.push(one)));
  unzip.register(UnzipInflate);
  let head: Buffer | null = Buffer.alloc(0);
  let tail = Buffer.alloc(0);
  const push = async (part: Uint8Array, last: boolean) => {
    try {
      unzip.push(part, last);
    } catch {
      throw new UnreadableExport('zip');
    }
    for (const one of ready.splice(0)) await receiver.take(one);
  };
  for await (const part of bytes) {
    tail = Buffer.concat([tail, part.subarray(-LAST)]).subarray(-LAST);
    if (head === null) {
      await push(part, false);
      continue;
    }
    head = Buffer.concat([head, part]);
    if (head.length < 4) continue;
    if (!isZip(head)) throw new UnreadableExport('zip');
    await push(head, false);
    head = null;
  }
  if (head !== null) throw new UnreadableExport('zip');
  await push(new Uint8Array(), true);
  if (open.size > 0 || !tail.includes(END)) throw new UnreadableExport('zip');
}

function collect(
  file: UnzipFile,
  receiver: PictureReceiver,
  open: Set<UnzipFile>,
  give: (one: OfferedFile) => void,
): void {
  if (!receiver.wants(file.name)) return;
  const parts: Uint8Array[] = [];
  let size = 0;
  open.add(file);
  file.ondata = (error, part, last) => {
    if (error) throw error;
    size += part.length;
    if (size > MOST_OFFERED_BYTES) {
      if (open.delete(file)) give({ place: file.name, bytes: null });
      parts.length = 0;
      return file.terminate();
    }
    parts.push(part);
    if (!last) return;
    open.delete(file);
    give({ place: file.name, bytes: Buffer.concat(parts) });
  };
  file.start();
}
