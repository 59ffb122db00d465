// Bundles src into dist with esbuild when anything in it has changed: main.js, and one file per command in src/cli.
// Packages stay outside, so a production image needs dist, node_modules without its development packages, and the
// folders that are read at run time.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const stamp = path.join(dist, '.fingerprint');

/** Brings dist up to date. Ends the process with one sentence when it cannot. */
export function build() {
  if (!isInstalled('esbuild')) {
    if (existsSync(stamp)) return;
    fail('There is nothing to start: dist is missing, and esbuild, which makes it, is not installed. Run npm ci, or npm run build where the image is made.');
  }
  const fingerprint = fingerprintOf(inputs());
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === fingerprint) return;
  // In a process of its own: Prisma's generator is large and would stay in memory.
  const generated = spawnSync(process.execPath, [path.join(root, 'scripts/generate.mjs')], { stdio: 'inherit' });
  if (generated.status !== 0) fail('Prisma\'s client could not be generated from prisma/schema.prisma.');
  bundle(fingerprint);
}

/** The built file of that entry: `main`, or `cli/` and the name of a command. */
export const built = (entry) => path.join(dist, `${entry}.js`);

/** The names of the commands. */
export const commands = () => readdirSync(path.join(dist, 'cli')).filter((file) => file.endsWith('.js')).map((file) => path.basename(file, '.js'));

function bundle(fingerprint) {
  // Built beside the old one and moved at the end, so an interrupted run leaves no half build.
  const fresh = `${dist}.${process.pid}`;
  const { buildSync } = require('esbuild');
  try {
    buildSync({
      absWorkingDir: root,
      entryPoints: ['src/main.ts', ...commandFiles()],
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
    writeFileSync(path.join(fresh, '.fingerprint'), fingerprint);
    rmSync(dist, { recursive: true, force: true });
    renameSync(fresh, dist);
  } catch {
    // esbuild has said what is wrong, and where.
    rmSync(fresh, { recursive: true, force: true });
    fail('dist could not be built.');
  }
}

function commandFiles() {
  const folder = path.join(root, 'src/cli');
  return existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.ts')).map((file) => `src/cli/${file}`) : [];
}

function inputs() {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    // The generated client follows from the schema.
    .filter((file) => !file.startsWith(path.join('src', 'stores', 'prisma')));
  return [...sources.sort(), 'prisma/schema.prisma', 'package-lock.json', 'tsconfig.json', 'scripts/build.mjs', 'scripts/generate.mjs'];
}

function fingerprintOf(files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const content = readFileSync(path.join(root, file));
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function isInstalled(name) {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
