import type { WallTransaction } from '../../stores/postgres/wall';
import { raiseOnce } from './alarms';
import { alarmsAbout } from './alarms-about';
import { closeSubscriptions } from './close-subscriptions';
import { writeGrants } from './grants';
import type { Entitlement } from './evaluate-subscription';
import { writeDisputes, writeInvoices, writeSubscriptions } from './rows';
import type { StripeSnapshot } from './snapshot';
import { writeSpans } from './revenue-spans';
import { letterAboutRefund, lettersAbout, queueLetters, type DatedDraft } from './notify';
import { loadStoredBilling, type StoredBilling } from './stored-billing';

/** A customer's row. */
export interface CustomerRow {
  readonly id: string;
  readonly accountId: string | null;
}

/**
 * Writes down what was seen of a customer: subscriptions, what they grant, invoices, disputes, letters and alarms, all
 * in the registrar's transaction. Done twice, it is done once.
 * @returns whether anything of Stripe's, or what it grants, was another one before.
 */
export async function applySnapshot(
  db: WallTransaction,
  { id, accountId }: CustomerRow,
  snapshot: StripeSnapshot,
  entitlements: readonly Entitlement[],
  graceDays: number,
  now: Date,
): Promise<boolean> {
  if (snapshot.customer.deleted) return applyDeleted(db, { id, accountId }, now);
  await markFound(db, { id, accountId });
  const written = await loadStoredBilling(db, id);
  const gone = vanished(written, snapshot);
  await closeSubscriptions(db, written.account, gone, now);
  const [subscriptions, invoices, disputes] = [
    await writeSubscriptions(db, written, entitlements, now),
    await writeInvoices(db, written, entitlements),
    await writeDisputes(db, written, entitlements, snapshot),
  ];
  await writeSpans(db, written, entitlements, now);
  let granted = false;
  if (written.account !== null) {
    const { opened, changed } = await writeGrants(db, written.account.id, entitlements, now);
    granted = changed;
    const drafts = lettersFor(snapshot, entitlements, opened, graceDays, now);
    await queueLetters(
      db,
      written.account,
      drafts.filter(({ at }) => isNews(at, written)),
    );
  }
  const news = {
    ...snapshot,
    refunds: snapshot.refunds.filter(({ createdAt }) => isNews(createdAt, written)),
    disputes: snapshot.disputes.filter(({ createdAt }) => isNews(createdAt, written)),
  };
  for (const alarm of alarmsAbout(news, entitlements, accountId, now)) await raiseOnce(db, alarm, now);
  return subscriptions || invoices || disputes || granted || gone.length > 0;
}

/** Of a deleted customer Stripe says no more than that: whatever was open has ended. */
async function applyDeleted(db: WallTransaction, { id, accountId }: CustomerRow, now: Date): Promise<boolean> {
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

/** One who was written down as gone and is there is the account's customer again, where it has no other. */
async function markFound(db: WallTransaction, { id, accountId }: CustomerRow): Promise<void> {
  const others =
    accountId === null ? 0 : await db.customer.count({ where: { accountId, deletedAt: null, NOT: { id } } });
  if (others === 0)
    await db.customer.updateMany({ where: { id, deletedAt: { not: null } }, data: { deletedAt: null } });
}

/** Subscriptions that are written down as going on, and that Stripe does not name any more. */
const vanished = ({ subscriptions }: StoredBilling, snapshot: StripeSnapshot): StoredBilling['subscriptions'] =>
  subscriptions.filter((row) => row.endedAt === null && !snapshot.subscriptions.some(({ id }) => id === row.stripeId));

/** Whoever was brought in from elsewhere was told there, or here, of what happened before. */
const isNews = (at: Date, { importedAt }: Pick<StoredBilling, 'importedAt'>): boolean =>
  importedAt === null || at >= importedAt;

function lettersFor(
  snapshot: StripeSnapshot,
  entitlements: readonly Entitlement[],
  opened: ReadonlyMap<string, string>,
  graceDays: number,
  now: Date,
): DatedDraft[] {
  const ours = new Set(entitlements.flatMap(({ invoices }) => invoices).map(({ id }) => id));
  return [
    ...entitlements.flatMap((one) => lettersAbout(one, opened.get(one.subscription.id) ?? null, graceDays, now)),
    ...snapshot.refunds
      .filter(({ invoice }) => invoice !== null && ours.has(invoice))
      .map((refund) => letterAboutRefund(refund, entitlements)),
  ];
}
