// Generates Prisma's client and bundles src into dist: main.js, and one file per command in src/cli. Packages stay
// outside, so a production image needs dist, node_modules without its development packages, and the folders that
// are read at run time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.fingerprint');
const self = fileURLToPath(import.meta.url);

/**
 * Brings dist up to date if anything it is made of has changed. The work is done in a process of its own, because
 * Prisma's generator and esbuild would stay in memory, esbuild with a process beside it. Ends this process with one
 * sentence when it cannot be done.
 */
export function ensureBuilt() {
  if (!isInstalled('esbuild')) {
    if (existsSync(stamp)) return;
    console.error(
      'There is nothing to start: dist is missing, and esbuild, which makes it, is not installed. Run npm ci, ' +
        'or npm run build where the image is made.',
    );
    process.exit(1);
  }
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint()) return;
  const { status } = spawnSync(process.execPath, [self], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}

/** The built file of that entry: `main`, or `cli/` and the name of a command. */
export const built = (entry) => path.join(dist, `${entry}.js`);

/** The names of the commands. */
export const commands = () => namesIn(path.join(dist, 'cli'), '.js');

async function build() {
  await import('./generate.mjs');
  const { build: bundle } = require('esbuild');
  // Built beside the old one and moved at the end, so an interrupted run leaves no half build.
  const fresh = `${dist}.${process.pid}`;
  const made = fingerprint();
  try {
    mkdirSync(fresh);
    await bundle({
      absWorkingDir: root,
      entryPoints: ['src/main.ts', ...namesIn(path.join(root, 'src/cli'), '.ts').map((name) => `src/cli/${name}.ts`)],
      outbase: 'src',
      outdir: fresh,
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      packages: 'external',
      sourcemap: true,
      // A stack should name our files; their text need not travel.
      sourcesContent: false,
      logLevel: 'warning',
    });
    writeFileSync(path.join(fresh, '.fingerprint'), made);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function fingerprint() {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    // The generated client follows from the schema.
    .filter((file) => !file.startsWith(path.join('src', 'stores', 'prisma')));
  const others = [
    'prisma/schema.prisma',
    'package-lock.json',
    'tsconfig.json',
    'scripts/build.mjs',
    'scripts/generate.mjs',
  ];
  const hash = createHash('sha256');
  for (const file of [...sources.sort(), ...others]) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function namesIn(folder, ending) {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => path.basename(file, ending))
    : [];
}

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

if (process.argv[1] === self) {
  build().then(
    () => process.exit(0),
    (error) => {
      // What is wrong in our code esbuild has said already, with the place.
      if (!error.errors) console.error(`dist could not be made: ${error.message}`);
      process.exit(1);
    },
  );
}
