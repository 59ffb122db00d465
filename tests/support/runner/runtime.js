// Where the modules of a test file come from (docs/decisions/0020-one-realm-for-all-tests-of-a-worker.md). Sources and
// tests are evaluated anew for every file, as Jest does it, so that no file meets the state of another; what was
// compiled once is not compiled again. Packages and the generated client are evaluated once in a worker.
const { createRequire } = require('node:module');
const path = require('node:path');
const { compileFunction } = require('node:vm');
const JestRuntime = require('jest-runtime').default;

const CLIENT = path.resolve(__dirname, '../../../src/stores/prisma') + path.sep;

/** By file: its text, and the function that is its body. */
const compiled = new Map();
/** `require` as a file of that folder has it, without Jest. */
const requires = new Map();
/** The modules of the generated client. */
const client = new Map();

module.exports = class Runtime extends JestRuntime {
  constructor(...args) {
    super(...args);
    this.executor.compile = (source, filename) => {
      const before = compiled.get(filename);
      if (before?.source === source) return before.body;
      const body = compileFunction(source, this.executor.injectedModuleParameters, { filename });
      compiled.set(filename, { source, body });
      return body;
    };
  }

  requireModuleOrMock(from, name) {
    if (name === '@jest/globals') return super.requireModuleOrMock(from, name);
    if (isPackage(name)) return natively(from)(name);
    const file = path.resolve(path.dirname(from), name);
    if (!file.startsWith(CLIENT)) return super.requireModuleOrMock(from, name);
    if (!client.has(file)) client.set(file, this.requireModule(from, name));
    return client.get(file);
  }

  setMock(from, name, ...others) {
    if (isPackage(name))
      throw new Error(
        `All files of a worker share ${name}: put a spy into it, which Jest takes out again, not a mock in its place.`,
      );
    super.setMock(from, name, ...others);
  }
};

const isPackage = (name) => !/^[./]/.test(name);

function natively(from) {
  const folder = path.dirname(from);
  if (!requires.has(folder)) requires.set(folder, createRequire(from));
  return requires.get(folder);
}
