// Tests run in the realm of their worker, where Jest would make a new one for every file: its globals are reached
// through a proxy, and packages from outside would throw errors in it that are no `Error` there. What a file changes is
// put back after it; globals that a package has added stay, since the package stays (runtime.js).
const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');
const { beginRecord, endRecord } = require('./record');

module.exports = class WorkerRealm {
  constructor({ projectConfig }, { testPath }) {
    this.before = remember();
    this.testPath = testPath;
    this.global = globalThis;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    beginRecord();
  }

  async setup() {}

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

function remember() {
  return {
    globals: Object.entries(Object.getOwnPropertyDescriptors(globalThis)).filter(
      ([, one]) => 'value' in one && one.configurable,
    ),
    env: { ...process.env },
    folder: process.cwd(),
    exit: process.exit,
    builtin: process.getBuiltinModule,
    listeners: new Map(process.eventNames().map((event) => [event, process.rawListeners(event)])),
  };
}

function putBack({ globals, env, folder, exit, builtin, listeners }) {
  for (const [name, descriptor] of globals) Object.defineProperty(globalThis, name, descriptor);
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
