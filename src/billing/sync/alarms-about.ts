import type { AlarmDraft } from './alarms';
import { isOngoing, goesOnHere, isInquiry, isPaidBack, type Entitlement } from './evaluate-subscription';
import type { StripeSnapshot, DraftSnapshot } from './snapshot';

/**
 * Milliseconds after which an invoice that makes itself final should have: Stripe waits an hour, and up to three days
 * for a webhook endpoint that does not answer (https://docs.stripe.com/billing/subscriptions/webhooks).
 */
const FINAL_BY_THEN = 4 * 86_400_000;

/** What a person should look at, as things stand at Stripe. Each has a subject that is the same at the next look. */
export function alarmsAbout(
  snapshot: StripeSnapshot,
  entitlements: readonly Entitlement[],
  accountId: string | null,
  now: Date,
): AlarmDraft[] {
  const alarms: AlarmDraft[] = [];
  const going = entitlements
    .filter(goesOnHere)
    .sort((a, b) => a.subscription.startedAt.getTime() - b.subscription.startedAt.getTime());
  const newest = going.at(-1);
  if (newest && going.length > 1)
    alarms.push({
      kind: 'duplicate-subscription',
      subject: newest.subscription.id,
      details: {
        others: going
          .slice(0, -1)
          .map(({ subscription: it }) => it.id)
          .join(' '),
      },
    });
  for (const { subscription: it, ours } of entitlements) {
    if (ours || !isOngoing(it)) continue;
    const prices = it.items.map(({ price }) => price).join(' ');
    alarms.push({ kind: 'other-product', subject: `${it.id} ${prices}`, details: { subscription: it.id, prices } });
  }
  for (const { subscription: it, unknownPrices, access: standing } of going) {
    if (standing.reason === 'unknown-status')
      alarms.push({
        kind: 'unknown-status',
        subject: `${it.id} ${it.status}`,
        details: { subscription: it.id, status: it.status },
      });
    for (const price of unknownPrices)
      alarms.push({ kind: 'unknown-price', subject: `${it.id} ${price}`, details: { subscription: it.id, price } });
  }
  for (const draft of snapshot.drafts) {
    const about = going.find(({ subscription: it }) => it.id === draft.subscription);
    if (about && isStuck(draft, about, now))
      alarms.push({
        kind: 'finalization-failed',
        subject: draft.id,
        details: { subscription: about.subscription.id, why: draft.finalizationError },
      });
  }
  const invoices = new Map(entitlements.flatMap((one) => one.invoices.map((invoice) => [invoice.id, invoice])));
  for (const { id, invoice: about, amountCents, currency } of snapshot.refunds) {
    const invoice = invoices.get(about ?? '');
    if (invoice)
      alarms.push({
        kind: 'refund',
        subject: id,
        details: {
          invoice: invoice.id,
          subscription: invoice.subscription,
          amountCents,
          currency,
          full: isPaidBack(invoice),
        },
      });
  }
  for (const { id, invoice, status, amountCents, currency } of snapshot.disputes) {
    if (invoice === null || !invoices.has(invoice)) continue;
    const details = { invoice, status, amountCents, currency };
    alarms.push({ kind: isInquiry(status) ? 'inquiry' : 'dispute', subject: id, details });
    if (status === 'lost') alarms.push({ kind: 'dispute-lost', subject: id, details });
  }
  return alarms.map((alarm) => ({ ...alarm, accountId }));
}

/**
 * Will an invoice not become final by itself? Until it does nothing is collected, and the subscription stays active.
 */
function isStuck(
  { finalizationError, advances, createdAt }: DraftSnapshot,
  { subscription: it }: Entitlement,
  now: Date,
): boolean {
  if (finalizationError !== null) return true;
  return advances && it.pause === null && now.getTime() - createdAt.getTime() > FINAL_BY_THEN;
}
