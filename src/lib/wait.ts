import { setTimeout as pause } from 'node:timers/promises';

/**
 * Asks again every few milliseconds until the answer is true.
 * @returns false when `milliseconds` have passed without it.
 */
export async function waitUntil(isTrue: () => boolean | Promise<boolean>, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() >= end) return false;
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
