/** Where the time comes from. What decides by the clock takes it as an argument, so that a test can move it. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };
