import type { Tier } from '../../src/access/matrix';
import { placeAbove, withPlacement } from '../../src/access/tier-order';

const tiers = (ranks: Readonly<Record<string, number>>): Tier[] =>
  Object.entries(ranks).map(([slug, rank]) => ({ slug, rank }));

test.each([
  ['between two', { public: 0, circle: 10, alliance: 20 }, 'circle', 15, {}],
  ['above all', { public: 0, circle: 10 }, 'circle', 20, {}],
  ['above the highest there can be but few', { public: 0, top: 990 }, 'top', 995, {}],
  ['where no number is free', { public: 0, a: 1, b: 2, c: 40 }, 'public', 10, { a: 20, b: 30 }],
  ['where no number is free, up to the top', { public: 0, a: 1, b: 2, c: 25 }, 'public', 10, { a: 20, b: 30, c: 40 }],
])('%s', (_case, ranks, below, rank, raised) => {
  const placed = placeAbove(tiers(ranks), below)!;
  expect([placed.rank, Object.fromEntries(placed.raised)]).toEqual([rank, raised]);
  const order = withPlacement([...tiers(ranks), { slug: 'new', rank: 500 }], 'new', placed).map(({ slug }) => slug);
  // The others keep their order, no two have one rank, and none is lower than it was.
  expect(order.filter((slug) => slug !== 'new')).toEqual(Object.keys(ranks));
  expect(order[order.indexOf('new') - 1]).toBe(below);
  for (const [slug, was] of Object.entries(ranks)) expect(placed.raised.get(slug) ?? was).toBeGreaterThanOrEqual(was);
});

test('no rank is left, and no such tier', () => {
  expect(placeAbove(tiers({ public: 0, top: 999 }), 'top')).toBeNull();
  expect(placeAbove(tiers({ public: 0, a: 985, b: 986, c: 987 }), 'a')).toBeNull();
  expect(placeAbove(tiers({ public: 0 }), 'nobodys')).toBeNull();
});
