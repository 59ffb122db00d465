// Import direction and cycles (.dependency-cruiser.cjs), and that no folder is crowded. A checker that read nothing has
// checked nothing, so the number of files it read is held against the number there are.
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const files = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true }).filter(
  (entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.parentPath.includes('prisma'),
);

let output;
try {
  output = execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
      'src',
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'json',
    ],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
    },
  );
} catch (error) {
  output = error.stdout;
  if (!output) throw error;
}
const { summary, modules } = JSON.parse(output);
const read = modules.filter(({ source }) => source.startsWith('src/') && !source.includes('/prisma/'));
if (read.length < files.length) {
  console.error(`the import check read ${read.length} of ${files.length} files`);
  process.exit(1);
}
/** Files of a folder; whoever opens it sees them at once. */
const MOST_FILES = 25;
const crowded = ['src', 'views', 'scripts'].flatMap((top) =>
  [top, ...readdirSync(path.join(root, top), { recursive: true, withFileTypes: true }).flatMap(folderOf)]
    .filter((folder) => !folder.includes('prisma'))
    .map((folder) => ({ folder, n: filesIn(folder) }))
    .filter(({ n }) => n > MOST_FILES),
);
for (const { folder, n } of crowded) console.error(`${folder} has ${n} files; the most is ${MOST_FILES}`);

const errors = summary.violations.filter(({ rule }) => rule.severity === 'error');
for (const { rule, from, to, cycle } of errors) {
  console.error(`${rule.name}: ${from} → ${cycle ? cycle.map(({ name }) => name).join(' → ') : to}`);
}
console.log(`imports: ${read.length} files, ${errors.length} wrong`);
process.exit(errors.length + crowded.length > 0 ? 1 : 0);

function folderOf(entry) {
  return entry.isDirectory() ? [path.relative(root, path.join(entry.parentPath, entry.name))] : [];
}

function filesIn(folder) {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile()).length;
}
