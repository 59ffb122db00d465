import { setTimeout as pause } from 'node:timers/promises';

const TICK = 10;

/**
 * Waits for something to become true, asking again and again; fails after `milliseconds`, without those in which this
 * process came to nothing. It only waits: what must come true in a given time is measured by a stopwatch (lateness.ts),
 * which counts those. Never a fixed pause.
 */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 15_000): Promise<void> {
  const lateness = watchLateness();
  const begun = performance.now();
  try {
    while (!(await holds())) {
      if (performance.now() - begun - lateness.sum() > milliseconds)
        throw new Error(`still not true after ${milliseconds} ms: ${holds.toString()}`);
      await pause(20);
    }
  } finally {
    lateness.stop();
  }
}

/** Sums up the milliseconds in which not even a timer of this process came to its turn. */
function watchLateness(): { sum(): number; stop(): void } {
  let [late, last] = [0, performance.now()];
  const tick = setInterval(() => {
    const now = performance.now();
    late += Math.max(0, now - last - 2 * TICK);
    last = now;
  }, TICK);
  return { sum: () => late, stop: () => clearInterval(tick) };
}
