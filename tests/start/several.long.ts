import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { birthOf } from '../../src/lib/processes';
import { waitFor } from '../../src/lib/wait';
import { makeClone, temporaryFolder } from './support/clone';
import { startLoad } from './support/load';
import { endAll, living, Started } from './support/started';

const base = temporaryFolder();
const dataDir = path.join(base, 'data');
let entry: string;

beforeAll(() => {
  entry = makeClone(path.join(base, 'clone'));
});
// A parent that was killed has no children to end any more: they end themselves.
afterEach(endAll);

const start = (env: Record<string, string> = {}) =>
  new Started({ entry, dataDir, env: { WEB_CONCURRENCY: '2', ...env }, elsewhere: path.join(base, 'elsewhere') });

interface Who {
  readonly pid: number;
  readonly role: string;
  readonly first: boolean;
  readonly shared: { readonly pid: number; readonly asked: number };
}
const who = async (url: string) =>
  (await (await fetch(`${url}/who`, { headers: { connection: 'close' } })).json()) as Who;

/** The processes that one has started, by their names. */
function childrenOf(parent: number): { readonly name: string; readonly pid: number }[] {
  const rows = execFileSync('ps', ['-ww', '-A', '-o', 'ppid=', '-o', 'pid=', '-o', 'command='], { encoding: 'utf8' });
  return rows.split('\n').flatMap((row) => {
    const [, ppid, pid, name] = /^\s*(\d+)\s+(\d+)\s.*--child=(\S+)$/.exec(row) ?? [];
    return Number(ppid) === parent && birthOf(Number(pid)) !== undefined ? { name: name!, pid: Number(pid) } : [];
  });
}
const webOf = (one: Started) => childrenOf(one.pid).filter(({ name }) => name !== 'worker');

/** Waits until two processes answer readers that are none of these. */
async function answersWithout(url: string, gone: readonly number[]): Promise<number[]> {
  const met = new Set<number>();
  for (const end = performance.now() + 20_000; performance.now() < end && met.size < 2;) {
    const { pid } = await who(url);
    if (!gone.includes(pid)) met.add(pid);
  }
  return [...met];
}

test('two answer readers and one works beside them; what there is once is in the first, which ends them all', async () => {
  const one = start();
  const url = await one.ready();
  expect(one.out).toContain('There is something once.\n');
  const children = childrenOf(one.pid);
  expect(children.map(({ name }) => name).sort()).toEqual(['web-1', 'web-2', 'worker']);
  const met = await answersWithout(url, []);
  expect(met.sort()).toEqual(
    webOf(one)
      .map(({ pid }) => pid)
      .sort(),
  );
  const { role, first, shared } = await who(url);
  expect({ role, first, shared }).toEqual({ role: 'web', first: false, shared: { pid: one.pid, asked: 0 } });
  one.kill('SIGUSR2');
  for (let asked = 0; asked === 0;) asked = (await who(url)).shared.asked;

  const second = start();
  expect(await second.end()).toMatchObject({ code: 1 });
  expect(second.err).toMatch(/^Dossier is already running at /);

  const end = await one.end('SIGTERM');
  expect(end).toMatchObject({ code: 0, signal: null });
  expect(end.after).toBeLessThan(4_500);
  expect(living(children.map(({ pid }) => pid))).toEqual([]);
});

test('readers only: no worker is started, and the first sees to what one has to see to', async () => {
  const one = start({ ROLE: 'web' });
  const url = await one.ready();
  expect(childrenOf(one.pid).map(({ name }) => name)).toEqual(['web-1', 'web-2']);
  const firsts = new Map<number, boolean>();
  while (firsts.size < 2) {
    const { pid, first } = await who(url);
    firsts.set(pid, first);
  }
  expect([...firsts.values()].sort()).toEqual([false, true]);
});

test('one that is killed under load fails nobody but those it was answering, and is replaced', async () => {
  const one = start();
  const url = await one.ready();
  const load = startLoad(url, 12);
  await waitFor(() => load.met.answered > 200, 20_000);
  const [victim] = webOf(one);
  load.killing(victim!.pid);
  process.kill(victim!.pid, 'SIGKILL');
  expect(await answersWithout(url, [victim!.pid])).toHaveLength(2);
  const before = load.met.answered;
  await waitFor(() => load.met.answered > before + 200, 20_000);
  const { failed, ofKilled } = await load.stop();
  expect(failed).toEqual([]);
  expect(ofKilled.length).toBeLessThanOrEqual(12);
  expect(one.out).toMatch(/"process":"web-1","ended":"SIGKILL".*a process has ended and is replaced/);
  expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
});

test('ten restarts under load fail nobody', async () => {
  const one = start();
  const url = await one.ready();
  const load = startLoad(url, 12);
  for (let restart = 0; restart < 10; restart++) {
    const { pid, name } = webOf(one)[restart % 2]!;
    const answered = load.met.answered;
    process.kill(pid, 'SIGTERM');
    const replaced = () => webOf(one).some((other) => other.name === name && other.pid !== pid);
    expect(await waitFor(() => birthOf(pid) === undefined && replaced(), 20_000)).toBe(true);
    expect(await answersWithout(url, [pid])).toHaveLength(2);
    expect(load.met.answered).toBeGreaterThan(answered);
  }
  const { failed, answered } = await load.stop();
  expect(failed).toEqual([]);
  expect(answered).toBeGreaterThan(1_000);
});

test('an error that nobody caught ends one of them, and the others go on', async () => {
  const one = start();
  const url = await one.ready();
  const before = webOf(one).map(({ pid }) => pid);
  await fetch(`${url}/crash`).catch(() => undefined);
  await waitFor(() => living(before).length < 2, 10_000);
  const [gone] = before.filter((pid) => birthOf(pid) === undefined);
  expect(await answersWithout(url, [gone!])).toHaveLength(2);
  expect(one.gone).toBe(false);
});

test('all of them at once are replaced', async () => {
  const one = start();
  const url = await one.ready();
  const before = childrenOf(one.pid).map(({ pid }) => pid);
  for (const pid of before) process.kill(pid, 'SIGKILL');
  await waitFor(() => living(before).length === 0 && childrenOf(one.pid).length === 3, 20_000);
  const answers = () =>
    fetch(`${url}/who`).then(
      () => true,
      () => false,
    );
  for (const end = performance.now() + 20_000; performance.now() < end && !(await answers()););
  expect(await answersWithout(url, before)).toHaveLength(2);
});

test.each(['web', 'worker'])('a %s process that never comes up is given up with a sentence', async (role) => {
  const one = start({ FAKE_FAILURE: role });
  expect(await one.end()).toMatchObject({ code: 1 });
  expect(one.out).not.toContain('is ready');
  expect(one.err).toMatch(
    new RegExp(
      `^The process ${role}(-\\d)? cannot be started: it has ended again and again before it was ready, at last with code 1\\.`,
      'm',
    ),
  );
  expect(childrenOf(one.pid)).toEqual([]);
});

test('nothing is left of them when the first is killed', async () => {
  const one = start();
  const url = await one.ready();
  const children = childrenOf(one.pid).map(({ pid }) => pid);
  // One that is in the middle of an answer does not stay for it either.
  const slow = fetch(`${url}/never`).catch(() => undefined);
  await one.end('SIGKILL');
  expect(await waitFor(() => living(children).length === 0, 10_000)).toBe(true);
  await slow;
  await start().ready();
});

test('nothing is left of them when it is ended while they start', async () => {
  const one = start();
  const children = await waitFor(() => {
    const found = childrenOf(one.pid);
    return found.length === 3 && found;
  }, 20_000);
  expect(await one.end('SIGTERM')).toMatchObject({ code: 0 });
  expect(living(children!.map(({ pid }) => pid))).toEqual([]);
});
