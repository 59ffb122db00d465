// What has changed in the work tree, and which test files would notice, by what each ran in the last whole run
// (record.js). What no record can know, since no test runs it in its own process, has a rule here.
const { execFileSync } = require('node:child_process');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');
const { transformSync } = require('esbuild');
const { functionsIn, isSource, root } = require('./functions');
const { sectionOf } = require('./choice');

const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
const lines = (text) => text.split('\n').filter((line) => line !== '');

/** The commit to compare with: where this branch left origin/main, or HEAD where there is none. */
function base() {
  try {
    return git('merge-base', 'HEAD', 'origin/main').trim();
  } catch {
    return git('rev-parse', 'HEAD').trim();
  }
}

/** Files that differ from that commit, new ones and removed ones among them. */
const changedFiles = (commit) =>
  [
    ...new Set([
      ...lines(git('diff', '--name-only', '--no-renames', commit)),
      ...lines(git('ls-files', '--others', '--exclude-standard')),
    ]),
  ].sort();

/** A file's text, and what it was; '' where there is or was none. */
function textsOf(file, commit) {
  const now = existsSync(path.join(root, file)) ? readFileSync(path.join(root, file), 'utf8') : '';
  try {
    const before = execFileSync('git', ['show', `${commit}:${file}`], {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return { now, before };
  } catch {
    return { now, before: '' };
  }
}

/** Functions by name with what is theirs alone, without the functions in them; what stands outside of all is ''. */
function ownTexts(text) {
  const functions = functionsIn(text);
  const without = (start, end) => {
    const inner = functions.filter(
      (one) => one.start >= start && one.end <= end && !(one.start === start && one.end === end),
    );
    let [kept, at] = ['', start];
    for (const one of inner) {
      if (one.start < at) continue;
      kept += `${text.slice(at, one.start)}…`;
      at = one.end;
    }
    return kept + text.slice(at, end);
  };
  return new Map([
    // Imports and functions beside it are not its own.
    [
      '',
      without(0, text.length)
        .replace(/^import\b[^;]*;|^…$|\s+/gm, ' ')
        .replace(/ +/g, ' '),
    ],
    ...functions.map(({ key, start, end }) => [key, without(start, end)]),
  ]);
}

/** Names of the functions in which the two texts differ; '' among them when something outside of all functions does. */
function changedFunctions(before, now) {
  const [old, fresh] = [ownTexts(before), ownTexts(now)];
  return [...new Set([...old.keys(), ...fresh.keys()])].filter((key) => old.get(key) !== fresh.get(key));
}

/** Do they differ in comments and types alone? */
function sameWhenRun(before, now) {
  const bare = (text) => transformSync(text, { loader: 'ts', minifyWhitespace: true, legalComments: 'none' }).code;
  try {
    return before !== '' && now !== '' && bare(before) === bare(now);
  } catch {
    return false;
  }
}

/** Which tests ran what, as a record has it. */
function reader({ tests, sets, sources, views }) {
  const named = (id) => sets[id].split(' ').map((index) => tests[Number(index)].file);
  const all = (ids) => [...new Set(ids.flatMap(named))];
  return {
    source: (file) => all(Object.values(sources[file] ?? {})),
    /** The function's tests, or those of what it stands in, or of most of its file; null where no test has run any. */
    functionOf: (file, key) => {
      for (let at = key; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/'))))
        if (sources[file]?.[at] !== undefined) return named(sources[file][at]);
      return sources[file] === undefined ? null : named(sources[file]['']);
    },
    view: (file) => (views[file] === undefined ? [] : named(views[file])),
  };
}

/**
 * What of a source file has changed, each with the tests that ran it. Where only new functions have, whoever calls them
 * has changed too; where nothing of the file is known, its section is asked.
 */
function needsOfSource(file, { before, now }, record, present) {
  if (sameWhenRun(before, now)) return [];
  const keys = changedFunctions(before, now);
  const known = keys.flatMap((key) => {
    const tests = key === '' ? null : record.functionOf(file, key);
    return tests ? [{ file, tests }] : [];
  });
  if (known.length > 0 && !keys.includes('')) return known;
  const whole = record.source(file);
  if (whole.length > 0) return [...known, { file, tests: whole }];
  return [{ file, tests: inSection(sectionOf(file) ?? 'start', present).concat(naming(file, present)) }];
}

const inSection = (section, present) => present.filter((test) => sectionOf(test) === section);

/** Test files that name the file, as the last part of its path. */
function naming(file, present) {
  const name = path.basename(file).replace(/\.(?:ts|mjs)$/, '');
  return present.filter((test) =>
    new RegExp(`[/'"\`]${name.replace(/[^\w]/g, '\\$&')}\\b`).test(readFileSync(path.join(root, test), 'utf8')),
  );
}

/** Phrases that differ, and the files that use them: by their whole name, or by the beginning of it. */
function usersOfPhrases({ before, now }) {
  const parse = (text) => (text === '' ? {} : JSON.parse(text));
  const [old, fresh] = [parse(before), parse(now)];
  const keys = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].filter((key) => old[key] !== fresh[key]);
  const using = (text) => {
    try {
      return lines(git('grep', '--name-only', '--fixed-strings', '-e', text, '--', 'views/*.ejs', 'src'));
    } catch {
      return [];
    }
  };
  return [
    ...new Set(
      keys.flatMap((key) => {
        const whole = using(`${key}'`);
        return whole.length > 0 ? whole : using(key.slice(0, key.lastIndexOf('.') + 1));
      }),
    ),
  ];
}

/** Test files that import one, directly or through others of tests/. */
function importing(file, present) {
  const all = readdirSync(path.join(root, 'tests'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `tests/${name.split(path.sep).join('/')}`);
  const imports = new Map(
    all.map((one) => [
      one,
      [...readFileSync(path.join(root, one), 'utf8').matchAll(/(?:from|import) '(\.[^']+)'/g)].map(
        ([, to]) => `${path.posix.join(path.posix.dirname(one), to)}.ts`,
      ),
    ]),
  );
  const reached = new Set([file]);
  for (let grown = true; grown;) {
    grown = false;
    for (const [one, of] of imports)
      if (!reached.has(one) && of.some((to) => reached.has(to))) grown = Boolean(reached.add(one));
  }
  return present.filter((test) => reached.has(test));
}

/** Where no test's own process runs it: which tests read it. The first that fits. */
const RULES = [
  [
    /^prisma\/(?:migrations|schema)/,
    (_file, present) => present.filter((test) => /^tests\/(?:stores\/|start\/migrate)/.test(test)),
  ],
  [/^prisma\/samples\//, (_file, present) => naming('samples', present)],
  [/^public\//, (file, present) => [...inSection('browser', present), ...naming(file, present)]],
  [
    /^(?:deploy\/|docs\/|Dockerfile|docker-compose|README|CONTRIBUTING|\.env)/,
    (file, present) => [...inSection('docs', present), ...naming(file, present)],
  ],
  [/^scripts\//, naming],
  [
    /^tests\/support\/runner\/|^(?:package(?:-lock)?\.json|jest\.config\.js|tsconfig\.json)$/,
    (_file, present) => present,
  ],
  [/^tests\/.*\.ts$/, importing],
];

/** A test file that is there no more: what it ran is still there. */
const gone = (file) => /^tests\/.*\.ts$/.test(file) && !existsSync(path.join(root, file));

/**
 * What has changed, each with the test files that would notice.
 * @param present every test file of `npm test`.
 */
function needsOf(files, commit, lastRun, present) {
  const record = reader(lastRun);
  const here = (tests) => tests.filter((test) => present.includes(test));
  return files
    .flatMap((file) => {
      if (present.includes(file)) return [{ file, own: file }];
      if (/\.long\.ts$|^tests\/last-run\.json$/.test(file) || gone(file)) return [];
      if (isSource(file)) return needsOfSource(file, textsOf(file, commit), record, present);
      if (/^views\/.*\.ejs$/.test(file)) return [{ file, tests: record.view(file) }];
      if (/^views\/languages\//.test(file))
        return usersOfPhrases(textsOf(file, commit)).map((user) => ({
          file: user,
          tests: user.endsWith('.ejs') ? record.view(user) : record.source(user),
        }));
      const rule = RULES.find(([pattern]) => pattern.test(file));
      return [{ file, tests: rule ? [...new Set(rule[1](file, present))] : [] }];
    })
    .map((need) => (need.tests ? { ...need, tests: here(need.tests) } : need));
}

module.exports = { base, changedFiles, changedFunctions, needsOf, sameWhenRun };
