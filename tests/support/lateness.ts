const TICK = 10;

/**
 * Sums up the milliseconds in which not even a timer came to its turn. A server that stands still adds none; a machine
 * that is busy elsewhere does.
 */
export function watchLateness(): { sum(): number; stop(): void } {
  let [late, last] = [0, performance.now()];
  const tick = setInterval(() => {
    const now = performance.now();
    late += Math.max(0, now - last - 2 * TICK);
    last = now;
  }, TICK);
  return { sum: () => late, stop: () => clearInterval(tick) };
}

/** How long something took, without what a slow machine added. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly result: T; readonly milliseconds: number }> {
  const lateness = watchLateness();
  const begun = performance.now();
  try {
    const result = await work();
    return { result, milliseconds: performance.now() - begun - lateness.sum() };
  } finally {
    lateness.stop();
  }
}
