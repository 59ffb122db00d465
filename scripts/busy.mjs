// npm run test:busy [-- <runs of npm test> <runs of .ci/run> [files]]   10 and 2 where it is not said
// The same tests while something else has one core of the machine: what they find may not depend on how quick it is.
// Goes on in the background, one run after the other; each run's log is kept under coverage/busy, and a line for it.
// To end it: kill -- -<process>
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const folder = path.join(root, 'coverage/busy');
const summary = path.join(folder, 'summary.log');

const args = process.argv.slice(2);
const going = args[0] === '--going';
const given = going ? args.slice(1) : args;
const numbers = given.slice(0, 2).map(Number);
const files = given.slice(2);
if (numbers.some((one) => !Number.isInteger(one) || one < 0 || one > 100)) {
  console.error('npm run test:busy -- <runs of npm test> <runs of .ci/run> [files]');
  process.exit(2);
}
const [tests = 10, checks = 2] = numbers;

if (going) {
  goOn();
} else {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(summary, '');
  const own = openSync(path.join(folder, 'script.log'), 'a');
  const runs = spawn(process.execPath, [import.meta.filename, '--going', String(tests), String(checks), ...files], {
    cwd: root,
    detached: true,
    stdio: ['ignore', own, own],
  });
  runs.unref();
  console.log(`Goes on in the background as process ${runs.pid}. A line for each run: ${summary}`);
}

function goOn() {
  const plan = [
    ...Array.from({ length: tests }, (_, run) => ({
      name: `npm-test-${run + 1}`,
      command: ['npm', 'test', '--', ...files],
    })),
    ...Array.from({ length: checks }, (_, run) => ({ name: `ci-run-${run + 1}`, command: ['bash', '.ci/run'] })),
  ];
  const busy = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
  process.once('SIGTERM', () => process.exit(143));
  process.once('SIGINT', () => process.exit(130));
  process.once('exit', () => busy.kill('SIGKILL'));
  let failed = 0;
  for (const { name, command } of plan) {
    const log = path.join(folder, `${name}.log`);
    const out = openSync(log, 'w');
    const begun = Date.now();
    const { status } = spawnSync(command[0], command.slice(1), { cwd: root, stdio: ['ignore', out, out] });
    if (status !== 0) failed++;
    const last = readFileSync(log, 'utf8').trim().split('\n').at(-1);
    note(`${name}: ${status === 0 ? 'passed' : 'FAILED'}, ${Math.round((Date.now() - begun) / 1000)} s, ${last}`);
  }
  note(failed === 0 ? `All ${plan.length} runs passed.` : `${failed} of ${plan.length} runs failed.`);
  process.exit(failed === 0 ? 0 : 1);
}

function note(line) {
  appendFileSync(summary, `${line}\n`);
}
