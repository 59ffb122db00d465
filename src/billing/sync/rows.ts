import type { WallTransaction } from '../../stores/postgres/wall';
import type { StoredBilling } from './stored-billing';
import { isPaidBack, type Entitlement } from './evaluate-subscription';
import type { StripeSnapshot, InvoiceSnapshot } from './snapshot';

/**
 * Did anything of Stripe's that is written down here change? What follows from it and the clock alone does not count.
 */
export type Changed = boolean;

/** A subscription as our table keeps it. */
export type SubscriptionRow = Awaited<ReturnType<WallTransaction['subscription']['findMany']>>[number];

/** Fields of a subscription that follow from the others, the clock, or the look itself. */
const DERIVED = ['accessUntil', 'accessReason', 'syncedAt'] as const;

/** Makes the rows of a customer's subscriptions say what was seen. */
export async function writeSubscriptions(
  db: WallTransaction,
  { id: customerId, subscriptions }: StoredBilling,
  entitlements: readonly Entitlement[],
  now: Date,
): Promise<Changed> {
  const before = new Map(subscriptions.map((row) => [row.stripeId, row]));
  let changed = false;
  for (const one of entitlements) {
    const row = subscriptionRow(customerId, one, now);
    const known = before.get(row.stripeId);
    if (known === undefined || !same(without(known), without(row))) changed = true;
    if (known === undefined || !same({ ...known, syncedAt: now }, row))
      await db.subscription.upsert({ where: { stripeId: row.stripeId }, create: row, update: row });
  }
  return changed;
}

/** What the row of a subscription says when it says what was seen. */
export function subscriptionRow(
  customerId: string,
  { subscription: it, price, amountCents, owed, access: current }: Entitlement,
  now: Date,
): SubscriptionRow {
  return {
    stripeId: it.id,
    customerId,
    status: it.status,
    priceId: price?.id ?? it.items[0]?.price ?? null,
    tierSlug: price?.tier ?? null,
    interval: price?.interval ?? null,
    currency: it.currency,
    amountCents,
    startedAt: it.startedAt,
    periodStart: it.periodStart,
    periodEnd: it.periodEnd,
    trialEnd: it.trialEnd,
    cancelAt: it.cancelAt,
    canceledAt: it.canceledAt,
    endedAt: it.endedAt,
    paused: it.pause?.behavior ?? null,
    resumesAt: it.pause?.resumesAt ?? null,
    firstFailedAt: owed?.firstFailedAt ?? null,
    accessUntil: current.access ? current.until : null,
    accessReason: current.reason,
    syncedAt: now,
  };
}

function without(row: SubscriptionRow): object {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !(DERIVED as readonly string[]).includes(name)));
}

/** Makes the rows of the invoices of our subscriptions say what was seen. */
export async function writeInvoices(
  db: WallTransaction,
  { id: customerId, invoices }: StoredBilling,
  entitlements: readonly Entitlement[],
): Promise<Changed> {
  const before = new Map(invoices.map((row) => [row.stripeId, row]));
  const rows = entitlements
    .flatMap(({ invoices }) => invoices)
    .map((invoice) => invoiceRow(customerId, invoice))
    .map((row) => ({ ...row, failedAt: failureKept(before.get(row.stripeId)?.failedAt ?? null, row) }));
  const other = rows.filter((row) => !same(before.get(row.stripeId), row));
  for (const row of other) await db.invoice.upsert({ where: { stripeId: row.stripeId }, create: row, update: row });
  // That a try once failed is noted and changes nothing: rows from before it was noted are no drift.
  return other.some(
    (row) => !same(before.get(row.stripeId), { ...row, failedAt: before.get(row.stripeId)?.failedAt ?? null }),
  );
}

/**
 * When a payment of an invoice first failed: once noted, for good, because Stripe forgets it with the payment that
 * arrives. A first payment that is still on its way has not failed, whatever was noted.
 */
const failureKept = (noted: Date | null, { failedAt, underway, attempts }: InvoiceRow): Date | null =>
  underway && failedAt === null && attempts <= 1 ? null : (noted ?? failedAt);

/** An invoice as our table keeps it. */
export type InvoiceRow = Awaited<ReturnType<WallTransaction['invoice']['findMany']>>[number];

/** What the row of an invoice says when it says what was seen. */
export function invoiceRow(customerId: string, it: InvoiceSnapshot): InvoiceRow {
  return {
    stripeId: it.id,
    customerId,
    subscriptionId: it.subscription,
    number: it.number,
    status: it.status,
    billingReason: it.billingReason,
    currency: it.currency,
    dueCents: it.dueCents,
    paidCents: it.paidCents,
    refundedCents: it.refundedCents,
    periodStart: it.periodStart,
    periodEnd: it.periodEnd,
    createdAt: it.createdAt,
    paidAt: it.paidAt,
    refundedAt: isPaidBack(it) ? it.refundedAt : null,
    attempts: it.attempts,
    nextAttemptAt: it.nextAttemptAt,
    hostedUrl: it.hostedUrl,
    pdfUrl: it.pdfUrl,
    chargeId: it.charge,
    failedAt: it.failedAt,
    underway: it.underway,
  };
}

/** Makes the rows of the disputes about our invoices say what was seen. */
export async function writeDisputes(
  db: WallTransaction,
  { id: customerId, disputes: known }: StoredBilling,
  entitlements: readonly Entitlement[],
  { disputes }: StripeSnapshot,
): Promise<Changed> {
  const ours = new Set(entitlements.flatMap(({ invoices }) => invoices).map(({ id }) => id));
  const rows = disputes
    .filter(({ invoice }) => invoice !== null && ours.has(invoice))
    .map((it) => ({
      stripeId: it.id,
      customerId,
      invoiceId: it.invoice,
      status: it.status,
      reason: it.reason,
      currency: it.currency,
      amountCents: it.amountCents,
      createdAt: it.createdAt,
    }));
  const before = new Map(known.map((row) => [row.stripeId, row]));
  const other = rows.filter((row) => !same(before.get(row.stripeId), row));
  for (const row of other) await db.dispute.upsert({ where: { stripeId: row.stripeId }, create: row, update: row });
  return other.length > 0;
}

/** Do two rows say the same? Moments are compared as such, fields in any order. */
function same(one: object | undefined, other: object): boolean {
  return (
    one !== undefined && JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort())
  );
}
