// npm run schema -- check          prisma/migrations and prisma/schema.prisma say the same (exit 1 if not)
// npm run schema -- create NAME    writes the SQL of what differs as a new migration
// Needs OWNER_URL: a Postgres where databases may be made and dropped; the shadow database is made there.
// Uses Prisma's schema engine as WebAssembly, from the npm registry; nothing is downloaded at run time.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { PrismaPg } from '@prisma/adapter-pg';
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';

const require = createRequire(import.meta.url);
const root = path.resolve(import.meta.dirname, '..');
const migrationsDir = path.join(root, 'prisma/migrations');
const schemaPath = path.join(root, 'prisma/schema.prisma');
const filters = { externalTables: [], externalEnums: [] };

async function loadEngineModule() {
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= {
    message: '',
    get() {
      return this.message;
    },
    set_message(text) {
      this.message = text;
    },
  };
  const entry = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
  const engineModule = await import(entry);
  const wasm = new WebAssembly.Module(readFileSync(path.join(path.dirname(entry), 'schema_engine_bg.wasm')));
  const instance = new WebAssembly.Instance(wasm, { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  return engineModule.SchemaEngine;
}

// The engine reads pg_catalog, whose type "char" the adapter does not know: declare it as a character.
const CHAR = 18;
const TEXT = 25;
function withCharacterType(adapter) {
  const positions = new WeakMap();
  const performIO = adapter.performIO.bind(adapter);
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.performIO = async (query) => {
    const result = await performIO(query);
    const found = [];
    (result.fields ?? []).forEach((field, index) => {
      if (field.dataTypeID === CHAR) {
        field.dataTypeID = TEXT;
        found.push(index);
      }
    });
    positions.set(query, found);
    return result;
  };
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of positions.get(query) ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // The adapter cuts a script at every semicolon, inside comments and function bodies too: send it whole.
  adapter.executeScript = async (script) => {
    await adapter.client.query(script);
  };
  return adapter;
}

class SchemaAdapter extends PrismaPg {
  async connect() {
    return withCharacterType(await super.connect());
  }
  async connectToShadowDb() {
    return withCharacterType(await super.connectToShadowDb());
  }
}

function migrations() {
  const names = readdirSync(migrationsDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return {
    baseDir: migrationsDir,
    shadowDbInitScript: '',
    lockfile: { path: 'migration_lock.toml', content: 'provider = "postgresql"\n' },
    migrationDirectories: names.map((name) => ({
      path: name,
      migrationFile: {
        path: 'migration.sql',
        content: { tag: 'ok', value: readFileSync(path.join(migrationsDir, name, 'migration.sql'), 'utf8') },
      },
    })),
  };
}

// A column of an enum that grows while the site runs is text to the typed client, which knows no value made later.
function withEnums(datamodel) {
  return datamodel.replace(/^( +\w+ +)String\b(.*) \/\/ enum: (\w+)$/gm, '$1$3$2');
}

/** The SQL that leads from the migrations to the schema; empty when they agree. */
export async function difference(ownerUrl) {
  const url = new URL(ownerUrl);
  // Fields, never a connection string: pg lets a string override `database`, and the adapter reaches its
  // shadow database by that field, so a string would replay the migrations onto the real database.
  const adapter = new SchemaAdapter({
    host: decodeURIComponent(url.hostname),
    port: Number(url.port || 5432),
    database: decodeURIComponent(url.pathname.slice(1)),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    idleTimeoutMillis: 100,
  });
  const schema = { files: [{ path: schemaPath, content: withEnums(readFileSync(schemaPath, 'utf8')) }] };
  const SchemaEngine = await loadEngineModule();
  const engine = await SchemaEngine.new(
    { datamodels: schema.files.map((file) => [file.path, file.content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(adapter),
  );
  const list = migrations();
  const from = list.migrationDirectories.length > 0 ? { tag: 'migrations', ...list } : { tag: 'empty' };
  const answer = await engine.diff({
    from,
    to: { tag: 'schemaDatamodel', ...schema },
    script: true,
    exitCode: true,
    shadowDatabaseUrl: null,
    filters,
  });
  return answer.exitCode === 2 ? answer.stdout : '';
}

if (process.argv[1] === import.meta.filename) {
  const [command, name] = process.argv.slice(2);
  const ownerUrl = process.env.OWNER_URL;
  if (!ownerUrl || !['check', 'create'].includes(command) || (command === 'create' && !/^[a-z_]+$/.test(name ?? ''))) {
    console.error('usage: OWNER_URL=postgres://… npm run schema -- check | create <name_in_words>');
    process.exit(2);
  }
  const sql = await difference(ownerUrl);
  if (command === 'check' && sql) {
    console.error(`prisma/migrations and prisma/schema.prisma differ:\n${sql}`);
    process.exit(1);
  }
  if (command === 'check') console.log('migrations and schema agree');
  if (command === 'create' && sql) {
    const folder = path.join(migrationsDir, `${new Date().toISOString().replace(/\D/g, '').slice(0, 14)}_${name}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'migration.sql'), sql);
    console.log(folder);
  } else if (command === 'create') console.log('nothing differs');
  process.exit(0);
}
