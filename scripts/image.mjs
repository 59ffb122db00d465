// npm run image              performs the Dockerfile's steps in an empty folder, and starts what comes out of them as a
//                            user that may write to its data folder alone
// npm run image -- --pruned  takes the packages of this checkout instead of fetching them: nothing leaves the machine
// Where DATABASE_URL and what else production needs are set (.env.example), it is started once more as
// docker-compose.yml does it: migrations first, then the web process.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { lstatSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { linkFolder, perform, performDockerfile } from './dockerfile.mjs';

const root = path.resolve(import.meta.dirname, '..');
const DEADLINE = 120_000;
const NOBODY = 65534;
const args = process.argv.slice(2);
if (args.some((one) => one !== '--pruned')) {
  console.error('npm run image [-- --pruned]');
  process.exit(2);
}
const pruned = args.includes('--pruned');
const isRoot = process.getuid() === 0;
const base = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'dossier-image-'));
const data = path.join(base, 'data');

try {
  chmodSync(base, 0o755);
  console.log(
    `With Node ${process.versions.node}, ${pruned ? 'and the packages of this checkout, pruned' : 'npm ci'}:`,
  );
  const image = performDockerfile({ root, base, run });
  refuseDevelopmentPackages(path.join(image.workdir, 'node_modules'));
  await tryOut(image);
  console.log('The image does what it should.');
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  setWritable(base, true);
  rmSync(base, { recursive: true, force: true, maxRetries: 5 });
}

/** One RUN. What npm needs of the environment, it is given; nothing of Dossier's settings. */
function run(command, folder, env) {
  const all = { PATH: process.env.PATH, HOME: process.env.HOME, ...env };
  if (!pruned || !command.startsWith('npm ci')) return perform(command, folder, all);
  linkFolder(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
  if (command !== 'npm ci') perform(command.replace('npm ci', 'npm prune --offline --ignore-scripts'), folder, all);
}

/** Packages that the lock file has for development alone: one that is there is one too many. */
function refuseDevelopmentPackages(modules) {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'));
  const names = Object.entries(packages).flatMap(([name, { dev }]) => (dev ? [name.replace('node_modules/', '')] : []));
  if (names.length === 0) throw new Error('The lock file names no development package: nothing was compared.');
  const there = names.filter((name) => existsSync(path.join(modules, name)));
  if (there.length > 0) throw new Error(`There are development packages in the image: ${there.join(', ')}`);
  console.log(`None of ${names.length} development packages is in it.`);
}

async function tryOut(image) {
  mkdirSync(data, { mode: 0o700 });
  if (isRoot) chownSync(data, NOBODY, NOBODY);
  else setWritable(image.workdir, false);
  console.log(
    isRoot
      ? `It runs as the user ${NOBODY}, who owns nothing but the data folder; the image's user is ${image.user}.`
      : `This is not root: it runs as ${os.userInfo().username}, and its folders are closed to writing.`,
  );
  if (image.user === 'root') throw new Error('The image runs as root.');
  const before = filesUnder(image.workdir);
  await startAndAsk(image, { NODE_ENV: 'development' }, 'with a Postgres of its own');
  const { DATABASE_OWNER_URL, ...given } = settingsFrom(process.env);
  if (given.DATABASE_URL) {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['scripts/run.mjs', 'migrate'],
      optionsFor(image, { ...given, DATABASE_OWNER_URL }),
    );
    if (status !== 0) throw new Error(`The migrations failed:\n${stdout}${stderr}`);
    await startAndAsk(image, { ...given, ROLE: 'web' }, 'in production, on the stores that were given');
  } else console.log('Not started in production: DATABASE_URL is not set.');
  const after = filesUnder(image.workdir);
  const written = [...new Set([...before, ...after])].filter((file) => !before.has(file) || !after.has(file));
  if (written.length > 0) throw new Error(`It wrote beside its data folder: ${written.join(', ')}`);
}

/** Starts it, asks whether it lives, whether it is ready and for a page, and ends it as Docker does. */
async function startAndAsk(image, env, name) {
  const [, ...command] = image.command;
  let said = '';
  const port = await freePort();
  const child = spawn(process.execPath, command, optionsFor(image, { ...env, PORT: port }));
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
  const ended = once(child, 'exit');
  try {
    const url = await addressOf(child, port, () => said);
    for (const asked of ['/healthz', '/readyz', '/']) {
      const answer = await fetch(url + asked);
      // A database without an admin has no pages yet: it says that it is being set up.
      const may = asked === '/' && env.NODE_ENV !== 'development' ? [200, 503] : [200];
      const text = await answer.text();
      if (!may.includes(answer.status)) throw new Error(`${asked} is ${answer.status}:\n${text}\n${said}`);
    }
    child.kill('SIGTERM');
    const [code, signal] = await Promise.race([ended, wait(DEADLINE, ['no end'], { ref: false })]);
    if (code !== 0) throw new Error(`It ended with ${code ?? signal}:\n${said}`);
    console.log(`Started, asked and ended ${name}.`);
  } finally {
    child.kill('SIGKILL');
  }
}

async function addressOf(child, port, said) {
  const url = `http://127.0.0.1:${port}`;
  for (const begun = Date.now(); Date.now() - begun < DEADLINE && child.exitCode === null; await wait(100))
    if (
      await fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      )
    )
      return url;
  throw new Error(`It did not become ready:\n${said()}`);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return String(port);
}

function optionsFor(image, env) {
  return {
    cwd: image.workdir,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: data, TMPDIR: data, DATA_DIR: data, ...image.env, ...env },
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  };
}

/** Those of Dossier's settings that are set. */
function settingsFrom(env) {
  const names = [...readFileSync(path.join(root, '.env.example'), 'utf8').matchAll(/^#?([A-Z\d_]+)=/gm)];
  return Object.fromEntries(names.flatMap(([, name]) => (env[name] ? [[name, env[name]]] : [])));
}

/** Every file below, with its size and when it was written. */
function filesUnder(folder) {
  return new Set(
    readdirSync(folder, { recursive: true }).map((name) => {
      const { size, mtimeMs } = lstatSync(path.join(folder, name));
      return `${name} ${size} ${mtimeMs}`;
    }),
  );
}

/** Opens or closes every folder below to writing. Files stay as they are: their packages may be shared with others. */
function setWritable(folder, writable) {
  if (!existsSync(folder)) return;
  if (writable) chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true }))
    if (entry.isDirectory()) setWritable(path.join(folder, entry.name), writable);
  if (!writable) chmodSync(folder, 0o555);
}
