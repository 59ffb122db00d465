import type { WallTransaction } from '../../stores/postgres/wall';
import type { Recorded } from './evaluate-subscription';

/** What is written down of one customer: everything that a look is compared with. */
export type StoredBilling = Awaited<ReturnType<typeof loadStoredBilling>>;

/** Reads it at once, as the registrar, after the customer's row was taken: nobody writes it meanwhile. */
export function loadStoredBilling(db: WallTransaction, customerId: string) {
  return db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: {
      id: true,
      importedAt: true,
      subscriptions: true,
      invoices: true,
      disputes: true,
      spans: { orderBy: { from: 'asc' } },
      account: { select: { id: true, email: true, lang: true } },
    },
  });
}

/** Which subscriptions and invoices of a customer of Stripe's are written down, and which of the former as going on. */
export async function loadRecorded(
  db: WallTransaction,
  stripeId: string,
): Promise<Recorded & { readonly open: readonly string[] }> {
  const row = await db.customer.findUnique({
    where: { stripeId },
    select: {
      subscriptions: { select: { stripeId: true, endedAt: true } },
      invoices: { select: { stripeId: true } },
    },
  });
  const [subscriptions, invoices] = [row?.subscriptions ?? [], row?.invoices ?? []];
  return {
    subscriptions: new Set(subscriptions.map((one) => one.stripeId)),
    invoices: new Set(invoices.map((one) => one.stripeId)),
    open: subscriptions.filter(({ endedAt }) => endedAt === null).map((one) => one.stripeId),
  };
}
