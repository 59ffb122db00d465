interface Need {
  readonly file: string;
  readonly tests?: readonly string[];
  readonly own?: string;
}
interface Choice {
  readonly choose: (
    needs: readonly Need[],
    secondsOf: (test: string) => number,
    budget: number,
  ) => { run: string[]; left: string[] };
}
interface Changes {
  readonly changedFunctions: (before: string, now: string) => string[];
  readonly sameWhenRun: (before: string, now: string) => boolean;
}
const { choose } = jest.requireActual<Choice>('../support/runner/choice');
const { changedFunctions, sameWhenRun } = jest.requireActual<Changes>('../support/runner/changes');

/** What `npm run check` chooses (tests/support/runner/choice.js, changes.js). */
const SECONDS: Readonly<Record<string, number>> = { a: 1, b: 2, c: 4, 'tests/desk/x': 5, 'tests/http/y': 5, huge: 500 };
const chosen = (needs: readonly Need[], budget = 100) => choose(needs, (test) => SECONDS[test] ?? 1, budget);

test.each<[string, Need[], string[], string[]]>([
  ['nothing', [], [], []],
  ['a test file that has changed runs, whatever it costs', [{ file: 'huge', own: 'huge' }], ['huge'], []],
  ['the quicker of two that say the same comes first', [{ file: 'f', tests: ['c', 'a'] }], ['a', 'c'], []],
  [
    'what few tests run says more than what all of them do',
    [
      { file: 'f', tests: ['a', 'b', 'c'] },
      { file: 'f', tests: ['c'] },
    ],
    ['c', 'a', 'b'],
    [],
  ],
  [
    'a test of the same section comes first',
    [{ file: 'src/desk/f.ts', tests: ['tests/http/y', 'tests/desk/x'] }],
    ['tests/desk/x', 'tests/http/y'],
    [],
  ],
  ['what does not fit is left, and named', [{ file: 'f', tests: ['huge', 'a'] }], ['a'], ['huge']],
])('%s', (_name, needs, run, left) => {
  const { run: first, left: rest } = chosen(needs);
  expect([first, rest]).toEqual([run, left]);
});

test('each thing that has changed gets one test before any gets a second', () => {
  const { run } = chosen(
    [
      { file: 'f', tests: ['a', 'b'] },
      { file: 'g', tests: ['c'] },
    ],
    5,
  );
  expect([...run].sort()).toEqual(['a', 'c']);
});

test('a change is in the innermost function that differs, and in nothing where only comments and types do', () => {
  const before = 'import a from "a";\nconst one = 1;\nfunction f(x) { const g = () => { return 1; }; return g(x); }\n';
  for (const [now, names] of [
    [before.replace('return 1', 'return 2'), ['f/g']],
    [before.replace('g(x)', 'g(x, x)'), ['f']],
    [before.replace('one = 1', 'one = 2'), ['']],
    [before.replace('"a"', '"b"'), []],
    [`${before}function h() { return 1; }\n`, ['h']],
  ] as const)
    expect([now, changedFunctions(before, now)]).toEqual([now, names]);
  expect(sameWhenRun(before, before.replace('f(x)', 'f(x: string /* said */)'))).toBe(true);
  expect(sameWhenRun(before, before.replace('return 1', 'return 2'))).toBe(false);
});
