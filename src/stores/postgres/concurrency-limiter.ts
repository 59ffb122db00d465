import { isUnavailable } from '../unavailable';

/** Lets so many ask Postgres at a time, and the others wait their turn. */
export interface ConcurrencyLimiter {
  /**
   * Does the work when its turn comes. @throws what `isUnavailable` knows when it does not come, and whatever the work
   * throws.
   */
  run<T>(work: () => Promise<T>): Promise<T>;
}

interface Waiting {
  readonly admit: () => void;
  readonly refuse: (why: Error) => void;
}

/**
 * A line before the connections. Many at once are served one after the other while Postgres answers, however long the
 * line; when it answers nobody any more, all who wait are told at once, and nobody waits a second time for the same
 * silence.
 * @param longest milliseconds that anybody waits.
 */
export function openConcurrencyLimiter(most: number, longest: number): ConcurrencyLimiter {
  const waiting = new Set<Waiting>();
  let running = 0;
  let answered = 0;

  const turn = (): Promise<void> | undefined => {
    if (running < most) {
      running++;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const leave = (then: () => void) => {
        clearTimeout(timer);
        waiting.delete(one);
        then();
      };
      const one: Waiting = { admit: () => leave(resolve), refuse: (why) => leave(() => reject(why)) };
      // The code by which Postgres itself says that it has no connection left.
      const timer = setTimeout(
        () => one.refuse(Object.assign(new Error('too many wait for Postgres'), { code: '53300' })),
        longest,
      );
      waiting.add(one);
    });
  };

  return {
    run: async (work) => {
      await turn();
      const before = answered;
      try {
        const done = await work();
        answered++;
        return done;
      } catch (error) {
        if (!isUnavailable(error)) answered++;
        else if (answered === before) for (const one of [...waiting]) one.refuse(error as Error);
        throw error;
      } finally {
        // A turn is handed on; only when nobody waits is it given back.
        const [next] = waiting;
        if (next) next.admit();
        else running--;
      }
    },
  };
}
