import { setTimeout as pause } from 'node:timers/promises';
import { watchLateness } from './lateness';

/**
 * Waits for something to become true, asking again and again; fails after `milliseconds`, without those in which the
 * machine had no time for this process. Never a fixed pause.
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
