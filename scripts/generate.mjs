// Generates Prisma's typed client into src/stores/prisma when prisma/schema.prisma has changed.
// It calls Prisma's own generator in this process: the `prisma` command would bring 230 MB and a download
// that a machine with only the npm registry cannot make (docs/decisions/0002-prisma-without-its-cli.md).
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');
const schemaPath = path.join(root, 'prisma/schema.prisma');
const output = path.join(root, 'src/stores/prisma');
const stamp = path.join(output, '.schema');

const datamodel = readFileSync(schemaPath, 'utf8');
const { version } = require('@prisma/client/package.json');
const fingerprint = createHash('sha256').update(datamodel).update(version).digest('hex');

if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== fingerprint) {
  const { PrismaClientTsGenerator } = require('@prisma/client-generator-ts');
  const { getConfig, getDMMF } = require('@prisma/internals');
  const schemas = [[schemaPath, datamodel]];
  const config = await getConfig({ datamodel: schemas, ignoreEnvVarErrors: true });
  // Built beside the old one and moved at the end, so an interrupted run leaves no half client.
  const fresh = `${output}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  await new PrismaClientTsGenerator().generate({
    generator: { ...config.generators[0], output: { value: fresh, fromEnvVar: null }, isCustomOutput: true },
    otherGenerators: [],
    schemaPath,
    dmmf: await getDMMF({ datamodel: schemas }),
    datasources: config.datasources,
    datamodel,
    version,
    binaryPaths: {},
  });
  writeFileSync(path.join(fresh, '.schema'), fingerprint);
  rmSync(output, { recursive: true, force: true });
  renameSync(fresh, output);
}
