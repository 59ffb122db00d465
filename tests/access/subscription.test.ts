import {
  graceEnd,
  RENEWAL_LEEWAY,
  subscriptionAccess,
  SUBSCRIPTION_REASONS,
  type SubscriptionFacts,
  type SubscriptionReason,
} from '../../src/access/subscription';

const at = (day: number, milliseconds = 0): Date => new Date(Date.UTC(2026, 0, day) + milliseconds);

/** A month that was paid on the 1st, looked at on the 15th. */
const MONTH: SubscriptionFacts = {
  status: 'active',
  ours: true,
  priceKnown: true,
  startedAt: at(1),
  periodStart: at(1),
  periodEnd: at(31),
  paidThrough: at(31),
  trialEnd: null,
  trialConverts: false,
  cancelAt: null,
  endedAt: null,
  pause: null,
  firstFailedAt: null,
  refundedAt: null,
  dispute: null,
  customerDeleted: false,
};

interface Case {
  readonly name: string;
  readonly facts: Partial<SubscriptionFacts>;
  readonly now?: Date;
  readonly access: boolean;
  readonly until: Date | null;
  readonly reason: SubscriptionReason;
  readonly grace?: number;
}

const LEEWAY = new Date(at(31).getTime() + RENEWAL_LEEWAY);
const before = (moment: Date) => new Date(moment.getTime() - 1);

const CASES: readonly Case[] = [
  { name: 'active, in the middle', facts: {}, access: true, until: LEEWAY, reason: 'active' },
  { name: 'active, as the period ends', facts: {}, now: at(31), access: true, until: LEEWAY, reason: 'active' },
  {
    name: 'active, the last moment of the leeway',
    facts: {},
    now: before(LEEWAY),
    access: true,
    until: LEEWAY,
    reason: 'active',
  },
  { name: 'active, the first moment after it', facts: {}, now: LEEWAY, access: false, until: LEEWAY, reason: 'active' },
  { name: 'active, without a known end', facts: { periodEnd: null }, access: true, until: null, reason: 'active' },

  { name: 'to end with the period', facts: { cancelAt: at(31) }, access: true, until: at(31), reason: 'ending' },
  {
    name: 'to end, the moment before',
    facts: { cancelAt: at(31) },
    now: before(at(31)),
    access: true,
    until: at(31),
    reason: 'ending',
  },
  {
    name: 'to end, at that very moment',
    facts: { cancelAt: at(31) },
    now: at(31),
    access: false,
    until: at(31),
    reason: 'canceled',
  },
  { name: 'to end before the period does', facts: { cancelAt: at(20) }, access: true, until: at(20), reason: 'ending' },

  {
    name: 'a trial that goes on paid',
    facts: { status: 'trialing', trialEnd: at(20), trialConverts: true },
    access: true,
    until: at(21),
    reason: 'trialing',
  },
  {
    name: 'a trial that does not',
    facts: { status: 'trialing', trialEnd: at(20) },
    access: true,
    until: at(20),
    reason: 'trialing',
  },
  {
    name: 'a trial, at its end',
    facts: { status: 'trialing', trialEnd: at(15) },
    access: false,
    until: at(15),
    reason: 'trialing',
  },
  {
    name: 'a trial to be ended',
    facts: { status: 'trialing', trialEnd: at(20), trialConverts: true, cancelAt: at(20) },
    access: true,
    until: at(20),
    reason: 'ending',
  },

  {
    name: 'past due, within the grace',
    facts: { status: 'past_due', firstFailedAt: at(14) },
    access: true,
    until: at(21),
    reason: 'grace',
  },
  {
    name: 'past due, the last moment',
    facts: { status: 'past_due', firstFailedAt: at(14) },
    now: before(at(21)),
    access: true,
    until: at(21),
    reason: 'grace',
  },
  {
    name: 'past due, the grace over',
    facts: { status: 'past_due', firstFailedAt: at(14) },
    now: at(21),
    access: false,
    until: at(21),
    reason: 'unpaid',
  },
  {
    name: 'past due, no failure known',
    facts: { status: 'past_due', periodStart: at(10) },
    access: true,
    until: at(17),
    reason: 'grace',
  },
  {
    name: 'past due, neither failure nor period known',
    facts: { status: 'past_due', periodStart: null, startedAt: at(10) },
    access: true,
    until: at(17),
    reason: 'grace',
  },
  {
    name: 'past due, without any grace',
    facts: { status: 'past_due', firstFailedAt: at(15) },
    grace: 0,
    access: false,
    until: at(15),
    reason: 'unpaid',
  },
  {
    name: 'past due, to end before the grace does',
    facts: { status: 'past_due', firstFailedAt: at(14), cancelAt: at(16) },
    access: true,
    until: at(16),
    reason: 'grace',
  },

  { name: 'unpaid', facts: { status: 'unpaid', firstFailedAt: at(14) }, access: false, until: null, reason: 'unpaid' },
  { name: 'paused', facts: { status: 'paused' }, access: false, until: null, reason: 'paused' },
  { name: 'incomplete', facts: { status: 'incomplete' }, access: false, until: null, reason: 'incomplete' },
  {
    name: 'never paid',
    facts: { status: 'incomplete_expired', endedAt: at(2) },
    access: false,
    until: at(2),
    reason: 'expired',
  },
  {
    name: 'canceled',
    facts: { status: 'canceled', endedAt: at(12) },
    access: false,
    until: at(12),
    reason: 'canceled',
  },
  {
    name: 'canceled, as of now',
    facts: { status: 'canceled', endedAt: at(15) },
    access: false,
    until: at(15),
    reason: 'canceled',
  },
  {
    name: 'canceled, with an end to come that was said before',
    facts: { status: 'canceled', endedAt: at(12), cancelAt: at(31) },
    access: false,
    until: at(12),
    reason: 'canceled',
  },
  {
    name: 'a status nobody knows',
    facts: { status: 'hibernating' },
    access: false,
    until: null,
    reason: 'unknown-status',
  },
  { name: 'no status at all', facts: { status: '' }, access: false, until: null, reason: 'unknown-status' },
  {
    name: 'the name of a property every object has',
    facts: { status: 'constructor' },
    access: false,
    until: null,
    reason: 'unknown-status',
  },
  {
    name: 'moved to another product',
    facts: { ours: false, priceKnown: false },
    access: false,
    until: null,
    reason: 'other-product',
  },
  {
    name: 'moved to another product, and canceled there',
    facts: { ours: false, priceKnown: false, status: 'canceled', endedAt: at(14) },
    access: false,
    until: null,
    reason: 'other-product',
  },
  { name: 'a price nobody knows', facts: { priceKnown: false }, access: false, until: null, reason: 'unknown-price' },
  {
    name: 'a customer that is gone',
    facts: { customerDeleted: true, status: 'active' },
    access: false,
    until: at(15),
    reason: 'deleted',
  },

  {
    name: 'collection voided, in a paid period',
    facts: { pause: { behavior: 'void', resumesAt: null } },
    access: true,
    until: at(31),
    reason: 'collection-paused',
  },
  {
    name: 'collection voided, after it',
    facts: { pause: { behavior: 'void', resumesAt: null }, paidThrough: at(10), periodEnd: at(40) },
    access: false,
    until: at(10),
    reason: 'collection-paused',
  },
  {
    name: 'collection voided, nothing ever paid',
    facts: { pause: { behavior: 'void', resumesAt: null }, paidThrough: null },
    access: false,
    until: at(1),
    reason: 'collection-paused',
  },
  {
    name: 'collection voided, in a trial',
    facts: { status: 'trialing', pause: { behavior: 'void', resumesAt: null }, paidThrough: null, trialEnd: at(20) },
    access: true,
    until: at(20),
    reason: 'collection-paused',
  },
  {
    name: 'collection voided, to end before',
    facts: { pause: { behavior: 'void', resumesAt: null }, cancelAt: at(20) },
    access: true,
    until: at(20),
    reason: 'collection-paused',
  },
  {
    name: 'collection kept as drafts',
    facts: { pause: { behavior: 'keep_as_draft', resumesAt: at(40) } },
    access: true,
    until: LEEWAY,
    reason: 'active',
  },
  {
    name: 'collection given up',
    facts: { pause: { behavior: 'mark_uncollectible', resumesAt: null } },
    access: true,
    until: LEEWAY,
    reason: 'active',
  },

  { name: 'paid back', facts: { refundedAt: at(12) }, access: false, until: at(12), reason: 'refunded' },
  {
    name: 'paid back, and canceled later',
    facts: { refundedAt: at(12), status: 'canceled', endedAt: at(14) },
    access: false,
    until: at(12),
    reason: 'refunded',
  },
  {
    name: 'canceled, and paid back later',
    facts: { refundedAt: at(14), status: 'canceled', endedAt: at(12) },
    access: false,
    until: at(12),
    reason: 'canceled',
  },
  {
    name: 'disputed',
    facts: { dispute: { state: 'open', since: at(12) } },
    access: false,
    until: null,
    reason: 'disputed',
  },
  {
    name: 'disputed, in the grace',
    facts: { status: 'past_due', firstFailedAt: at(14), dispute: { state: 'open', since: at(12) } },
    access: false,
    until: null,
    reason: 'disputed',
  },
  {
    name: 'a dispute that was lost',
    facts: { dispute: { state: 'lost', since: at(12) } },
    access: false,
    until: at(12),
    reason: 'refunded',
  },
  {
    name: 'disputed, and canceled',
    facts: { status: 'canceled', endedAt: at(13), dispute: { state: 'open', since: at(12) } },
    access: false,
    until: at(13),
    reason: 'canceled',
  },
];

test.each(CASES)('$name', ({ facts, now = at(15), access, until, reason, grace = 7 }) => {
  expect(subscriptionAccess({ ...MONTH, ...facts }, grace, now)).toEqual({ access, until, reason });
});

test('every reason there is comes up in the table', () => {
  expect(new Set(CASES.map(({ reason }) => reason))).toEqual(new Set(SUBSCRIPTION_REASONS));
});

test('access always ends where it is said to end: a moment before it is there, at that moment it is not', () => {
  for (const { facts, now = at(15), grace = 7 } of CASES) {
    const complete = { ...MONTH, ...facts };
    const { access, until } = subscriptionAccess(complete, grace, now);
    if (!access || until === null) continue;
    expect(subscriptionAccess(complete, grace, before(until)).access).toBe(true);
    expect(subscriptionAccess(complete, grace, until).access).toBe(false);
  }
});

test('the grace counts in whole days from the first failed try', () => {
  expect(graceEnd({ firstFailedAt: at(3, 5), periodStart: at(1), startedAt: at(1) }, 7)).toEqual(at(10, 5));
});
