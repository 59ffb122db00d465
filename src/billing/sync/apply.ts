import type { Behind } from '../../stores/postgres/wall';
import { raiseOnce, type AlarmDraft } from './alarms';
import { closeGrants, writeGrants } from './grants';
import { goesOn, isPaidBack, type Judged } from './evaluate-subscription';
import { writeDisputes, writeInvoices, writeSubscriptions } from './rows';
import type { Seen } from './snapshot';
import { closeSpans, writeSpans } from './revenue-spans';
import { letterAboutRefund, lettersAbout, tell, type Subscriber } from './notify';
import { loadWritten } from './stored-billing';

/** A customer's row. */
export interface CustomerRow {
  readonly id: string;
  readonly accountId: string | null;
}

/**
 * Writes down what was seen of a customer: subscriptions, what they grant, invoices, disputes, letters and alarms, all in
 * the registrar's transaction. Done twice, it is done once.
 * @returns whether anything of Stripe's, or what it grants, was another one before.
 */
export async function applySeen(
  db: Behind,
  { id, accountId }: CustomerRow,
  seen: Seen,
  judged: readonly Judged[],
  graceDays: number,
  now: Date,
): Promise<boolean> {
  if (seen.customer.deleted) return applyDeleted(db, { id, accountId }, now);
  const written = await loadWritten(db, id);
  const [subscriptions, invoices, disputes] = [
    await writeSubscriptions(db, written, judged, now),
    await writeInvoices(db, written, judged),
    await writeDisputes(db, written, judged, seen),
  ];
  await writeSpans(db, written, judged, now);
  let granted = false;
  if (written.account !== null) {
    const { opened, changed } = await writeGrants(db, written.account.id, judged, now);
    granted = changed;
    await tellSubscriber(db, written.account, seen, judged, opened, graceDays, now);
  }
  for (const alarm of alarmsAbout(seen, judged, accountId)) await raiseOnce(db, alarm, now);
  return subscriptions || invoices || disputes || granted;
}

/** Of a deleted customer Stripe says no more than that: whatever was open has ended. */
async function applyDeleted(db: Behind, { id, accountId }: CustomerRow, now: Date): Promise<boolean> {
  const open = await db.subscription.findMany({
    where: { customerId: id, endedAt: null },
    select: { stripeId: true, tierSlug: true },
  });
  const ids = open.map(({ stripeId }) => stripeId);
  await db.subscription.updateMany({
    where: { stripeId: { in: ids } },
    data: { status: 'canceled', endedAt: now, accessUntil: null, accessReason: 'deleted', syncedAt: now },
  });
  const closed = await closeGrants(db, ids, now);
  await closeSpans(db, ids, now);
  const { count } = await db.customer.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } });
  const subscriber =
    closed && accountId !== null
      ? await db.account.findUnique({ where: { id: accountId }, select: { id: true, email: true, lang: true } })
      : null;
  if (subscriber) {
    for (const { stripeId, tierSlug } of open) {
      await tell(db, subscriber, [
        { kind: 'subscription-ended', about: stripeId, tier: tierSlug ?? '', data: { until: now.toISOString() } },
      ]);
    }
  }
  if (open.length > 0)
    await raiseOnce(
      db,
      { kind: 'customer-deleted', subject: id, accountId, details: { subscriptions: ids.join(' ') } },
      now,
    );
  return count > 0 || open.length > 0;
}

async function tellSubscriber(
  db: Behind,
  subscriber: Subscriber,
  seen: Seen,
  judged: readonly Judged[],
  opened: ReadonlySet<string>,
  graceDays: number,
  now: Date,
): Promise<void> {
  const ours = new Set(judged.flatMap(({ invoices }) => invoices).map(({ id }) => id));
  await tell(db, subscriber, [
    ...judged.flatMap((one) => lettersAbout(one, opened.has(one.it.id), graceDays, now)),
    ...seen.refunds.filter(({ invoice }) => invoice !== null && ours.has(invoice)).map(letterAboutRefund),
  ]);
}

function alarmsAbout(seen: Seen, judged: readonly Judged[], accountId: string | null): AlarmDraft[] {
  const alarms: AlarmDraft[] = [];
  const going = judged
    .filter(({ it }) => goesOn(it))
    .sort((a, b) => a.it.startedAt.getTime() - b.it.startedAt.getTime());
  const newest = going.at(-1);
  if (newest && going.length > 1)
    alarms.push({
      kind: 'duplicate-subscription',
      subject: newest.it.id,
      details: {
        others: going
          .slice(0, -1)
          .map(({ it }) => it.id)
          .join(' '),
      },
    });
  for (const { it, unknownPrices, standing } of going) {
    if (standing.reason === 'unknown-status')
      alarms.push({
        kind: 'unknown-status',
        subject: `${it.id} ${it.status}`,
        details: { subscription: it.id, status: it.status },
      });
    for (const price of unknownPrices)
      alarms.push({ kind: 'unknown-price', subject: `${it.id} ${price}`, details: { subscription: it.id, price } });
  }
  const invoices = new Map(judged.flatMap((one) => one.invoices.map((invoice) => [invoice.id, invoice])));
  for (const { id, invoice: about, amountCents, currency } of seen.refunds) {
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
  for (const { id, invoice, status, amountCents, currency } of seen.disputes) {
    if (invoice === null || !invoices.has(invoice)) continue;
    const details = { invoice, status, amountCents, currency };
    alarms.push({ kind: 'dispute', subject: id, details });
    if (status === 'lost') alarms.push({ kind: 'dispute-lost', subject: id, details });
  }
  return alarms.map((alarm) => ({ ...alarm, accountId }));
}
