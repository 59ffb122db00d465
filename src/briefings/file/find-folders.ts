import { readFile, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { CATEGORIES_FILE } from '../categories';
import type { BriefingFolder } from './folder';

/** What lies under the paths given to an import. */
export interface FoundFolders {
  readonly categories: readonly { readonly file: string; readonly bytes: Uint8Array }[];
  readonly briefings: readonly BriefingFolder[];
  /** Paths with nothing to import in them. */
  readonly empty: readonly string[];
}

/** Finds briefing folders (those that hold Markdown files) and category files under each path, in order of name. */
export async function findFolders(paths: readonly string[]): Promise<FoundFolders> {
  const categories: { file: string; bytes: Uint8Array }[] = [];
  const briefings: BriefingFolder[] = [];
  const empty: string[] = [];
  const walk = async (folder: string): Promise<number> => {
    const entries = (await readdir(folder, { withFileTypes: true }))
      .filter(({ name }) => !name.startsWith('.'))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    if (entries.some((entry) => entry.isFile() && entry.name.endsWith('.md'))) {
      const files = new Map<string, Uint8Array>();
      for (const { name } of entries) files.set(name, await readEntry(path.join(folder, name)));
      briefings.push({ path: folder, files });
      return 1;
    }
    let count = 0;
    for (const entry of entries) {
      const at = path.join(folder, entry.name);
      if (entry.isDirectory()) count += await walk(at);
      else if (entry.name === CATEGORIES_FILE) {
        categories.push({ file: at, bytes: await readFile(at) });
        count++;
      }
    }
    return count;
  };
  for (const one of paths) {
    const found = await stat(one).catch(() => null);
    if (found?.isFile() && path.basename(one) === CATEGORIES_FILE)
      categories.push({ file: one, bytes: await readFile(one) });
    else if (!found?.isDirectory() || (await walk(one)) === 0) empty.push(one);
  }
  return { categories, briefings, empty };
}

async function readEntry(at: string): Promise<Uint8Array> {
  // A folder inside a briefing's folder is no text; the reader names it as a fault.
  return (await stat(at)).isFile() ? readFile(at) : new Uint8Array();
}
