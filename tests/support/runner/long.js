// What belongs to the long tests: `npm run test:long`.
const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const { root } = require('./functions');

const ASKS = /from '(?:\.\.?\/)+support\/long'/;

const testFiles = () =>
  readdirSync(path.join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .map((file) => path.join(root, 'tests', file))
    .sort();

/** Files that are long as a whole. */
const longFiles = () => testFiles().filter((file) => file.endsWith('.long.ts'));

/** Test files that do only a part of what they do when the tests are long. */
const deeperFiles = () =>
  testFiles().filter((file) => file.endsWith('.test.ts') && ASKS.test(readFileSync(file, 'utf8')));

module.exports = { deeperFiles, longFiles };
