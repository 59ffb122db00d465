import type Stripe from 'stripe';
import type { Outcome } from '../../outcome';
import { idOf } from '../../find';
import { newInvoiceItem, type LineValues } from '../../objects/invoice-line';
import type { World } from '../../world';
import { collect } from './collect';
import { draftInvoice, finalize } from './invoicing';
import { waitingLines } from './lines';
import { firstItem, updateSubscription } from '../ties';

/** Prorated amounts wait for the next invoice of their subscription. */
export function keepForLater(world: World, subscription: Stripe.Subscription, lines: readonly LineValues[]): void {
  for (const line of lines) {
    const item = world.add(
      'invoiceItems',
      newInvoiceItem({ ...line, customer: idOf(subscription.customer), now: world.now() }),
    );
    world.emit('invoiceitem.created', item);
  }
}

/** Invoices what waits, and these lines, and collects it at once. Nothing happens where there is nothing to invoice. */
export function billAtOnce(
  world: World,
  subscription: Stripe.Subscription,
  lines: readonly LineValues[] = [],
  reason: Stripe.Invoice.BillingReason = 'subscription_update',
): Outcome {
  const all = [...waitingLines(world, subscription), ...lines];
  if (all.length === 0) return { outcome: 'paid' };
  const now = world.now();
  const invoice = draftInvoice(world, subscription, {
    reason,
    lines: all,
    periodStart: firstItem(subscription).current_period_start,
    periodEnd: now,
    prorationDate: now,
  });
  updateSubscription(world, subscription, { latest_invoice: invoice.id });
  finalize(world, invoice);
  return invoice.status === 'open' ? collect(world, invoice, { present: false }) : { outcome: 'paid' };
}
