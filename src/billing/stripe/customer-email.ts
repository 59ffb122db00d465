import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import type { Task } from '../../stores/postgres/jobs';
import type { Wall } from '../../stores/postgres/wall';
import { findCustomer } from './customers';
import type { SyncParts } from '../parts';
import type { CustomerSnapshot } from '../sync/snapshot';
import { summarizeError, missing, type StripeClient } from './client';
import { outgoingTask } from './outgoing-task';

const payload = z.object({ account: z.string() });

/**
 * Tells Stripe the address of an account whose owner has changed it: Stripe writes receipts and invoices to the
 * customer's (https://docs.stripe.com/invoicing/send-email). It is read when Stripe is told, so of several changes the
 * last one stands. An account that has gone, or that Stripe knows no customer of, is told of nothing.
 */
export function customerEmailTask(parts: SyncParts): Task {
  const { wall, stripe, locks } = parts;
  return async (given, attempt) => {
    const { account } = payload.parse(given);
    const customer = await wall.read(accountsViewer, (db) => findCustomer(db, account));
    if (customer === null) return;
    await outgoingTask(parts, attempt, { customer: customer.stripeId }, 'an address', () =>
      locks.hold(`customer ${customer.stripeId}`, async () => {
        const address = await addressOf(wall, account);
        if (address !== null) await updateCustomerEmail(stripe, customer.stripeId, address);
      }),
    );
  };
}

/**
 * Makes Stripe write to the account's address where a look has seen another one. What the look has found stands
 * whatever becomes of it: the next look sees it again.
 * @returns whether it was another one, and is no longer.
 */
export async function correctCustomerEmail(
  { wall, stripe, log }: SyncParts,
  { id, deleted, email }: CustomerSnapshot,
  accountId: string,
): Promise<boolean> {
  try {
    const address = deleted ? null : await addressOf(wall, accountId);
    if (address === null || address === email) return false;
    return await updateCustomerEmail(stripe, id, address);
  } catch (error) {
    log.warn(
      { customer: id, why: summarizeError(error) },
      'the address of a customer at Stripe is not the one of its account, and could not be mended',
    );
    return false;
  }
}

const addressOf = async (wall: Wall, id: string): Promise<string | null> =>
  (await wall.read(accountsViewer, (db) => db.account.findUnique({ where: { id }, select: { email: true } })))?.email ??
  null;

/** @returns false when the customer was deleted at Stripe. */
async function updateCustomerEmail(stripe: StripeClient, customer: string, email: string): Promise<boolean> {
  try {
    await stripe.customers.update(customer, { email });
    return true;
  } catch (error) {
    if (missing(error)) return false;
    throw error;
  }
}
