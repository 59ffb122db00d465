const Sequencer = require('@jest/test-sequencer').default;

/** What takes minutes, the longest first: begun last, each would keep one worker busy while the others stand idle. */
const LONG = [
  'billing/convergence',
  'leaks/two-worlds',
  'leaks/oracle',
  'browser/pages',
  'browser/desk',
  'access/refusals',
  'browser/admin',
];

/** Long files first, the others as Jest orders them. */
module.exports = class extends Sequencer {
  sort(tests) {
    const place = ({ path }) =>
      (LONG.findIndex((name) => path.includes(`/tests/${name}`)) + LONG.length + 1) % (LONG.length + 1);
    return [...super.sort(tests)].sort((a, b) => place(a) - place(b));
  }
};
