/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/tests/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/transform.js' },
  testSequencer: '<rootDir>/tests/support/sequencer.js',
  // These packages have modules for import alone; Jest requires, so it is given their other build.
  moduleNameMapper: { '^(d3-[a-z-]+|internmap)$': '<rootDir>/node_modules/$1/dist/$1.min.js' },
  globalSetup: '<rootDir>/tests/support/global-setup.ts',
  globalTeardown: '<rootDir>/tests/support/global-teardown.ts',
  // Built and kept files are no sources; a second package.json among them would be a name taken twice.
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  // Tests wait for browsers and databases more than they work: one worker to a core, where Jest would leave one out.
  maxWorkers: '100%',
  // A real Postgres is made and started in some of them.
  testTimeout: 30_000,
};
