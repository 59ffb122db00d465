import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again every few milliseconds until there is an answer, which it returns.
 * @returns undefined when `milliseconds` have passed without one.
 */
export async function waitFor<T>(ask: () => T | undefined | false, milliseconds: number): Promise<T | undefined> {
  const end = performance.now() + milliseconds;
  for (;;) {
    const answer = ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= end) return undefined;
    await pause(10);
  }
}

/** The promise's value, or undefined when `milliseconds` pass first. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const stopWaiting = new AbortController();
  try {
    return await Promise.race([promise, pause(milliseconds, undefined, { signal: stopWaiting.signal })]);
  } finally {
    stopWaiting.abort();
  }
}

/**
 * Makes work begin in turn: each when the one before it has ended, or has gone on for so many milliseconds. What is
 * quick is done one after the other and never in a heap; what waits for somebody far away keeps nobody.
 */
export function withTimeout(milliseconds: number): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = last.then(() =>
      within(
        milliseconds,
        done.then(
          () => undefined,
          () => undefined,
        ),
      ),
    );
    return done;
  };
}
