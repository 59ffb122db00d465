// Which test files a change needs, and in which order: pure, and held by tests/docs/check.test.ts.

/** How much likelier a test of the same section is to find a fault there than one that only passes through. */
const HOME = 20;

/** A file's section: what stands behind `src/`, `views/` or `tests/`. */
const sectionOf = (file) => /^(?:src|views|tests)\/([^/]+)\//.exec(file)?.[1] ?? null;

/**
 * Chooses within a budget.
 * @param needs what has changed, each with the test files that would notice: `{ file, tests }`; `own` is a test file
 * that has changed itself, and runs whatever it costs.
 * @param secondsOf how long a test file takes.
 * @param budget seconds of all workers together.
 * @returns `run`, the most telling first, and `left`, likewise.
 */
function choose(needs, secondsOf, budget) {
  const own = [...new Set(needs.flatMap(({ own }) => own ?? []))].sort();
  const ranked = rank(needs, secondsOf).filter((test) => !own.includes(test));
  let spent = own.reduce((sum, test) => sum + secondsOf(test), 0);
  const chosen = new Set(own);
  const take = (test) => {
    if (chosen.has(test) || spent + secondsOf(test) > budget) return;
    spent += secondsOf(test);
    chosen.add(test);
  };
  // First one for each thing that has changed, then whatever else there is time for.
  for (const { tests } of [...needs].sort((a, b) => (a.tests ?? []).length - (b.tests ?? []).length)) {
    if ((tests ?? []).some((test) => chosen.has(test))) continue;
    const first = ranked.find((test) => tests?.includes(test) && spent + secondsOf(test) <= budget);
    if (first) take(first);
  }
  ranked.forEach(take);
  return {
    run: [...own, ...ranked.filter((test) => chosen.has(test))],
    left: ranked.filter((test) => !chosen.has(test)),
    seconds: spent,
  };
}

/**
 * By how much a test has to say of these changes for each second it takes: what few tests run says more than what all
 * of them do, and a test of the same section more than others.
 */
function rank(needs, secondsOf) {
  const worth = new Map();
  for (const { file, tests = [] } of needs)
    for (const test of tests) {
      const near = sectionOf(file) !== null && sectionOf(file) === sectionOf(test) ? HOME : 1;
      worth.set(test, (worth.get(test) ?? 0) + near / tests.length);
    }
  const perSecond = (test) => worth.get(test) / (1 + secondsOf(test));
  return [...worth.keys()].sort((a, b) => perSecond(b) - perSecond(a) || (a < b ? -1 : 1));
}

module.exports = { choose, sectionOf };
