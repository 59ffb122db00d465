// npm run check   what to run while working: types, lint, format and imports of what has changed, and the tests that
// ran it in the last whole run, at most a minute of all. What there is no time for is left to `npm test`, and named.
// npm run check -- --dry    says which tests it would run, and runs none
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import './generate.mjs';

const require = createRequire(import.meta.url);
const { base, changedFiles, needsOf } = require('../tests/support/runner/changes.js');
const { choose } = require('../tests/support/runner/choice.js');
const { lastRun } = require('../tests/support/runner/record.js');

/** Seconds of all of it. */
const LIMIT = 60;
/** Seconds until Jest has a Postgres, and for its end. */
const START = 8;
/** Seconds that the tests get in any case. */
const LEAST = 15;
/** Seconds of a file that no run knows. */
const UNKNOWN = 10;

const root = path.resolve(import.meta.dirname, '..');
const bin = (name) => path.join(root, 'node_modules', name);
const begun = Date.now();
const elapsed = () => (Date.now() - begun) / 1000;
const round = (seconds) => `${Math.round(seconds)} s`;

const commit = base();
const changed = changedFiles(commit);
console.log(`${changed.length} files have changed since ${commit.slice(0, 10)}.`);

const code = changed.filter((file) => existsSync(path.join(root, file)) && /\.(?:[cm]?js|ts)$/.test(file));
const steps = [
  [
    [
      'types',
      bin('typescript/bin/tsc'),
      '--noEmit',
      '--incremental',
      '--tsBuildInfoFile',
      bin('.cache/types.tsbuildinfo'),
    ],
    ['types of public/', bin('typescript/bin/tsc'), '-p', 'tsconfig.public.json'],
  ],
  [
    ...(code.length > 0
      ? [
          ['lint', bin('eslint/bin/eslint.js'), '--max-warnings', '0', '--no-warn-ignored', ...code],
          ['format', bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', ...code],
        ]
      : []),
    ['imports', path.join(root, 'scripts/imports.mjs')],
  ],
];
const dry = process.argv.includes('--dry');
const wrong = dry ? [] : (await Promise.all(steps.map(inTurn))).flat();
const tests = chosenTests();
if (!dry && tests.run.length > 0) {
  const jest = spawnSync(process.execPath, [bin('jest/bin/jest.js'), '--runTestsByPath', ...tests.run], {
    cwd: root,
    stdio: 'inherit',
  });
  if (jest.status !== 0) wrong.push('tests');
}
if (tests.left.length > 0) console.log(`\nLeft to npm test: ${tests.left.map(short).join(', ')}.`);
console.log(`\ncheck: ${wrong.length === 0 ? 'all right' : `${wrong.join(', ')} failed`}, ${round(elapsed())}`);
process.exit(wrong.length === 0 ? 0 : 1);

/** The names of those that failed. */
async function inTurn(list) {
  const failed = [];
  for (const [name, ...args] of list) {
    const started = elapsed();
    const { status, output } = await run(args);
    console.log(`${name}: ${status === 0 ? 'ok' : 'failed'}, ${round(elapsed() - started)}`);
    if (status === 0) continue;
    failed.push(name);
    console.log(output.trim());
  }
  return failed;
}

function run(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    child.on('close', (status) => resolve({ status, output }));
  });
}

function chosenTests() {
  const present = readdirSync(path.join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `tests/${name.split(path.sep).join('/')}`)
    .sort();
  const record = lastRun();
  if (!record) {
    console.log('No whole run is recorded: run npm test once, and it will be known which tests a change needs.');
    return { run: changed.filter((file) => present.includes(file)), left: [] };
  }
  const seconds = new Map(record.tests.map((one) => [one.file, one.seconds]));
  const budget = Math.max(LEAST, LIMIT - START - elapsed()) * os.availableParallelism();
  const needs = needsOf(changed, commit, record, present);
  const chosen = choose(needs, (test) => seconds.get(test) ?? UNKNOWN, budget);
  for (const { file, tests } of needs) if (tests?.length === 0) console.log(`No test is known to run ${file}.`);
  const all = chosen.run.length + chosen.left.length;
  if (all > 0)
    console.log(`tests: ${chosen.run.length} of ${all} files that would notice: ${chosen.run.map(short).join(', ')}`);
  return chosen;
}

function short(file) {
  return file.replace(/^tests\/|\.test\.ts$/g, '');
}
