import type { SubscriptionReason } from '../access/subscription';
import type { Prisma, Subscription } from '../stores/prisma/client';

/** What a running subscription is: here, and nowhere else. */

/** The states in which Stripe has ended a subscription: it is never charged for again. */
const ENDED = ['canceled', 'incomplete_expired'];

/** Its first payment was never made. It may still be, and it stands in the way of another one until it is over. */
const NOT_BEGUN = 'incomplete';

/** Stripe's states in which it charges for each period. */
export const CHARGED_STATUSES: readonly string[] = ['active', 'trialing', 'past_due'];

/** It is charged for something else by now: it is none of ours, and does not stand in the way of one. */
const OTHER_PRODUCT: SubscriptionReason = 'other-product';

/** Is a row that of a subscription to a tier which Stripe has not ended? */
export function isRunning({
  status,
  endedAt,
  accessReason,
}: Pick<Subscription, 'status' | 'endedAt' | 'accessReason'>): boolean {
  return endedAt === null && !ENDED.includes(status) && accessReason !== OTHER_PRODUCT;
}

/** The same as a condition of a query. */
export const RUNNING_ROWS = {
  endedAt: null,
  status: { notIn: ENDED },
  accessReason: { not: OTHER_PRODUCT },
} satisfies Prisma.SubscriptionWhereInput;

/** Will Stripe charge it once more by itself, as far as is known? What is owed now is not meant. */
export function chargesAgain(
  row: Pick<Subscription, 'status' | 'endedAt' | 'accessReason' | 'cancelAt' | 'paused' | 'periodEnd'>,
): boolean {
  return (
    isRunning(row) &&
    CHARGED_STATUSES.includes(row.status) &&
    row.cancelAt === null &&
    row.paused === null &&
    row.periodEnd !== null
  );
}

/**
 * Does a subscription at Stripe go on once it has begun, whatever it is for? Two of these at once charge somebody
 * twice.
 */
export function isOngoing({ status, endedAt }: { readonly status: string; readonly endedAt: Date | null }): boolean {
  return endedAt === null && !ENDED.includes(status) && status !== NOT_BEGUN;
}

/** Does one of ours go on? */
export const isOursOngoing = ({
  subscription,
  ours,
}: {
  readonly subscription: Parameters<typeof isOngoing>[0];
  readonly ours: boolean | object | null;
}): boolean => Boolean(ours) && isOngoing(subscription);
