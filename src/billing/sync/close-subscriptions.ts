import type { WallTransaction } from '../../stores/postgres/wall';
import { closeGrants } from './grants';
import { closeSpans } from './revenue-spans';
import { queueLetters, type Subscriber } from './notify';

/** A subscription as our table has it, as far as closing it needs. */
export interface OpenRow {
  readonly stripeId: string;
  readonly tierSlug: string | null;
}

/**
 * Ends what is written down of subscriptions that Stripe has no more: their rows, what they granted and what they
 * brought in end at this moment, and whoever read by them is told. The transaction must be the registrar's.
 * @returns whether any of them had still granted something.
 */
export async function closeSubscriptions(
  db: WallTransaction,
  subscriber: Subscriber | null,
  open: readonly OpenRow[],
  now: Date,
): Promise<boolean> {
  if (open.length === 0) return false;
  const ids = open.map(({ stripeId }) => stripeId);
  await db.subscription.updateMany({
    where: { stripeId: { in: ids } },
    data: { status: 'canceled', endedAt: now, accessUntil: null, accessReason: 'deleted', syncedAt: now },
  });
  const closed = await closeGrants(db, ids, now);
  await closeSpans(db, ids, now);
  if (closed && subscriber)
    await queueLetters(
      db,
      subscriber,
      open.map((row) => letterAboutEnd(row, now)),
    );
  return closed;
}

const letterAboutEnd = ({ stripeId, tierSlug }: OpenRow, now: Date) => ({
  kind: 'subscription-ended' as const,
  about: stripeId,
  tier: tierSlug ?? '',
  data: { until: now.toISOString(), state: 'ended' },
});
