/** What one can choose to hear of new briefings by mail: each when an editor sends it, or a digest. */
export const LISTS = ['each', 'daily', 'weekly'] as const;
export type List = (typeof LISTS)[number];

/** Lists that go out by the clock, with what has been published since the last time. */
export type Digest = Exclude<List, 'each'>;

export const isList = (given: unknown): given is List => LISTS.some((one) => one === given);
