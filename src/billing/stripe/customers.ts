import { accountsViewer } from '../../access/viewer';
import type { WallTransaction } from '../../stores/postgres/wall';
import type { BillingParts } from '../parts';
import { refused, type StripeClient } from './client';
import { askOnce } from './idempotency';
import { seconds } from './values';
import { RUNNING_ROWS } from '../running';

/** An account as Stripe knows it. */
export interface CustomerRef {
  readonly id: string;
  readonly stripeId: string;
}

/**
 * The account's one customer. The row comes first, and its id makes the question to Stripe the same one however often
 * it is asked: two clicks at once, or a crash in between, make one customer. Where a try before this one may have made
 * it unheard, it is looked for first.
 * @throws when Stripe does not answer, or refuses.
 */
export async function ensureCustomer(
  { wall, stripe }: Pick<BillingParts, 'wall' | 'stripe'>,
  accountId: string,
): Promise<CustomerRef> {
  const { fresh, row, account } = await wall.write(accountsViewer, async (db) => ({
    fresh: (await db.customer.createMany({ data: [{ accountId }], skipDuplicates: true })).count > 0,
    row: await db.customer.findFirstOrThrow({
      where: { accountId, deletedAt: null },
      select: { id: true, stripeId: true, createdAt: true },
    }),
    account: await db.account.findUniqueOrThrow({
      where: { id: accountId },
      select: { email: true, name: true, lang: true },
    }),
  }));
  if (row.stripeId !== null) return { id: row.id, stripeId: row.stripeId };
  // Nothing that its owner may change belongs into the question that must stay the same.
  const stripeId: string =
    (fresh ? null : await findMade(stripe, accountId, row.createdAt)) ??
    (await askOnce(wall, `customer ${row.id}`, (idempotencyKey) =>
      stripe.customers.create({ metadata: { account: accountId } }, { idempotencyKey }),
    ).then(({ id }) => id));
  await describe(stripe, stripeId, account);
  await wall.write(accountsViewer, (db) =>
    db.customer.updateMany({ where: { id: row.id, stripeId: null }, data: { stripeId } }),
  );
  return { id: row.id, stripeId };
}

/** Customers that are looked through for one that was made unheard: those of some busy minutes. */
const LOOKED_THROUGH = 1_000;

/** Milliseconds that Stripe's clock may be behind ours. */
const SKEW = 10 * 60_000;

/** A customer that was made for this account since a moment, though we never heard of it. */
async function findMade(stripe: StripeClient, accountId: string, since: Date): Promise<string | null> {
  const gte = seconds(new Date(since.getTime() - SKEW));
  let looked = 0;
  for await (const { id, metadata } of stripe.customers.list({ created: { gte }, limit: 100 })) {
    if (metadata['account'] === accountId) return id;
    if (++looked >= LOOKED_THROUGH) break;
  }
  return null;
}

/** Tells Stripe who the customer is. What it refuses of that keeps nobody from paying: each look says it again. */
async function describe(
  stripe: StripeClient,
  customer: string,
  { email, name, lang }: { readonly email: string; readonly name: string; readonly lang: string },
): Promise<void> {
  try {
    await stripe.customers.update(customer, { email, name, preferred_locales: [lang] });
  } catch (error) {
    if (!refused(error)) throw error;
  }
}

/** The customer of an account, if it has one that Stripe knows. */
export function findCustomer(db: WallTransaction, accountId: string): Promise<CustomerRef | null> {
  return db.customer.findFirst({
    where: { accountId, deletedAt: null, stripeId: { not: null } },
    select: { id: true, stripeId: true },
  }) as Promise<CustomerRef | null>;
}

/** Has the account a subscription to a tier that Stripe has not ended, whatever it gives? As last looked. */
export async function hasRunningSubscription(db: WallTransaction, accountId: string): Promise<boolean> {
  return (await db.subscription.count({ where: { customer: { accountId }, ...RUNNING_ROWS } })) > 0;
}

/** Does a subscription of this account give something at this moment? As last looked. */
export async function hasPaidAccess(db: WallTransaction, accountId: string, now: Date): Promise<boolean> {
  return (await db.subscription.count({ where: { customer: { accountId }, accessUntil: { gt: now } } })) > 0;
}
