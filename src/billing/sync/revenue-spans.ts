import type { WallTransaction } from '../../stores/postgres/wall';
import type { Entitlement } from './evaluate-subscription';
import { bringsIn } from './recurring';
import type { StoredBilling } from './stored-billing';

type Span = StoredBilling['spans'][number];

/**
 * Keeps what each subscription brings in, and since when: where that is another amount, tier or currency than before,
 * the span that went on ends and another begins at the same moment. Done twice, it is done once.
 */
export async function writeSpans(
  db: WallTransaction,
  { id: customerId, spans }: StoredBilling,
  entitlements: readonly Entitlement[],
  now: Date,
): Promise<void> {
  for (const one of entitlements) {
    const before = spans.filter(({ subscriptionId }) => subscriptionId === one.subscription.id);
    const open = before.find(({ until }) => until === null);
    const wanted =
      one.price && one.monthlyCents > 0 && bringsIn(one.subscription)
        ? { tierSlug: one.price.tier, currency: one.subscription.currency, monthlyCents: one.monthlyCents }
        : null;
    if (open ? wanted !== null && isSame(open, wanted) : wanted === null && (before.length > 0 || !cameAndWent(one)))
      continue;
    const about = { subscriptionId: one.subscription.id, customerId };
    if (!open && !wanted) {
      await db.revenueSpan.create({
        data: {
          ...about,
          tierSlug: one.price!.tier,
          currency: one.subscription.currency,
          monthlyCents: one.monthlyCents,
          from: beganAt(one, now),
          until: one.subscription.endedAt,
        },
      });
      continue;
    }
    const at = turnedAt(one, open, now);
    if (open) await close(db, open, at);
    // What is seen for the first time has gone on since it was first paid for.
    if (wanted)
      await db.revenueSpan.create({ data: { ...about, ...wanted, from: before.length > 0 ? at : beganAt(one, now) } });
  }
}

/** Of a customer who is gone, nothing goes on. */
export async function closeSpans(db: WallTransaction, subscriptions: readonly string[], now: Date): Promise<void> {
  const open = await db.revenueSpan.findMany({ where: { subscriptionId: { in: [...subscriptions] }, until: null } });
  for (const span of open) await close(db, span, now);
}

/** One that has lasted no time has brought in nothing. */
async function close(db: WallTransaction, { id, from }: Span, at: Date): Promise<void> {
  if (at > from) await db.revenueSpan.update({ where: { id }, data: { until: at } });
  else await db.revenueSpan.delete({ where: { id } });
}

const isSame = (span: Span, wanted: Pick<Span, 'tierSlug' | 'currency' | 'monthlyCents'>): boolean =>
  span.tierSlug === wanted.tierSlug && span.currency === wanted.currency && span.monthlyCents === wanted.monthlyCents;

/** Was it paid for and over before anybody looked? */
function cameAndWent({ subscription: it, price, monthlyCents, invoices }: Entitlement): boolean {
  return (
    price !== null &&
    monthlyCents > 0 &&
    it.endedAt !== null &&
    it.endedAt > beginning(it) &&
    invoices.some(({ paidCents }) => paidCents > 0)
  );
}

const beginning = ({ startedAt, trialEnd }: Entitlement['subscription']): Date =>
  trialEnd !== null && trialEnd > startedAt ? trialEnd : startedAt;

/** Since when it is paid for: a trial is not. */
const beganAt = ({ subscription: it }: Entitlement, now: Date): Date => (beginning(it) < now ? beginning(it) : now);

/** When it became another: where Stripe says when it ended, then; else as it was seen, which is when Stripe said so. */
function turnedAt({ subscription: it }: Entitlement, open: Span | undefined, now: Date): Date {
  const known = it.endedAt;
  return known !== null && known <= now && (open === undefined || known >= open.from) ? known : now;
}
