import type Stripe from 'stripe';
import { readInvoices } from './fetch-invoices';
import { idOf, isUuid, moment, momentOr } from '../stripe/values';
import { fetchUpcoming } from '../stripe/upcoming';
import type {
  StripeSnapshot,
  CustomerSnapshot,
  DiscountSnapshot,
  ItemSnapshot,
  SubscriptionSnapshot,
} from './snapshot';
import { listAll, missing, type StripeClient } from '../stripe/client';

/** Objects Stripe gives at once. */
const PAGE = 100;

/**
 * Reads everything about one customer that access depends on. What it answers is a function of Stripe's state alone: of
 * no event, and of nothing that was read before.
 * @param expected subscriptions that should be among them: one that the list does not have is asked for by itself.
 * @returns null when Stripe has never had such a customer.
 * @throws when Stripe does not answer.
 */
export async function fetchSnapshot(
  stripe: StripeClient,
  customerId: string,
  expected: readonly string[] = [],
): Promise<StripeSnapshot | null> {
  const it = await orMissing(stripe.customers.retrieve(customerId));
  if (it === null) return null;
  if (it.deleted) return { customer: customerSnapshot(it), ...NOTHING };
  const [subscriptions, invoices, charges] = await Promise.all([
    subscriptionsOf(stripe, customerId, expected),
    listAll(stripe.invoices.list({ customer: customerId, limit: PAGE, expand: ['data.payments'] })),
    listAll(stripe.charges.list({ customer: customerId, limit: PAGE })),
  ]);
  const paysByDefault = it.invoice_settings.default_payment_method !== null || it.default_source !== null;
  const [refunds, disputes] = await Promise.all([
    Promise.all(
      charges
        .filter(({ amount_refunded }) => amount_refunded > 0)
        .map((charge) => listAll(stripe.refunds.list({ charge: charge.id, limit: PAGE }))),
    ),
    Promise.all(
      charges
        .filter(({ disputed }) => disputed)
        .map((charge) => listAll(stripe.disputes.list({ charge: charge.id, limit: PAGE }))),
    ),
  ]);
  return {
    customer: customerSnapshot(it),
    subscriptions: await Promise.all(subscriptions.map((one) => subscriptionSnapshot(stripe, one, paysByDefault))),
    ...(await readInvoices(stripe, { invoices, charges, refunds: refunds.flat(), disputes: disputes.flat() })),
  };
}

/** The account that a customer says it was made for. @throws when Stripe does not answer. */
export async function fetchAccount(stripe: StripeClient, customerId: string): Promise<string | null> {
  const it = await orMissing(stripe.customers.retrieve(customerId));
  const account = it === null ? null : customerSnapshot(it).account;
  return isUuid(account) ? account : null;
}

async function subscriptionsOf(
  stripe: StripeClient,
  customer: string,
  expected: readonly string[],
): Promise<Stripe.Subscription[]> {
  const coupons = 'discounts.source.coupon';
  const listed = await listAll(
    stripe.subscriptions.list({ customer, status: 'all', limit: PAGE, expand: [`data.${coupons}`] }),
  );
  const unlisted = expected.filter((id) => !listed.some((one) => one.id === id));
  const found = await Promise.all(
    unlisted.map((id) => orMissing(stripe.subscriptions.retrieve(id, { expand: [coupons] }))),
  );
  return [...listed, ...found.filter((one) => one !== null).filter((one) => idOf(one.customer) === customer)];
}

/** What is asked for, or null where there is none such. @throws when Stripe does not answer. */
async function orMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (missing(error)) return null;
    throw error;
  }
}

const NOTHING = { subscriptions: [], invoices: [], drafts: [], disputes: [], refunds: [] };

function customerSnapshot(it: Stripe.Customer | Stripe.DeletedCustomer): CustomerSnapshot {
  if (it.deleted) return { id: it.id, deleted: true, livemode: null, account: null, email: null };
  return { id: it.id, deleted: false, livemode: it.livemode, account: it.metadata['account'] ?? null, email: it.email };
}

async function subscriptionSnapshot(
  stripe: StripeClient,
  it: Stripe.Subscription,
  paysByDefault: boolean,
): Promise<SubscriptionSnapshot> {
  // The list holds the first items; whoever has more is asked.
  const items = it.items.has_more
    ? await listAll(stripe.subscriptionItems.list({ subscription: it.id, limit: PAGE }))
    : it.items.data;
  const periodEnd = latest(items.map((item) => item.current_period_end));
  const cancelsAt = [it.cancel_at, it.cancel_at_period_end ? periodEnd : null].filter(
    (one): one is number => one !== null,
  );
  return {
    id: it.id,
    livemode: it.livemode,
    status: it.status,
    items: items.map(itemSnapshot),
    discounts: it.discounts.flatMap(discountSnapshot),
    currency: it.currency,
    startedAt: moment(it.start_date),
    periodStart: momentOr(latest(items.map((item) => item.current_period_start))),
    periodEnd: momentOr(periodEnd),
    trialEnd: momentOr(it.trial_end),
    trialConverts:
      paysByDefault ||
      it.default_payment_method !== null ||
      it.default_source !== null ||
      it.trial_settings?.end_behavior.missing_payment_method === 'create_invoice',
    cancelAt: cancelsAt.length === 0 ? null : moment(Math.min(...cancelsAt)),
    canceledAt: momentOr(it.canceled_at),
    endedAt: momentOr(it.ended_at),
    pause: it.pause_collection && {
      behavior: it.pause_collection.behavior,
      resumesAt: momentOr(it.pause_collection.resumes_at),
    },
    upcoming: it.status === 'trialing' && cancelsAt.length === 0 ? await fetchUpcoming(stripe, it.id) : null,
  };
}

function itemSnapshot({ price, quantity }: Stripe.SubscriptionItem): ItemSnapshot {
  return {
    price: price.id,
    product: idOf(price.product),
    quantity: quantity ?? 1,
    unitCents: price.unit_amount,
    interval: price.recurring?.interval ?? null,
    intervalCount: price.recurring?.interval_count ?? 1,
  };
}

function discountSnapshot(it: string | Stripe.Discount): DiscountSnapshot[] {
  const coupon = typeof it === 'string' ? null : it.source.coupon;
  if (typeof it === 'string' || coupon === null || typeof coupon === 'string') return [];
  return [
    {
      percentOff: coupon.percent_off,
      amountOffCents: coupon.amount_off,
      duration: coupon.duration,
      end: momentOr(it.end),
    },
  ];
}

const latest = (moments: readonly number[]): number | null => (moments.length === 0 ? null : Math.max(...moments));
