/** What Stripe says of one subscription, as far as access depends on it. All moments are UTC; null: there is none. */
export interface SubscriptionFacts {
  /** Stripe's word, known here or not. */
  readonly status: string;
  /** Is it about something of ours? One that was may have been moved to another product at Stripe. */
  readonly ours: boolean;
  /** Does a price of ours stand behind it? */
  readonly priceKnown: boolean;
  readonly startedAt: Date;
  readonly periodStart: Date | null;
  /** Of its items, the latest. */
  readonly periodEnd: Date | null;
  /** The end of the last period that was paid. */
  readonly paidThrough: Date | null;
  readonly trialEnd: Date | null;
  /** Will the trial turn into a paid period by itself? */
  readonly trialConverts: boolean;
  /** When it is going to end, however that was said. */
  readonly cancelAt: Date | null;
  readonly endedAt: Date | null;
  readonly pause: { readonly behavior: string; readonly resumesAt: Date | null } | null;
  /** The first failed try to collect what is owed now. */
  readonly firstFailedAt: Date | null;
  /** When its latest paid invoice was paid back in full. */
  readonly refundedAt: Date | null;
  /** `open`: a payment of it is disputed. `lost`: the latest one was, and it is gone. */
  readonly dispute: { readonly state: 'open' | 'lost'; readonly since: Date } | null;
  /** Is its customer gone from Stripe? */
  readonly customerDeleted: boolean;
}

export const SUBSCRIPTION_REASONS = [
  'active',
  'trialing',
  'ending',
  'grace',
  'unpaid',
  'paused',
  'incomplete',
  'expired',
  'canceled',
  'collection-paused',
  'refunded',
  'disputed',
  'unknown-status',
  'unknown-price',
  'other-product',
  'deleted',
] as const;

/** Why a subscription gives access, or why it does not. */
export type SubscriptionReason = (typeof SUBSCRIPTION_REASONS)[number];

/** What a subscription gives at one moment. */
export interface SubscriptionAccess {
  readonly access: boolean;
  /** With access: the first moment without it. Without: since when, where that is known. */
  readonly until: Date | null;
  readonly reason: SubscriptionReason;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * Milliseconds. A renewal is invoiced and collected around the end of a period: nobody is locked out while that goes
 * on.
 */
export const RENEWAL_LEEWAY = DAY;

const later = (moment: Date, milliseconds: number): Date => new Date(moment.getTime() + milliseconds);

const earliest = (...moments: readonly (Date | null)[]): Date | null =>
  moments.reduce<Date | null>(
    (first, moment) => (moment !== null && (first === null || moment < first) ? moment : first),
    null,
  );

/** Access up to a moment, and none from it on. */
const upTo = (
  until: Date | null,
  reason: SubscriptionReason,
  now: Date,
  afterwards: SubscriptionReason = reason,
): SubscriptionAccess =>
  until !== null && until <= now ? { access: false, until, reason: afterwards } : { access: true, until, reason };

const none = (reason: SubscriptionReason, until: Date | null = null): SubscriptionAccess => ({
  access: false,
  until,
  reason,
});

/**
 * What a subscription gives and until when: the one table of it. What overrules Stripe's status stands first; a status
 * nobody knows gives nothing.
 * @param graceDays days that an unpaid renewal keeps its access, from the first failed try.
 */
export function subscriptionAccess(facts: SubscriptionFacts, graceDays: number, now: Date): SubscriptionAccess {
  if (facts.customerDeleted) return none('deleted', earliest(facts.endedAt, now));
  // What closed it was the change of its items and not its end: since when, Stripe does not say.
  if (!facts.ours) return none('other-product');
  if (!facts.priceKnown) return none('unknown-price');
  const paidBack = facts.refundedAt ?? (facts.dispute?.state === 'lost' ? facts.dispute.since : null);
  if (paidBack !== null && (facts.endedAt === null || paidBack <= facts.endedAt)) return none('refunded', paidBack);
  switch (facts.status) {
    case 'canceled':
      return none('canceled', earliest(facts.endedAt, now));
    case 'incomplete_expired':
      return none('expired', facts.endedAt);
    case 'incomplete':
      return none('incomplete');
    case 'unpaid':
      return none('unpaid');
    case 'paused':
      return none('paused');
    case 'trialing':
    case 'active':
    case 'past_due':
      return collecting(facts, graceDays, now);
    default:
      return none('unknown-status');
  }
}

/** One that goes on: what may hold it up comes before what it says of itself. */
function collecting(facts: SubscriptionFacts, graceDays: number, now: Date): SubscriptionAccess {
  const trial = facts.status === 'trialing' ? (facts.trialEnd ?? facts.periodEnd) : null;
  if (facts.dispute?.state === 'open') return none('disputed');
  if (facts.pause?.behavior === 'void')
    return upTo(
      earliest(trial ?? facts.paidThrough ?? facts.periodStart ?? facts.startedAt, facts.cancelAt),
      'collection-paused',
      now,
    );
  if (facts.status === 'past_due')
    return upTo(earliest(graceEnd(facts, graceDays), facts.cancelAt), 'grace', now, 'unpaid');
  if (facts.cancelAt !== null) return upTo(facts.cancelAt, 'ending', now, 'canceled');
  if (trial !== null) return upTo(facts.trialConverts ? later(trial, RENEWAL_LEEWAY) : trial, 'trialing', now);
  return upTo(facts.periodEnd && later(facts.periodEnd, RENEWAL_LEEWAY), 'active', now);
}

/**
 * When an unpaid subscription loses its access: so many days after the first failed try, or, where none is known, after
 * the period began.
 */
export function graceEnd(
  { firstFailedAt, periodStart, startedAt }: Pick<SubscriptionFacts, 'firstFailedAt' | 'periodStart' | 'startedAt'>,
  graceDays: number,
): Date {
  return later(firstFailedAt ?? periodStart ?? startedAt, graceDays * DAY);
}
