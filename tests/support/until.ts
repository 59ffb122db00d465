/** Waits for something to become true, asking again and again; fails after `milliseconds`. Never a fixed pause. */
export async function until(holds: () => boolean | Promise<boolean>, milliseconds = 5_000): Promise<void> {
  const end = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`still not true after ${milliseconds} ms: ${holds.toString()}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
