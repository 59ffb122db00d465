import type Stripe from 'stripe';
import type { World } from '../../../src/sandbox/world';

/**
 * Who may read, worked out a second time from Stripe's own books and not from the product's code: the product and this
 * must agree, or one of them is wrong. All moments are Unix seconds.
 */
export interface Terms {
  /** Prices that open the tier. */
  readonly prices: ReadonlySet<string>;
  readonly graceDays: number;
}

const DAY = 86_400;
const OPEN_DISPUTE = new Set(['needs_response', 'under_review']);

/** Does any subscription of the customer give access at this moment? */
export function mayRead(world: World, customerId: string, terms: Terms, now: number): boolean {
  const customer = world.customers.get(customerId);
  if (!customer || 'deleted' in customer) return false;
  return [...world.subscriptions.values()].some(
    (one) => idOf(one.customer) === customerId && gives(world, one, terms, now),
  );
}

function gives(world: World, subscription: Stripe.Subscription, { prices, graceDays }: Terms, now: number): boolean {
  const {
    items: { data: items },
    status,
  } = subscription;
  if (!items.some(({ price }) => prices.has(price.id))) return false;
  if (!['active', 'trialing', 'past_due'].includes(status)) return false;

  const invoices = [...world.invoices.values()].filter(
    ({ parent }) => idOf(parent?.subscription_details?.subscription) === subscription.id,
  );
  const disputes = [...world.disputes.values()];
  const disputesOf = (invoice: Stripe.Invoice) =>
    disputes.filter(({ charge }) => chargesOf(world, invoice).some(({ id }) => id === idOf(charge)));
  if (invoices.some((invoice) => disputesOf(invoice).some((dispute) => OPEN_DISPUTE.has(dispute.status)))) return false;

  const paid = invoices
    .filter((invoice) => invoice.status === 'paid' && invoice.amount_paid > 0)
    .sort((a, b) => b.created - a.created);
  const [newest] = paid;
  if (newest) {
    if (isPaidBack(world, newest) || disputesOf(newest).some((dispute) => dispute.status === 'lost')) return false;
  }

  const periodEnd = Math.max(...items.map((item) => item.current_period_end));
  const ends = Math.min(subscription.cancel_at ?? Infinity, subscription.cancel_at_period_end ? periodEnd : Infinity);
  if (ends <= now) return false;
  if (subscription.pause_collection?.behavior === 'void') {
    if (status === 'trialing') return now < (subscription.trial_end ?? 0);
    // Credit pays as money does: what its customer had from a dearer plan buys the months of a cheaper one.
    const covered = invoices.filter((invoice) => invoice.status === 'paid' && !isPaidBack(world, invoice));
    const through = covered.flatMap((invoice) =>
      invoice.lines.data
        .filter(({ parent }) => !parent?.subscription_item_details?.proration)
        .map(({ period }) => period.end),
    );
    return now < Math.max(subscription.start_date, ...through);
  }
  if (status === 'past_due') {
    const failed = invoices
      .filter((invoice) => invoice.status === 'open')
      .map((invoice) => firstFailure(world, invoice));
    return now < Math.min(...failed) + graceDays * DAY;
  }
  return true;
}

/** Was all that was paid for it given back? */
function isPaidBack(world: World, invoice: Stripe.Invoice): boolean {
  const back = chargesOf(world, invoice).reduce((sum, charge) => sum + charge.amount_refunded, 0);
  return invoice.amount_paid > 0 && back >= invoice.amount_paid;
}

function firstFailure(world: World, invoice: Stripe.Invoice): number {
  const failures = chargesOf(world, invoice)
    .filter(({ status }) => status === 'failed')
    .map(({ created }) => created);
  return failures.length > 0 ? Math.min(...failures) : (invoice.status_transitions.finalized_at ?? invoice.created);
}

function chargesOf(world: World, invoice: Stripe.Invoice): Stripe.Charge[] {
  const intents = [...world.invoicePayments.values()]
    .filter((one) => idOf(one.invoice) === invoice.id)
    .map(({ payment }) => idOf(payment.payment_intent));
  return [...world.charges.values()].filter((charge) => intents.includes(idOf(charge.payment_intent)));
}

/** The id of what is referred to, expanded or not. */
export function idOf(reference: string | { readonly id: string } | null | undefined): string | undefined {
  return typeof reference === 'string' ? reference : reference?.id;
}
