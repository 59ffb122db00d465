import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { Refusal } from '../../../lib/refusal';
import { type Account, canEnter } from './account';
import { stopOrphan } from './orphan';
import { readIfThere, writePrivate } from './private-file';

/** What a cluster says of itself, in a file of its own folder. */
export interface Mark {
  /** The id in the secrets of the data folder it belongs to. */
  readonly id: string;
  /** Where that data folder was when the cluster was last used. */
  readonly dataDir: string;
}

/** Where clusters go that cannot stand in their data folder. */
export const ELSEWHERE = process.platform === 'darwin' ? '/usr/local/var/dossier' : '/var/lib/dossier';

/** The cluster in the folder that `placeFor` chose. */
export const clusterIn = (home: string): string => path.join(home, 'postgres');

/** Reads the mark of the cluster, undefined when there is none, or half of one. */
export function markOf(cluster: string): Mark | undefined {
  const text = readIfThere(path.join(cluster, 'dossier.json'));
  return text === undefined ? undefined : (JSON.parse(text) as Mark);
}

/** Writes the mark of the cluster. */
export function mark(cluster: string, as: Mark): void {
  writePrivate(path.join(cluster, 'dossier.json'), `${JSON.stringify(as)}\n`);
}

/**
 * The folder for the cluster: the data folder, or one under `elsewhere` when the account cannot enter the data
 * folder. The choice is written into the data folder (`location`) and stays.
 * @param say is told of everything that was moved.
 * @throws Refusal when the folder that was chosen before is gone.
 */
export async function placeFor(
  account: Account,
  { id, dataDir }: Mark,
  elsewhere: string,
  say: (line: string) => void,
): Promise<string> {
  const chosen = chosenBefore({ id, dataDir }, elsewhere);
  if (chosen !== undefined) return chosen;
  if (canEnter(account, dataDir)) return dataDir;
  const home = newHome({ id, dataDir }, elsewhere);
  open(elsewhere);
  open(home);
  await stopOrphan(clusterIn(home));
  setAsideUnlessOf(id, clusterIn(home), say);
  if (existsSync(clusterIn(dataDir))) bring(dataDir, home, account, say);
  writePrivate(path.join(dataDir, 'location'), `${home}\n`);
  return home;
}

/** The folder that holds the data folder's cluster, if one was chosen: for those who only want to read. */
export function placeOf(dataDir: string): string {
  return readIfThere(path.join(dataDir, 'location'))?.trim() ?? dataDir;
}

/** Moves a cluster that belongs to other secrets, or to none, out of the way, and says so: nothing is ever deleted. */
export function setAsideUnlessOf(id: string, cluster: string, say: (line: string) => void): void {
  if (!existsSync(cluster) || markOf(cluster)?.id === id) return;
  const aside = `${cluster}.aside-${randomBytes(4).toString('hex')}`;
  renameSync(cluster, aside);
  say(`${cluster} belonged to another copy of Dossier. It is now ${aside}; delete it if you do not need it.`);
}

function chosenBefore(wanted: Mark, elsewhere: string): string | undefined {
  const file = path.join(wanted.dataDir, 'location');
  const chosen = readIfThere(file)?.trim();
  if (chosen === undefined) return undefined;
  if (!existsSync(chosen)) {
    throw new Refusal(
      `The data is in ${chosen}, says ${file}, and that folder is gone. Bring it back, or delete the file to ` +
        'begin with an empty database.',
    );
  }
  const found = markOf(clusterIn(chosen));
  // Killed before the cluster was made.
  if (found === undefined) return path.dirname(chosen) === elsewhere ? chosen : undefined;
  if (found.id !== wanted.id || isOfAnother(found, wanted)) return undefined;
  if (found.dataDir !== wanted.dataDir) mark(clusterIn(chosen), wanted);
  return chosen;
}

// A clone that was moved takes its data along; one that was copied must not share it with the first.
const isOfAnother = (found: Mark, wanted: Mark): boolean =>
  found.dataDir !== wanted.dataDir && existsSync(path.join(found.dataDir, 'secrets.json'));

function newHome(wanted: Mark, elsewhere: string): string {
  const usual = path.join(elsewhere, createHash('sha256').update(wanted.dataDir).digest('hex').slice(0, 12));
  const found = markOf(clusterIn(usual));
  return found && isOfAnother(found, wanted) ? `${usual}-${randomBytes(3).toString('hex')}` : usual;
}

function open(folder: string): void {
  if (existsSync(folder)) return;
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
}

function bring(from: string, to: string, account: Account, say: (line: string) => void): void {
  try {
    renameSync(clusterIn(from), clusterIn(to));
  } catch {
    throw new Refusal(
      `The account "${account.name ?? ''}" that Postgres runs as can no longer enter ${from}. Let it in (chmod ` +
        `o+x on the folders above), or move ${clusterIn(from)} to ${clusterIn(to)} yourself.`,
    );
  }
  say(`The data has moved from ${clusterIn(from)} to ${clusterIn(to)}.`);
}
