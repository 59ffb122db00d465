import { fork, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { root } from '../../../src/lib/root';

/** Where the bundles of children lie. */
export const BUNDLES = path.join(root, 'node_modules/.cache/dossier-bench');

/** Starts `tests/bench/<name>.ts` as a process of its own, with these arguments. */
export function startChild(
  name: string,
  args: readonly string[],
  {
    flags = [],
    env = {},
  }: { readonly flags?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  const entry = path.join(BUNDLES, `${name.replace('/', '-')}-${process.pid}.js`);
  const options = {
    entryPoints: [path.join(root, `tests/bench/${name}.ts`)],
    outfile: entry,
    bundle: true,
    platform: 'node',
    packages: 'external',
    logLevel: 'error',
  };
  mkdirSync(BUNDLES, { recursive: true });
  const bundled = spawnSync(
    process.execPath,
    ['-e', 'require("esbuild").buildSync(JSON.parse(process.argv[1]))', JSON.stringify(options)],
    { cwd: root, stdio: 'inherit' },
  );
  if (bundled.status !== 0) throw new Error(`tests/bench/${name}.ts could not be bundled`);
  return fork(entry, args, { execArgv: [...flags], env: { ...process.env, ...env }, stdio: 'inherit' });
}

/** What a child says next. */
export async function told<T>(child: ChildProcess): Promise<T> {
  const [message] = (await once(child, 'message')) as [T];
  return message;
}

/** What a child answers. */
export function asked<T>(child: ChildProcess, question: string | object): Promise<T> {
  const answer = told<T>(child);
  child.send(question);
  return answer;
}
