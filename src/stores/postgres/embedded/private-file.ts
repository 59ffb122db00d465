import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Replaces a file at once, readable by its owner alone. Written by root into somebody's folder it becomes theirs,
 * so that they can still start what root has started once.
 */
export function writePrivate(file: string, content: string): void {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, content, { mode: 0o600, flag: 'wx', flush: true });
  giveToOwnerOf(path.dirname(file), fresh);
  renameSync(fresh, file);
}

/** As root, gives `file` to whoever owns `folder`; otherwise nothing has to be given. */
export function giveToOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0) return;
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}

/** The file's text, or undefined when there is no such file. @throws when it is there and cannot be read. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
