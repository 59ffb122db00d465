// npm test [-- arguments of Jest]          the tests
// npm test -- --times 20 tests/x.test.ts   one file again and again, to see whether it ever fails
// npm test -- --keep                       keeps what the last green run of all has recorded as tests/last-run.json
// npm run test:long                        what takes minutes by nature: files named *.long.ts, and those that do more
// there
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import './generate.mjs';

const root = path.resolve(import.meta.dirname, '..');
const jest = path.join(root, 'node_modules/jest/bin/jest.js');
const args = process.argv.slice(2);

if (take('--keep')) keep();
const long = take('--long');
const times = takeValue('--times');
const env = { ...process.env, ...(long ? { DOSSIER_TEST_LONG: '1' } : {}) };

if (times === null) {
  const { status } = spawnSync(process.execPath, [jest, ...args], { stdio: 'inherit', env });
  process.exit(status ?? 1);
}
if (!/^[1-9]\d{0,3}$/.test(times) || args.filter((one) => !one.startsWith('-')).length === 0) {
  console.error('npm test -- --times <how often> <file>');
  process.exit(2);
}
process.exit(again(Number(times)));

/** The record that comes with the sources, for whoever has not run all tests yet (npm run check, the sequencer). */
function keep() {
  const recorded = path.join(root, 'coverage/last-run.json');
  if (!existsSync(recorded)) {
    console.error('No whole run was green here yet: npm test.');
    process.exit(1);
  }
  copyFileSync(recorded, path.join(root, 'tests/last-run.json'));
  process.exit(0);
}

/** Runs the same again and again; what a failing run said is kept. The number of runs that failed, as an exit code. */
function again(count) {
  const logs = path.join(root, 'coverage/times');
  rmSync(logs, { recursive: true, force: true });
  mkdirSync(logs, { recursive: true });
  let failed = 0;
  for (let run = 1; run <= count; run++) {
    const begun = Date.now();
    const { status, stdout, stderr } = spawnSync(process.execPath, [jest, ...args], {
      env,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    const log = path.join(logs, `${run}.log`);
    if (status !== 0) {
      failed++;
      writeFileSync(log, stdout + stderr);
    }
    const counts = stderr.trim().split('\n').at(-1);
    console.log(
      `${run} of ${count}: ${counts}, ${Math.round((Date.now() - begun) / 1000)} s${status === 0 ? '' : `, ${log}`}`,
    );
  }
  console.log(failed === 0 ? `All ${count} runs passed.` : `${failed} of ${count} runs failed.`);
  return failed === 0 ? 0 : 1;
}

function take(flag) {
  const at = args.indexOf(flag);
  if (at >= 0) args.splice(at, 1);
  return at >= 0;
}

function takeValue(flag) {
  const at = args.indexOf(flag);
  return at < 0 ? null : (args.splice(at, 2)[1] ?? '');
}
