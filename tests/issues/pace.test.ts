import { batchSize, leastSeconds } from '../../src/issues/pace';

test.each([
  [{ perSecond: 20, perDomain: 5 }, 20, { most: 20, mostToDomain: 5 }],
  [{ perSecond: 200, perDomain: 5 }, 20, { most: 20, mostToDomain: 1 }],
  [{ perSecond: 4, perDomain: 4 }, 20, { most: 4, mostToDomain: 4 }],
  [{ perSecond: 10, perDomain: 50 }, 20, { most: 10, mostToDomain: 10 }],
])('at %j a batch of at most %d is %j', (pace, largest, size) => expect(batchSize(pace, largest)).toEqual(size));

const to = (domain: string, n: number) => Array.from({ length: n }, (_none, at) => `reader-${at}@${domain}`);

test.each([
  [[...to('one.example', 10), ...to('two.example', 10)], { perSecond: 10, perDomain: 10 }, 2],
  [[...to('one.example', 15), ...to('two.example', 5)], { perSecond: 20, perDomain: 5 }, 3],
  [to('one.example', 1), { perSecond: 100, perDomain: 2 }, 0.5],
  [[], { perSecond: 1, perDomain: 1 }, 0],
])('%j at %j take %d seconds', (emails, pace, seconds) => expect(leastSeconds(emails, pace)).toBe(seconds));
