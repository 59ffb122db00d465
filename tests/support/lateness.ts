const TICK = 10;

/** How long something took, and how much of that the machine had no time for this process. */
export interface Took<T> {
  readonly result: T;
  /** Milliseconds without those for which nothing could run here: what a slow machine adds is no fault of the product's. */
  readonly milliseconds: number;
}

/** Measures a wait. Time in which not even a timer came to its turn does not count: a server that stands still costs none of it. */
export async function timed<T>(work: () => Promise<T>): Promise<Took<T>> {
  let [late, last] = [0, performance.now()];
  const tick = setInterval(() => {
    const now = performance.now();
    late += Math.max(0, now - last - 2 * TICK);
    last = now;
  }, TICK);
  const begun = performance.now();
  try {
    const result = await work();
    return { result, milliseconds: performance.now() - begun - late };
  } finally {
    clearInterval(tick);
  }
}
