import { createHash } from 'node:crypto';
import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { ensureCustomer, hasRunningSubscription, type CustomerRef } from '../stripe/customers';
import type { Offer } from './offers';
import type { BillingParts } from '../parts';
import { isOtherQuestion, listAll, missing, refused } from '../stripe/client';
import { askOnce, changeKey, failuresOf } from '../stripe/idempotency';
import { syncCustomer } from '../sync/sync-customer';

/** What somebody wants to buy, and where they go afterwards. */
export interface CheckoutOptions {
  readonly accountId: string;
  /** Slug of the tier the offer is for. */
  readonly tier: string;
  readonly offer: Offer;
  readonly language: Language;
  /** A path of ours, already checked; null: nowhere in particular. */
  readonly next: string | null;
}

/** Where to pay; or there is a subscription already, and nothing more to buy. */
export type CheckoutResult = { readonly url: string } | { readonly live: true };

/** How often it is begun anew when somebody else of the same account was faster. */
const TRIES = 4;

/** Somebody of the same account has asked something else under the same key, and is faster. */
class OtherQuestion extends Error {
  constructor(
    readonly purpose: string,
    options: ErrorOptions,
  ) {
    super('the idempotency key of a checkout has been used for another question', options);
  }
}

/**
 * Opens the hosted page on which to pay. An account has one page open at a time, and none beside a live subscription:
 * pages of before are used again or closed first, then Stripe is looked at, then a new one is made. A page that was
 * paid in between cannot be closed, and the look finds what it bought.
 * @throws when Stripe does not answer, or refuses: then the next try is another request, and is not answered with this
 * one.
 */
export async function openCheckout(parts: BillingParts, options: CheckoutOptions): Promise<CheckoutResult> {
  for (let tries = 1; ; tries++) {
    try {
      const way = await tryCheckout(parts, options);
      if (way !== null) return way;
    } catch (error) {
      if (!(error instanceof OtherQuestion)) throw error;
      if (tries < TRIES) continue;
      // Whoever asked the other question has got no page by it: theirs was refused, or they are gone.
      await changeKey(parts.wall, error.purpose, await failuresOf(parts.wall, error.purpose));
      throw error.cause;
    }
    if (tries >= TRIES) throw new Error('the customer changes with every look');
  }
}

async function tryCheckout(parts: BillingParts, options: CheckoutOptions): Promise<CheckoutResult | null> {
  const { stripe, wall } = parts;
  const customer = await ensureCustomer(parts, options.accountId);
  const trialDays = await trialOf(parts, options);
  const params = paramsOf(parts, options, customer, trialDays);
  const sessions = await listSessions(stripe, customer.stripeId);
  const open = sessions.filter(({ status }) => status === 'open');
  const again = open.find(({ metadata }) => metadata?.['wish'] === params.metadata['wish']);
  for (const other of open) if (other !== again) await close(stripe, other.id);

  await syncCustomer(parts, customer.stripeId);
  // What is written down counts, whoever looked last.
  if (await wall.read(accountsViewer, (db) => hasRunningSubscription(db, options.accountId))) {
    if (again) await close(stripe, again.id);
    return { live: true };
  }
  // The look may have found the customer gone, or a subscription of before: then this was asked for somebody else.
  const same = await wall.read(accountsViewer, (db) =>
    db.customer.count({ where: { id: customer.id, deletedAt: null } }),
  );
  if (same === 0 || (await trialOf(parts, options)) !== trialDays) return null;
  if (again?.url) return { url: again.url };
  // Two clicks at once have seen the same newest page, so they ask the same question, and one is made.
  const purpose = `checkout ${customer.id} ${sessions[0]?.id ?? 'first'}`;
  const made = await askOnce(wall, purpose, (idempotencyKey) =>
    stripe.checkout.sessions.create(params, { idempotencyKey }),
  ).catch((error: unknown) => {
    throw isOtherQuestion(error) ? new OtherQuestion(purpose, { cause: error }) : error;
  });
  if (made.url === null) throw new Error('a hosted page without an address');
  // Deleted in another window meanwhile: nothing may be paid for it any more.
  if ((await wall.read(accountsViewer, (db) => db.account.count({ where: { id: options.accountId } }))) === 0) {
    await close(stripe, made.id);
    throw notFound('the account that wants to pay');
  }
  return { url: made.url };
}

/** The newest page of a customer, whatever became of it, and every one that is open. */
async function listSessions(stripe: Stripe, customer: string): Promise<readonly Stripe.Checkout.Session[]> {
  try {
    const [newest] = (await stripe.checkout.sessions.list({ customer, limit: 1 })).data;
    const open = await listAll(stripe.checkout.sessions.list({ customer, status: 'open', limit: 100 }));
    return newest ? [newest, ...open.filter(({ id }) => id !== newest.id)] : open;
  } catch (error) {
    // A customer that is gone has none open; the look that follows finds out.
    if (missing(error)) return [];
    throw error;
  }
}

async function close(stripe: Stripe, id: string): Promise<void> {
  try {
    await stripe.checkout.sessions.expire(id);
  } catch (error) {
    // It has been paid or has expired meanwhile.
    if (!refused(error)) throw error;
  }
}

/** Days before the first payment: only for whoever never had a subscription. */
async function trialOf({ wall }: BillingParts, { accountId, offer }: CheckoutOptions): Promise<number> {
  if (offer.trialDays === 0) return 0;
  return (await wall.read(accountsViewer, (db) => db.subscription.count({ where: { customer: { accountId } } }))) > 0
    ? 0
    : offer.trialDays;
}

function paramsOf(
  { publicUrl, automaticTax }: BillingParts,
  { accountId, tier, offer, language, next }: CheckoutOptions,
  customer: CustomerRef,
  trialDays: number,
) {
  const at = `${publicUrl}${language.prefix}/join/${tier}`;
  const then = next === null ? '' : `&next=${encodeURIComponent(next)}`;
  const optionsHash = createHash('sha256')
    .update(JSON.stringify([offer.price, language.code, next, trialDays, automaticTax]))
    .digest('base64url');
  return {
    mode: 'subscription' as const,
    customer: customer.stripeId,
    client_reference_id: accountId,
    line_items: [{ price: offer.price, quantity: 1 }],
    success_url: `${at}/done?session_id={CHECKOUT_SESSION_ID}${then}`,
    cancel_url: `${at}?back=1&per=${offer.interval}${then}`,
    locale: language.code,
    allow_promotion_codes: true,
    metadata: { account: accountId, wish: optionsHash },
    subscription_data: { metadata: { account: accountId }, ...(trialDays > 0 ? { trial_period_days: trialDays } : {}) },
    ...(automaticTax
      ? {
          automatic_tax: { enabled: true },
          tax_id_collection: { enabled: true },
          customer_update: { address: 'auto' as const, name: 'auto' as const },
        }
      : {}),
  } satisfies Stripe.Checkout.SessionCreateParams;
}
