import { randomBytes } from 'node:crypto';
import { linkSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { birthOf } from '../../../lib/processes';
import { giveToOwnerOf, readIfThere, writePrivate } from './private-file';

/** Who holds a data folder. */
export interface Holder {
  readonly pid: number;
  /** `birthOf(pid)`: a later process that was given the same id is somebody else. */
  readonly birth: string;
  /** Where it can be visited, once it listens. */
  readonly url?: string;
}

/** The right to use a data folder, held by one process at a time. */
export interface Lock {
  /** Tells those who come later where this one can be visited. */
  publish(url: string): void;
  release(): void;
}

/**
 * Takes the data folder for this process. A holder that has died, in whatever way, holds nothing.
 * @returns undefined when somebody else holds it.
 * @throws when the folder cannot be written.
 */
export function takeLock(dataDir: string): Lock | undefined {
  const file = path.join(dataDir, 'dossier.pid');
  const mine: Holder = { pid: process.pid, birth: birthOf(process.pid) ?? '' };
  for (;;) {
    if (create(file, JSON.stringify(mine))) return held(file, mine);
    const found = readIfThere(file);
    if (found === undefined) continue;
    if (livingHolder(found)) return undefined;
    removeStale(file, found);
  }
}

/** Whoever holds the data folder now, if anybody does. */
export function holderOf(dataDir: string): Holder | undefined {
  const found = readIfThere(path.join(dataDir, 'dossier.pid'));
  return found === undefined ? undefined : livingHolder(found);
}

// A link appears with its whole content or not at all, and never replaces another: writing in place does neither.
function create(file: string, content: string): boolean {
  const fresh = `${file}.${randomBytes(6).toString('hex')}`;
  writeFileSync(fresh, content, { mode: 0o600, flag: 'wx' });
  giveToOwnerOf(path.dirname(file), fresh);
  try {
    linkSync(fresh, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(fresh);
  }
}

function livingHolder(content: string): Holder | undefined {
  try {
    const holder = JSON.parse(content) as Holder;
    return Number.isInteger(holder.pid) && holder.pid > 0 && birthOf(holder.pid) === holder.birth ? holder : undefined;
  } catch {
    return undefined;
  }
}

// Two may find the same stale file. The slower one would take away the faster one's fresh lock, so it looks at what
// it took and gives it back.
function removeStale(file: string, stale: string): void {
  const aside = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (readIfThere(aside) !== stale) linkSync(aside, file);
  rmSync(aside);
}

function held(file: string, mine: Holder): Lock {
  return {
    publish: (url) => writePrivate(file, JSON.stringify({ ...mine, url } satisfies Holder)),
    release: () => rmSync(file, { force: true }),
  };
}
