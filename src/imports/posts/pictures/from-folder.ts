import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { MOST_OFFERED_BYTES } from '../../../briefings/pictures/re-encode';
import type { PictureReceiver } from './receive';

/** Takes in the pictures below a folder of this machine that posts name. What is a link is not followed. */
export async function receiveFolder(receiver: PictureReceiver, folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    const place = path.relative(path.dirname(folder), file);
    if (!receiver.wants(place)) continue;
    const fits = statSync(file).size <= MOST_OFFERED_BYTES;
    await receiver.take({ place, bytes: fits ? readFileSync(file) : null });
  }
}
