import { giftRank, giftState, givingTier, mayGive, type GivingTier } from '../../src/access/gifts';

const tier = (slug: string, rank: number, joining: string, retiredAt: Date | null = null): GivingTier => ({
  ...{ slug, rank, joining, retiredAt },
});
const now = new Date('2026-11-30T12:00:00Z');
const later = new Date(now.getTime() + 1);
const TIERS = [tier('public', 0, 'free'), tier('low', 10, 'free'), tier('paid', 20, 'paid'), tier('house', 40, 'none')];

test('whoever holds the highest paid tier gives, and whoever reads further; without one nobody', () => {
  expect(givingTier(TIERS)?.slug).toBe('paid');
  expect([0, 10, 19, 20, 40, 1000].map((rank) => mayGive(rank, TIERS))).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
  ]);
  expect(mayGive(1000, [tier('low', 10, 'free'), tier('gone', 20, 'paid', now)])).toBe(false);
  expect(givingTier([...TIERS, tier('dear', 30, 'paid')])?.slug).toBe('dear');
});

test('a gift is open until it ends, is taken back, or its giver gives no more', () => {
  const open = { expiresAt: later, revokedAt: null, giverRank: 20 };
  expect(giftState(open, TIERS, now)).toBe('open');
  expect(giftState({ ...open, expiresAt: now }, TIERS, now)).toBe('expired');
  expect(giftState({ ...open, revokedAt: now }, TIERS, now)).toBe('revoked');
  expect(giftState({ ...open, giverRank: 10 }, TIERS, now)).toBe('void');
  expect(giftState({ ...open, giverRank: null }, TIERS, now)).toBe('void');
  expect(giftState({ ...open, giverRank: 20 }, [...TIERS, tier('dear', 30, 'paid')], now)).toBe('void');
});

test('it reads as far as its giver does, and no further than the highest tier', () => {
  expect([10, 20, 40, 1000].map((rank) => giftRank(rank, TIERS))).toEqual([10, 20, 40, 40]);
  expect(giftRank(1000, [])).toBe(0);
});
