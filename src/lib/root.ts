import { existsSync } from 'node:fs';
import path from 'node:path';

/** The project's folder, absolute: the same from `src/` under a test and from the bundle in `dist/`. */
export const root: string = nearestPackage(__dirname);

function nearestPackage(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${__dirname}`);
  return nearestPackage(parent);
}
