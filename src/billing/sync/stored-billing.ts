import type { Behind } from '../../stores/postgres/wall';

/** What is written down of one customer: everything that a look is compared with. */
export type Written = Awaited<ReturnType<typeof loadWritten>>;

/** Reads it at once, as the registrar, after the customer's row was taken: nobody writes it meanwhile. */
export function loadWritten(db: Behind, customerId: string) {
  return db.customer.findUniqueOrThrow({
    where: { id: customerId },
    select: {
      id: true,
      subscriptions: true,
      invoices: true,
      disputes: true,
      spans: { orderBy: { from: 'asc' } },
      account: { select: { id: true, email: true, lang: true } },
    },
  });
}
