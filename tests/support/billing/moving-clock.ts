import type { Clock } from '../../../src/lib/clock';

/** A clock that goes with the machine's and can be moved on. */
export interface MovingClock extends Clock {
  move(milliseconds: number): void;
}

export function movingClock(): MovingClock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    move: (milliseconds) => {
      ahead += milliseconds;
    },
  };
}
