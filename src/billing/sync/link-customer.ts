import type { WallTransaction } from '../../stores/postgres/wall';
import { raiseOnce } from './alarms';
import type { CustomerRow } from './apply';
import { type Entitlement } from './evaluate-subscription';
import type { StripeSnapshot } from './snapshot';
import { isUuid } from '../stripe/values';
import { isOursOngoing } from '../running';

/**
 * The row of a customer of Stripe's. One that is not known is taken for an account's only if it says so itself, the
 * account is there, and it has no other customer. Null: nobody's here. The transaction must be the registrar's.
 */
export async function findOrLink(
  db: WallTransaction,
  { customer }: StripeSnapshot,
  entitlements: readonly Entitlement[],
  now: Date,
): Promise<CustomerRow | null> {
  const known = await db.customer.findUnique({
    where: { stripeId: customer.id },
    select: { id: true, accountId: true },
  });
  if (known) return known;
  if (customer.deleted) return null;
  const account = isUuid(customer.account)
    ? await db.account.findUnique({ where: { id: customer.account }, select: { id: true } })
    : null;
  const pays = entitlements.some(isOursOngoing);
  if (!account) {
    if (pays)
      await raiseOnce(
        db,
        {
          kind: 'stranger-subscription',
          subject: customer.id,
          details: { subscriptions: entitlements.map(({ subscription: it }) => it.id).join(' ') },
        },
        now,
      );
    return null;
  }
  const other = await db.customer.findFirst({
    where: { accountId: account.id, deletedAt: null },
    select: { id: true, accountId: true, stripeId: true },
  });
  if (other === null)
    return db.customer.create({
      data: { accountId: account.id, stripeId: customer.id },
      select: { id: true, accountId: true },
    });
  if (other.stripeId === null)
    return db.customer.update({
      where: { id: other.id },
      data: { stripeId: customer.id },
      select: { id: true, accountId: true },
    });
  if (pays)
    await raiseOnce(
      db,
      { kind: 'duplicate-customer', subject: customer.id, accountId: account.id, details: { known: other.stripeId } },
      now,
    );
  return null;
}
