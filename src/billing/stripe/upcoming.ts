import type { StripeClient } from './client';
import { isStripeError } from './client';

/** What the next invoice of a subscription comes to, by Stripe. Amounts in the smallest unit of `currency`. */
export interface UpcomingCharge {
  readonly dueCents: number;
  readonly currency: string;
  /** What discounts take off. */
  readonly discountCents: number;
  /** What the customer's credit pays of it. */
  readonly creditCents: number;
  /** What of that credit is left afterwards. */
  readonly creditLeftCents: number;
}

/** By id of their subscription. One that is missing is not known: then no amount is said. */
export type UpcomingCharges = ReadonlyMap<string, UpcomingCharge>;

/** Milliseconds that a page waits for what it can do without. */
const PATIENCE = 2_500;

/**
 * Asks Stripe for the invoice that comes next: discounts, credit and taxes are taken into account as they will be
 * (https://docs.stripe.com/api/invoices/create_preview). No amount is worked out here instead: where Stripe does not
 * answer in time, or has none, there is none to say.
 * @param options.kept as if the end that is set for it were taken back.
 * @throws what is no error of Stripe's.
 */
export async function fetchUpcoming(
  stripe: StripeClient,
  subscription: string,
  { unchanged: unchanged = false }: { readonly unchanged?: boolean } = {},
): Promise<UpcomingCharge | null> {
  try {
    const preview = await stripe.invoices.createPreview(
      { subscription, ...(unchanged ? { subscription_details: { cancel_at_period_end: false } } : {}) },
      { timeout: PATIENCE, maxNetworkRetries: 0 },
    );
    const { amount_due: due, total, currency, starting_balance: balance } = preview;
    const used = Math.max(0, Math.max(0, total) - due);
    return {
      dueCents: due,
      currency,
      discountCents: (preview.total_discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0),
      creditCents: used,
      // An invoice in the customer's favour adds to what they have.
      creditLeftCents: Math.max(0, -balance - used + Math.max(0, -total)),
    };
  } catch (error) {
    if (isStripeError(error)) return null;
    throw error;
  }
}

/** The same for several, asked at once. */
export async function fetchAllUpcoming(
  stripe: StripeClient,
  subscriptions: readonly string[],
): Promise<UpcomingCharges> {
  const found = await Promise.all(subscriptions.map(async (id) => [id, await fetchUpcoming(stripe, id)] as const));
  return new Map(found.filter((one): one is readonly [string, UpcomingCharge] => one[1] !== null));
}
