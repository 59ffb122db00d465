import type { ServerResponse } from 'node:http';
import type { Attempts } from '../stores/limits';

/** The attempts of one request: those counted for it are given back when it is answered with a fault of ours (5xx). */
export function attemptsOf(res: ServerResponse): Attempts {
  return {
    made: (giveBack) => {
      res.once('finish', () => {
        // A counter that does not answer now forgets the attempt by itself in its time.
        if (res.statusCode >= 500) giveBack().catch(() => undefined);
      });
    },
  };
}
