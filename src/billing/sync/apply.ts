import type { Behind } from '../../stores/postgres/wall';
import { raiseOnce } from './alarms';
import { alarmsAbout } from './alarms-about';
import { closeSubscriptions } from './close-subscriptions';
import { writeGrants } from './grants';
import type { Judged } from './evaluate-subscription';
import { writeDisputes, writeInvoices, writeSubscriptions } from './rows';
import type { Seen } from './snapshot';
import { writeSpans } from './revenue-spans';
import { letterAboutRefund, lettersAbout, tell, type Subscriber } from './notify';
import { loadWritten, type Written } from './stored-billing';

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
  const gone = vanished(written, seen);
  await closeSubscriptions(db, written.account, gone, now);
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
  return subscriptions || invoices || disputes || granted || gone.length > 0;
}

/** Of a deleted customer Stripe says no more than that: whatever was open has ended. */
async function applyDeleted(db: Behind, { id, accountId }: CustomerRow, now: Date): Promise<boolean> {
  const open = await db.subscription.findMany({
    where: { customerId: id, endedAt: null },
    select: { stripeId: true, tierSlug: true },
  });
  const subscriber =
    accountId === null
      ? null
      : await db.account.findUnique({ where: { id: accountId }, select: { id: true, email: true, lang: true } });
  await closeSubscriptions(db, subscriber, open, now);
  const { count } = await db.customer.updateMany({ where: { id, deletedAt: null }, data: { deletedAt: now } });
  const ids = open.map(({ stripeId }) => stripeId).join(' ');
  if (open.length > 0)
    await raiseOnce(db, { kind: 'customer-deleted', subject: id, accountId, details: { subscriptions: ids } }, now);
  return count > 0 || open.length > 0;
}

/** Subscriptions that are written down as going on, and that Stripe does not name any more. */
const vanished = ({ subscriptions }: Written, seen: Seen): Written['subscriptions'] =>
  subscriptions.filter((row) => row.endedAt === null && !seen.subscriptions.some(({ id }) => id === row.stripeId));

async function tellSubscriber(
  db: Behind,
  subscriber: Subscriber,
  seen: Seen,
  judged: readonly Judged[],
  opened: ReadonlyMap<string, string>,
  graceDays: number,
  now: Date,
): Promise<void> {
  const ours = new Set(judged.flatMap(({ invoices }) => invoices).map(({ id }) => id));
  await tell(db, subscriber, [
    ...judged.flatMap((one) => lettersAbout(one, opened.get(one.it.id) ?? null, graceDays, now)),
    ...seen.refunds.filter(({ invoice }) => invoice !== null && ours.has(invoice)).map(letterAboutRefund),
  ]);
}
