import type Stripe from 'stripe';
import { newSetupIntent } from '../objects/payment-intent';
import { idOf } from '../find';
import type { World } from '../world';
import { cancel } from './cancel';
import { discountsOf, spendDiscounts } from './discounts';
import { composeInvoice, draftInvoice } from './invoices/invoicing';
import { itemLines, waitingLines } from './invoices/lines';
import { intervalOf, periodEndAfter, shortenedEnd } from './periods';
import { firstItem, methodOf, updateSubscription } from './ties';

/** Seconds a draft waits for whoever wants to change it. */
const DRAFT = 3_600;

/**
 * A period is over: the next begins, and is charged for an hour later. A trial that is over becomes the first paid
 * period.
 */
export function renew(world: World, subscription: Stripe.Subscription): void {
  const trial = subscription.status === 'trialing';
  const start = firstItem(subscription).current_period_end;
  if (trial && !methodOf(world, subscription)) {
    const missing = subscription.trial_settings?.end_behavior.missing_payment_method;
    if (missing === 'cancel') return cancel(world, subscription, { reason: 'cancellation_requested' });
    if (missing === 'pause') {
      updateSubscription(world, subscription, { status: 'paused' });
      world.emit('customer.subscription.paused', subscription);
      return;
    }
  }
  begin(world, subscription, start, trial ? start : subscription.billing_cycle_anchor, trial);
}

/** Begins a period at once, whatever the former one was. @returns the draft it is charged with. */
export function begin(
  world: World,
  subscription: Stripe.Subscription,
  start: number,
  anchor: number,
  leavesTrial: boolean,
): Stripe.Invoice {
  const items = inPeriod(subscription, subscription.items.data, start, anchor);
  const draft = periodDraft(world, subscription, items, anchor);
  const invoice = draftInvoice(world, subscription, draft);
  updateSubscription(world, subscription, {
    billing_cycle_anchor: anchor,
    items: { ...subscription.items, data: items },
    latest_invoice: invoice.id,
    ...(leavesTrial ? { status: 'active' } : {}),
  });
  spendDiscounts(world, subscription);
  return invoice;
}

function inPeriod(
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  start: number,
  anchor: number,
): Stripe.SubscriptionItem[] {
  return items.map((item) => ({
    ...item,
    current_period_start: start,
    current_period_end: shortenedEnd(subscription, start, periodEndAfter(anchor, intervalOf(item.price), start)),
  }));
}

function periodDraft(
  world: World,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[],
  anchor: number,
) {
  const former = firstItem(subscription);
  const rests = subscription.status === 'unpaid' || subscription.pause_collection?.behavior === 'keep_as_draft';
  return {
    reason: 'subscription_cycle' as const,
    lines: [
      ...waitingLines(world, subscription),
      ...itemLines(world, subscription, items, discountsOf(world, subscription), { anchor }),
    ],
    periodStart: former.current_period_start,
    periodEnd: former.current_period_end,
    autoAdvance: !rests,
    finalizesAt: rests ? null : world.now() + DRAFT,
  };
}

/** The invoice the next renewal would bring, as `invoice.upcoming` and a preview show it. In no collection. */
export function upcomingInvoice(
  world: World,
  subscription: Stripe.Subscription,
  items: readonly Stripe.SubscriptionItem[] = subscription.items.data,
): Stripe.Invoice {
  const start = firstItem(subscription).current_period_end;
  const { billing_cycle_anchor: anchor } = subscription;
  // As it will be then: a discount may be over by that day.
  return world.at(start, () => {
    const draft = periodDraft(world, subscription, inPeriod(subscription, items, start, anchor), anchor);
    const invoice = composeInvoice(
      world,
      subscription,
      { ...draft, reason: 'upcoming', finalizesAt: start + DRAFT },
      `upcoming_in_${subscription.id.slice(4)}`,
    );
    return { ...invoice, next_payment_attempt: start + DRAFT };
  });
}

/** The last invoice of a subscription that ends: what was prorated before and waits; null when nothing does. */
export function lastInvoice(world: World, subscription: Stripe.Subscription, end: number): Stripe.Invoice | null {
  const lines = waitingLines(world, subscription);
  if (lines.length === 0) return null;
  const { current_period_start: periodStart } = firstItem(subscription);
  const id = `upcoming_in_${subscription.id.slice(4)}`;
  return world.at(end, () =>
    composeInvoice(world, subscription, { reason: 'upcoming', lines, periodStart, periodEnd: end }, id),
  );
}

/** A card was kept for later: its customer agreed to that without paying. */
export function keepCard(world: World, customer: Stripe.Customer, method: Stripe.PaymentMethod): Stripe.SetupIntent {
  const setup = world.add('setupIntents', newSetupIntent(world, customer.id, idOf(method)));
  world.emit('setup_intent.created', setup);
  world.emit('setup_intent.succeeded', setup);
  return setup;
}
