import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { birthOf } from '../../src/lib/processes';
import { root } from '../../src/lib/root';
import { waitFor } from '../../src/lib/wait';
import { holderOf } from '../../src/stores/postgres/embedded/lock';
import { postmasterIn } from '../../src/stores/postgres/embedded/orphan';
import { temporaryFolder } from './support/clone';

const dataDir = path.join(temporaryFolder(), 'data');
const env = { PATH: process.env['PATH'] ?? '', DATA_DIR: dataDir, PORT: '0' };
const script = (name: string, ...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, 'scripts', name), ...args], { cwd: root, env, encoding: 'utf8' });
let child: ChildProcess | undefined;

afterEach(async () => {
  const pids = [holderOf(dataDir)?.pid, postmasterIn(path.join(dataDir, 'postgres'))?.pid].filter(
    (pid) => pid !== undefined && birthOf(pid) !== undefined,
  ) as number[];
  for (const pid of pids) process.kill(pid, 'SIGQUIT');
  await waitFor(() => pids.every((pid) => birthOf(pid) === undefined), 10_000);
  child?.kill('SIGKILL');
});

async function start(
  command: string,
  args: string[],
  more: Record<string, string> = {},
): Promise<{ url: string; said: string }> {
  let said = '';
  child = spawn(command, args, { cwd: root, env: { ...env, ...more }, stdio: ['ignore', 'pipe', 'inherit'] });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said += text));
  const url = await waitFor(() => /ready: (\S+)[^]*Stop with/.exec(said)?.[1], 60_000);
  if (url === undefined) throw new Error(`not ready: ${said}`);
  return { url: url.replace('localhost', '127.0.0.1'), said };
}

test('the first start loads the samples, serves them, and leaves one process and its Postgres', async () => {
  const { url, said } = await start(process.execPath, ['scripts/start.mjs']);
  expect(said).toMatch(/^There were no briefings, so \d+ samples were loaded\.\nDossier is ready: /);
  expect((await fetch(url)).status).toBe(200);
  expect(holderOf(dataDir)?.pid).toBe(child?.pid);
  const rows = execFileSync('ps', ['-A', '-o', 'ppid=', '-o', 'command='], { encoding: 'utf8' }).split('\n');
  const children = rows.filter((row) => row.trim().startsWith(`${String(child?.pid)} `) && !row.includes('ps -A'));
  expect(children).toEqual([expect.stringContaining('bin/postgres -D')]);

  // A command works beside it, on the same database.
  expect(script('run.mjs', 'migrate').stdout).toBe('Nothing to apply.\n');

  const ended = once(child!, 'close');
  child?.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

// npm, its shell and node, as they stand where the shell does not give its place to node. The colons see to that.
// Elsewhere than on Linux sh gives its place, and nothing stands in between.
(process.platform === 'linux' ? test : test.skip).each(['SIGTERM', 'SIGKILL'] as const)(
  'the end of npm by %s, which its shell hands on to nobody, is the end of Dossier',
  async (signal) => {
    const script = `"${process.execPath}" scripts/start.mjs; :`;
    await start('sh', ['-c', 'sh -c "$npm_lifecycle_script"; :'], {
      npm_lifecycle_event: 'start',
      npm_lifecycle_script: script,
    });
    const holder = holderOf(dataDir)?.pid ?? 0;
    const postmaster = postmasterIn(path.join(dataDir, 'postgres'))?.pid ?? 0;
    expect(birthOf(holder)).toBeDefined();
    child?.kill(signal);
    expect(await waitFor(() => birthOf(holder) === undefined && birthOf(postmaster) === undefined, 20_000)).toBe(true);
  },
);

test('the end of its shell is the end of Dossier', async () => {
  await start('sh', ['-c', `"${process.execPath}" scripts/start.mjs; :`], { npm_lifecycle_event: 'start' });
  const holder = holderOf(dataDir)?.pid ?? 0;
  expect(birthOf(holder)).toBeDefined();
  child?.kill('SIGTERM');
  expect(await waitFor(() => birthOf(holder) === undefined, 20_000)).toBe(true);
});

test('a command starts the database for itself alone, and ends it', () => {
  expect(script('run.mjs', 'migrate')).toMatchObject({ status: 0, stdout: 'Nothing to apply.\n', stderr: '' });
  expect(postmasterIn(path.join(dataDir, 'postgres'))).toBeUndefined();
  expect(holderOf(dataDir)).toBeUndefined();
});

test('a command that there is not is refused with those there are', () => {
  expect(script('run.mjs', '../main')).toMatchObject({
    status: 1,
    stderr: expect.stringMatching(/^There is no command "\.\.\/main"\. There is: .*migrate.*\.\n$/),
  });
});
