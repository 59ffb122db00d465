import type Stripe from 'stripe';
import { composeInvoice } from '../../engine/invoices/invoicing';
import { waitingLines } from '../../engine/invoices/lines';
import { planChange } from '../../engine/proration';
import { lastInvoice, upcomingInvoice } from '../../engine/renew';
import { firstItem, hasEnded } from '../../engine/ties';
import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import { sums } from '../../objects/invoice';
import { newInvoiceLine } from '../../objects/invoice-line';
import type { World } from '../../world';
import { inner, maybe, moment, oneOf, text, truth, type Read } from '../params';
import { ITEMS, PRORATION, prorationMoment, wantedItems } from './subscription-items';

/** What a preview can be asked for. */
export const PREVIEW = {
  automatic_tax: maybe(inner({ enabled: truth })),
  customer: maybe(text),
  subscription: maybe(text),
  subscription_details: maybe(
    inner({
      billing_cycle_anchor: maybe(oneOf('now', 'unchanged')),
      cancel_at_period_end: maybe(truth),
      items: maybe(ITEMS),
      proration_behavior: maybe(PRORATION),
      proration_date: maybe(moment),
    }),
  ),
};

/**
 * When it ends, if that is before it renews.
 * @param asked whether it is to end with its period, where that is asked.
 */
function endBeforeRenewal(subscription: Stripe.Subscription, asked: boolean | undefined): number | null {
  const { current_period_end: renewal } = firstItem(subscription);
  const at = asked === undefined ? subscription.cancel_at : asked ? renewal : null;
  return at !== null && at <= renewal ? at : null;
}

/**
 * What a change would cost at once, or what the next renewal will bring: nothing of it is kept
 * (https://docs.stripe.com/api/invoices/create_preview).
 * @throws StripeFailure 400 where no subscription is named.
 */
export function previewInvoice(
  world: World,
  { customer, subscription: id, subscription_details: details }: Read<typeof PREVIEW>,
): Stripe.Invoice {
  if (id === undefined)
    throw invalid('This sandbox previews existing subscriptions alone: name one.', 'subscription', 'parameter_missing');
  const subscription = find(world, 'subscriptions', id, 'subscription');
  if (customer !== undefined && findCustomer(world, customer, 'customer').id !== idOf(subscription.customer))
    throw invalid(`The subscription ${id} does not belong to this customer.`, 'customer');
  const end = endBeforeRenewal(subscription, details?.cancel_at_period_end);
  if (hasEnded(subscription) || subscription.status === 'paused' || (!details?.items && end !== null)) {
    const last = end === null || hasEnded(subscription) ? null : lastInvoice(world, subscription, end);
    if (last !== null) return last;
    throw invalid(
      `No upcoming invoices for customer: ${idOf(subscription.customer)}`,
      'subscription',
      'invoice_upcoming_none',
    );
  }
  if (!details?.items && details?.billing_cycle_anchor !== 'now') return upcomingInvoice(world, subscription);
  const behavior = details.proration_behavior ?? 'create_prorations';
  const plan = planChange(
    world,
    subscription,
    wantedItems(world, subscription, details.items ?? []),
    behavior,
    prorationMoment(world, subscription, details.proration_date),
    details.billing_cycle_anchor === 'now',
  );
  const former = firstItem(subscription);
  if (plan.billsNow) {
    const lines = [...waitingLines(world, subscription), ...plan.lines];
    const invoice = composeInvoice(
      world,
      subscription,
      {
        reason: 'upcoming',
        lines,
        periodStart: former.current_period_start,
        periodEnd: plan.at,
        prorationDate: plan.at,
      },
      `upcoming_in_${subscription.id.slice(4)}`,
    );
    return { ...invoice, billing_reason: 'upcoming' };
  }
  const next = upcomingInvoice(world, subscription, plan.items);
  const data = [...plan.lines.map((line) => newInvoiceLine(next.id, line)), ...next.lines.data];
  return {
    ...next,
    ...sums(findCustomer(world, idOf(subscription.customer)).balance, data, subscription.automatic_tax.enabled),
    lines: { ...next.lines, data },
  };
}
