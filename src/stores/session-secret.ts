import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { readIfThere, writePrivate } from './postgres/embedded/private-file';

/** The data folder's own secret for session cookies, invented the first time: logins outlive a restart. */
export function keepSessionSecret(dataDir: string): string {
  const file = path.join(dataDir, 'session-secret');
  const known = readIfThere(file)?.trim();
  if (known) return known;
  const invented = randomBytes(32).toString('base64url');
  writePrivate(file, `${invented}\n`);
  return invented;
}

/** The same where one was invented already; null where there is none. */
export const readSessionSecret = (dataDir: string): string | null =>
  readIfThere(path.join(dataDir, 'session-secret'))?.trim() || null;
