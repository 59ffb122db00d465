// What a whole run leaves for the next ones: how long each test file took, and which functions and templates of the
// product it ran. A worker writes one file for each test file; the reporter puts them together at the end.
const { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } = require('node:fs');
const { createHash } = require('node:crypto');
const path = require('node:path');
const ejs = require('ejs');
const { functionsIn, nameOf, root } = require('./functions');
const { clearMarks, readMarks } = require('./marks');

/** The record of the last whole run on this machine; and the one that comes with the sources. */
const LOCAL = path.join(root, 'coverage/last-run.json');
const COMMITTED = path.join(root, 'tests/last-run.json');
/** Where workers write while a run is recorded; the reporter sets it. */
const FOLDER = 'DOSSIER_TEST_RECORD';

/** Templates that were rendered, or would have been compiled. */
const rendered = new Set();
const { cache } = ejs;
ejs.cache = {
  get: (name) => {
    rendered.add(name);
    return cache.get(name);
  },
  set: (name, template) => cache.set(name, template),
  reset: () => cache.reset(),
};

function beginRecord() {
  clearMarks();
  rendered.clear();
}

function endRecord(testFile) {
  const folder = process.env[FOLDER];
  if (!folder) return;
  const views = [...rendered].map(nameOf).filter((name) => name.startsWith('views/'));
  const { user, system } = process.cpuUsage();
  const name = createHash('sha256').update(testFile).digest('hex').slice(0, 16);
  writeFileSync(
    path.join(folder, `${name}.json`),
    JSON.stringify({ test: nameOf(testFile), ran: readMarks(), views, cpu: (user + system) / 1e6, pid: process.pid }),
  );
}

/**
 * Puts together what the workers of a run have written. `files` says of each test file, by its path, how long it took
 * in seconds and what its tests are called.
 */
function gather(folder, files, commit) {
  const tests = Object.keys(files).sort();
  const place = new Map(tests.map((test, index) => [test, index]));
  const runs = readdirSync(folder).map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')));
  const bySource = new Map();
  const byView = new Map();
  const note = (map, key, test) => {
    if (place.has(test)) map.set(key, (map.get(key) ?? new Set()).add(place.get(test)));
  };
  for (const { test, ran, views } of runs) {
    for (const view of views) note(byView, view, test);
    for (const [source, indices] of Object.entries(ran)) {
      if (!bySource.has(source)) bySource.set(source, new Map());
      for (const index of indices) note(bySource.get(source), index, test);
    }
  }
  const sets = [];
  const setOf = (places) => {
    const set = [...places].sort((a, b) => a - b).join(' ');
    if (!sets.includes(set)) sets.push(set);
    return sets.indexOf(set);
  };
  const sources = {};
  for (const source of [...bySource.keys()].sort()) {
    if (!existsSync(path.join(root, source))) continue;
    const functions = functionsIn(readFileSync(path.join(root, source), 'utf8'));
    sources[source] = shortened(
      [...bySource.get(source)]
        .sort(([a], [b]) => a - b)
        .map(([index, places]) => [functions[index].key, setOf(places)]),
    );
  }
  const views = Object.fromEntries([...byView.keys()].sort().map((view) => [view, setOf(byView.get(view))]));
  return {
    at: new Date().toISOString(),
    commit,
    tests: tests.map((test) => ({ file: test, ...files[test] })),
    sets,
    sources,
    views,
  };
}

/** What most functions of a file have is said once, under no name; a function of another name has that. */
function shortened(entries) {
  const times = new Map();
  for (const [, set] of entries) times.set(set, (times.get(set) ?? 0) + 1);
  const [most] = [...times].sort(([a, one], [b, other]) => other - one || a - b)[0];
  return Object.fromEntries([['', most], ...entries.filter(([, set]) => set !== most)]);
}

/** Writes a record so that a change of one file changes few lines. */
function write(file, { at, commit, tests, sets, sources, views }) {
  const rows = (list) => `[\n${list.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]`;
  const entries = (object) =>
    `{\n${Object.entries(object)
      .map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
      .join(',\n')}\n}`;
  mkdirSync(path.dirname(file), { recursive: true });
  const parts = { at: JSON.stringify(at), commit: JSON.stringify(commit), tests: rows(tests), sets: rows(sets) };
  const whole = { ...parts, sources: entries(sources), views: entries(views) };
  writeFileSync(
    file,
    `{${Object.entries(whole)
      .map(([key, value]) => `"${key}": ${value}`)
      .join(',\n')}}\n`,
  );
}

/** The newest record there is: this machine's last whole run, or the one that comes with the sources; null without. */
function lastRun() {
  const found = [LOCAL, COMMITTED].flatMap((file) => {
    try {
      return [{ file, ...JSON.parse(readFileSync(file, 'utf8')) }];
    } catch {
      return [];
    }
  });
  return found.sort((a, b) => (a.at < b.at ? 1 : -1))[0] ?? null;
}

module.exports = { COMMITTED, FOLDER, LOCAL, beginRecord, endRecord, gather, lastRun, write };
