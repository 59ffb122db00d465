// node scripts/run.mjs <command> [arguments]: brings dist up to date, then runs one of src/cli in this very process.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { built, commands, ensureBuilt } from './build.mjs';

const [name = '', ...args] = process.argv.slice(2);
ensureBuilt();
const file = built(`cli/${name}`);
if (!/^[a-z]+$/.test(name) || !existsSync(file)) {
  console.error(`There is no command "${name}". There is: ${commands().join(', ')}.`);
  process.exit(1);
}
process.setSourceMapsEnabled(true);
process.argv = [process.argv[0], file, ...args];
createRequire(import.meta.url)(file);
