// Performs the steps of a Dockerfile in folders, one to a stage, where no Docker runs. It knows the instructions that
// ours has and refuses any other, so that nothing is passed over in silence.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/**
 * What the last stage leaves: `workdir` in it, its `env`, its `user` and its `command`.
 * @param root the build context, with the Dockerfile and .dockerignore
 * @param base an empty folder for the stages
 * @param run performs one RUN: (command, folder, env)
 */
export function performDockerfile({ root, base, run }) {
  const { DockerfileParser } = createRequire(import.meta.url)('dockerfile-ast');
  const stages = new Map();
  let stage;
  const perform = {
    FROM: (one) => {
      const name = one.getBuildStage() ?? String(stages.size);
      stage = { root: path.join(base, name), workdir: '/', env: {}, user: 'root', command: [] };
      stages.set(name, stage);
      mkdirSync(stage.root);
    },
    WORKDIR: (one) => {
      stage.workdir = path.posix.resolve(stage.workdir, one.getArgumentsContent());
      mkdirSync(path.join(stage.root, stage.workdir), { recursive: true });
    },
    ENV: (one) => one.getProperties().forEach((each) => (stage.env[each.getName()] = each.getValue())),
    COPY: (one) => copy(one, stage),
    RUN: (one) => run(one.getArgumentsContent(), path.join(stage.root, stage.workdir), stage.env),
    USER: (one) => (stage.user = one.getArgumentsContent()),
    CMD: (one) => (stage.command = one.getJSONStrings().map((each) => JSON.parse(each.getValue()))),
    EXPOSE: () => undefined,
    HEALTHCHECK: () => undefined,
  };
  const copy = (one, { root: into, workdir }) => {
    const names = one.getArguments().map((each) => each.getValue());
    const target = path.join(into, path.posix.resolve(workdir, names.at(-1)));
    const [from] = one.getFlags().filter((each) => each.getName() === 'from');
    const filter = (file) => isInContext(root, file);
    for (const name of names.slice(0, -1)) {
      const source = from ? path.join(stages.get(from.getValue()).root, name) : path.join(root, name);

      if (from) linkFolder(source, target);
      else if (statSync(source).isDirectory()) copyFolder(source, target, filter);
      else copyOne(source, names.at(-1).endsWith('/') ? path.join(target, path.basename(name)) : target, filter);
    }
  };
  for (const one of DockerfileParser.parse(readFileSync(path.join(root, 'Dockerfile'), 'utf8')).getInstructions()) {
    const known = perform[one.getInstruction()];
    if (!known)
      throw new Error(`The Dockerfile has ${one.getInstruction()}, which scripts/dockerfile.mjs does not know.`);
    console.log(`  ${one.getTextContent().split('\n')[0]}`);
    known(one);
  }
  return { ...stage, workdir: path.join(stage.root, stage.workdir) };
}

/**
 * A folder with the same files as another, none of them written twice where the disk allows that.
 */
export function linkFolder(from, to) {
  mkdirSync(to);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.name === '.cache') continue;
    if (entry.isDirectory()) linkFolder(source, target);
    else if (entry.isSymbolicLink()) cpSync(source, target, { verbatimSymlinks: true });
    // npm writes into its own list in place, which must not reach the packages it was taken from.
    else if (entry.name === '.package-lock.json') copyFileSync(source, target);
    else
      try {
        linkSync(source, target);
      } catch (error) {
        if (error.code !== 'EXDEV') throw error;
        copyFileSync(source, target);
      }
  }
}

/** Runs one command, and fails with what it said. */
export function perform(command, folder, env) {
  const { status, stdout, stderr, error } = spawnSync('sh', ['-c', command], { cwd: folder, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command}: ${error?.message ?? `${stdout}${stderr}`}`);
}

function copyFolder(source, target, filter) {
  mkdirSync(target, { recursive: true });
  for (const entry of readdirSync(source, { withFileTypes: true })) {
    const [from, to] = [path.join(source, entry.name), path.join(target, entry.name)];
    if (!filter(from)) continue;
    if (entry.isDirectory()) copyFolder(from, to, filter);
    else copyOne(from, to, filter);
  }
}

function copyOne(source, target, filter) {
  if (!filter(source)) throw new Error(`.dockerignore keeps ${source} out, which the Dockerfile copies.`);
  mkdirSync(path.dirname(target), { recursive: true });
  rmSync(target, { force: true });
  cpSync(source, target, { verbatimSymlinks: true });
}

/** Does .dockerignore let that file or folder in? The last line that speaks of it, or of a folder it is in, decides. */
function isInContext(root, file) {
  const parts = path.relative(root, file).split(path.sep);
  const own = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  const lines = readFileSync(path.join(root, '.dockerignore'), 'utf8').split('\n');
  let inside = true;
  for (const line of lines.filter((one) => one && !one.startsWith('#'))) {
    const pattern = line.replace(/^!/, '');
    const matches = (name) =>
      new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`).test(name);
    if (own.some(matches)) inside = line.startsWith('!');
    // A folder on the way to something that is let in.
    else if (line.startsWith('!') && pattern.startsWith(`${own.at(-1)}/`)) inside = true;
  }
  return inside;
}
