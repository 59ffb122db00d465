import { zipSync } from 'fflate';

/** The first moment a ZIP archive knows: the same files give the same bytes. */
const MTIME = new Date(1980, 0, 1);

/** Files in a ZIP archive, stored as they are. */
export const zip = (files: ReadonlyMap<string, Uint8Array>): Buffer =>
  Buffer.from(zipSync(Object.fromEntries(files), { level: 0, mtime: MTIME }));
