// What a run says at its end beside Jest's own summary, and the record a whole run leaves (record.js).
const { execFileSync } = require('node:child_process');
const { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { nameOf, root } = require('./functions');
const { deeperFiles, longFiles } = require('./long');
const { FOLDER, LOCAL, gather, write } = require('./record');
const { titlesIn } = require('./titles');

/** Where what a browser showed when a test failed is laid; emptied when a run begins. */
const FAILURES = path.join(root, 'coverage/failures');

module.exports = class Reporter {
  constructor(globalConfig) {
    this.whole = isWhole(globalConfig);
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'dossier-record-'));
    process.env[FOLDER] = this.folder;
    rmSync(FAILURES, { recursive: true, force: true });
    process.env.DOSSIER_TEST_FAILURES = FAILURES;
  }

  onRunComplete(_contexts, results) {
    try {
      if (this.whole && results.numFailedTests === 0 && results.numRuntimeErrorTestSuites === 0)
        this.record(results.testResults);
    } finally {
      rmSync(this.folder, { recursive: true, force: true });
    }
    const lines = [...leftOut(results, this.whole), ...shown(), counts(results)];
    // Jest's own summary comes after all reporters; this comes after it.
    process.once('exit', () => process.stderr.write(`\n${lines.join('\n')}\n`));
    if (process.env.DOSSIER_TEST_COUNTS) appendFileSync(process.env.DOSSIER_TEST_COUNTS, `${counts(results)}\n`);
  }

  record(testResults) {
    const files = Object.fromEntries(
      testResults.map(({ testFilePath, perfStats }) => [
        nameOf(testFilePath),
        {
          seconds: Math.round((perfStats.end - perfStats.start) / 100) / 10,
          titles: titlesIn(readFileSync(testFilePath, 'utf8')),
        },
      ]),
    );
    write(LOCAL, gather(this.folder, files, commitOf()));
  }
};

/** Every file of `npm test`, whole. */
function isWhole({ nonFlagArgs, testNamePattern, testPathPatterns, onlyChanged, shard }) {
  return (
    !process.env.DOSSIER_TEST_LONG &&
    nonFlagArgs.length === 0 &&
    !testNamePattern &&
    !onlyChanged &&
    !shard &&
    testPathPatterns.patterns.length === 0
  );
}

function commitOf() {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return null;
  }
}

/** What this run has not tested: for want of a Redis, and what the long tests do. */
function leftOut({ testResults }, whole) {
  const lines = [];
  const skipped = testResults.flatMap(({ testResults: tests }) =>
    tests.filter(({ status, fullName }) => status === 'pending' && fullName.includes('install redis-server')),
  );
  if (skipped.length > 0)
    lines.push(`Skipped for want of a redis-server on the PATH: ${counted(skipped.length, 'case')}.`);
  if (!whole) return lines;
  const short = (file) => nameOf(file).replace(/^tests\/|\.(?:long|test)\.ts$/g, '');
  const left = [
    longFiles().map(short).join(', '),
    deeperFiles().length > 0 ? `and more of ${deeperFiles().map(short).join(', ')}` : '',
  ].filter((part) => part !== '');
  if (left.length > 0) lines.push(`Left to npm run test:long: ${left.join(', ')}.`);
  return lines;
}

const counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

const shown = () => (existsSync(FAILURES) ? [`What the browser showed where a test failed: ${FAILURES}`] : []);

/** The last line of a run. */
const counts = ({ numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites }) =>
  `${numPassedTests} passed, ${numFailedTests + numRuntimeErrorTestSuites} failed, ${numPendingTests} skipped`;
