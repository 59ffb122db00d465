// Tests run in the realm of their worker, where Jest would make a new one for every file: its globals are reached
// through a proxy, and packages from outside would throw errors in it that are no `Error` there. What a file changes is
// put back after it; globals that a package has added stay, since the package stays (runtime.js).
const path = require('node:path');
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { nameOf } = require('./functions');
const { beginRecord, endRecord } = require('./record');

module.exports = class WorkerRealm {
  constructor({ projectConfig }, { testPath }) {
    this.before = remember();
    this.testPath = testPath;
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    // For tests/support/failures.ts.
    globalThis.__watched = { failed: new Set(), over: new Set() };
    beginRecord();
  }

  async setup() {}

  /** Jest tells of each step of a file, and waits. */
  async handleTestEvent({ name, test }) {
    const { failed, over } = globalThis.__watched;
    if (name === 'test_fn_failure') {
      const folder = path.join(
        process.env.DOSSIER_TEST_FAILURES,
        `${nameOf(this.testPath)}, ${titleOf(test)}`.replace(/[^\w,.-]+/g, '-').slice(0, 150),
      );
      for (const witness of failed) await Promise.resolve(witness(folder)).catch(() => undefined);
    }
    if (name === 'test_done') for (const work of over) await work();
  }

  async teardown() {
    endRecord(this.testPath);
    this.fakeTimersModern.dispose();
    putBack(this.before);
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest only asks whether there is one: runtime.js compiles for the realm it runs in. */
  getVmContext() {
    return globalThis;
  }
};

const titleOf = ({ name, parent }) =>
  parent && parent.name !== 'ROOT_DESCRIBE_BLOCK' ? `${titleOf(parent)} ${name}` : name;

/** What Jest keeps in a realm for one file: its state, its handlers, the time a test may take. */
const OF_JEST = /jest|^EVENT_HANDLERS$|^TEST_TIMEOUT_SYMBOL$|^RETRY_|^WAIT_BEFORE_RETRY$|^LOG_ERRORS_BEFORE_RETRY$/i;
const symbolsOfJest = () =>
  Object.getOwnPropertySymbols(globalThis).filter((one) => OF_JEST.test(one.description ?? ''));

function remember() {
  return {
    globals: Object.entries(Object.getOwnPropertyDescriptors(globalThis)).filter(
      ([, one]) => 'value' in one && one.configurable,
    ),
    symbols: symbolsOfJest(),
    env: { ...process.env },
    folder: process.cwd(),
    exit: process.exit,
    builtin: process.getBuiltinModule,
    listeners: new Map(process.eventNames().map((event) => [event, process.rawListeners(event)])),
  };
}

function putBack({ globals, symbols, env, folder, exit, builtin, listeners }) {
  for (const [name, descriptor] of globals) Object.defineProperty(globalThis, name, descriptor);
  for (const symbol of symbolsOfJest()) if (!symbols.includes(symbol)) delete globalThis[symbol];
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(folder);
  process.exit = exit;
  process.getBuiltinModule = builtin;
  for (const event of process.eventNames()) {
    const before = listeners.get(event) ?? [];
    for (const listener of process.rawListeners(event)) if (!before.includes(listener)) process.off(event, listener);
  }
}
