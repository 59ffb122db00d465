const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const Sequencer = require('@jest/test-sequencer').default;
const { nameOf, root } = require('./runner/functions');
const { lastRun } = require('./runner/record');
const { sameFile, titlesIn } = require('./runner/titles');

/** Seconds of a file that no run knows: among the longer ones, since a late long one keeps everybody waiting. */
const UNKNOWN = 15;

/** The longest first, as the last whole run had them: begun last, each would keep one worker busy, the others idle. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const recorded = lastRun()?.tests ?? [];
    const known = new Map(recorded.map((one) => [one.file, one]));
    const gone = recorded.filter(({ file }) => !existsSync(path.join(root, file)));
    const secondsOf = (file) =>
      (known.get(nameOf(file)) ?? sameFile(titlesIn(readFileSync(file, 'utf8')), gone))?.seconds ?? UNKNOWN;
    const seconds = new Map(tests.map((test) => [test, secondsOf(test.path)]));
    return [...tests].sort((a, b) => seconds.get(b) - seconds.get(a) || (a.path < b.path ? -1 : 1));
  }
};
