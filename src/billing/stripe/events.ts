import type Stripe from 'stripe';
import { idOr } from './values';

/** What Stripe is asked to tell: whatever may change access, invoices or prices. */
export const EVENT_TYPES = [
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.subscription.created',
  'customer.subscription.updated',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.resumed',
  'customer.subscription.trial_will_end',
  'customer.subscription.pending_update_applied',
  'customer.subscription.pending_update_expired',
  'invoice.created',
  'invoice.finalized',
  'invoice.finalization_failed',
  'invoice.paid',
  'invoice.payment_failed',
  'invoice.payment_action_required',
  'invoice.updated',
  'invoice.voided',
  'invoice.marked_uncollectible',
  'charge.refunded',
  'charge.updated',
  'charge.failed',
  'charge.succeeded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'price.created',
  'price.updated',
  'price.deleted',
  'product.updated',
  'product.deleted',
] as const satisfies readonly Stripe.WebhookEndpointCreateParams.EnabledEvent[];

/** Is it about what is sold, and not about who buys? */
export const isAboutPrices = (type: string): boolean => type.startsWith('price.') || type.startsWith('product.');

const ID = /^[a-z]+_\w{1,250}$/i;

const id = (value: unknown): string | null => (typeof value === 'string' && ID.test(value) ? value : null);

/** The object an event is about, as far as it is one. */
export function objectOf(event: Stripe.Event): {
  readonly object?: unknown;
  readonly id?: unknown;
  readonly customer?: unknown;
} {
  return event.data?.object ?? {};
}

/** The customer an event names; null when it names none: then whoever looks into it finds them. */
export function customerOf(event: Stripe.Event): string | null {
  const it = objectOf(event);
  if (it.object === 'customer') return id(it.id);
  return id(typeof it.customer === 'string' ? it.customer : idOr(it.customer as { id: string } | null | undefined));
}

/** The id of the object an event is about. */
export const objectIdOf = (event: Stripe.Event): string | null => id(objectOf(event).id);
