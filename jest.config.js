const { deeperFiles } = require('./tests/support/runner/long');

const long = process.env.DOSSIER_TEST_LONG !== undefined;

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/tests/support/runner/environment.js',
  runtime: '<rootDir>/tests/support/runner/runtime.js',
  // npm run test:long: what takes minutes by nature, and the files that do only a part of theirs in npm test.
  testMatch: long ? ['<rootDir>/tests/**/*.long.ts', ...deeperFiles()] : ['<rootDir>/tests/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/transform.js' },
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  reporters: ['default', '<rootDir>/tests/support/runner/reporter.js'],
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // Built and kept files are no sources; a second package.json among them would be a name taken twice.
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  // Tests wait for browsers and databases more than they work: one worker to a core, where Jest would leave one out.
  maxWorkers: '100%',
  // A real Postgres is made and started in some of them, and the machine may have other things to do.
  testTimeout: 60_000,
};
