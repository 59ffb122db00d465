import type Stripe from 'stripe';
import { missing } from './failure';
import type { Kind, Kinds } from './kinds';
import type { World } from './world';

/** What Stripe calls one of a kind when there is none. */
const SAID: Partial<Record<Kind, string>> = {
  promotionCodes: 'promotion code',
  subscriptions: 'subscription',
  paymentIntents: 'payment_intent',
  setupIntents: 'setupintent',
  paymentMethods: 'PaymentMethod',
  checkoutSessions: 'checkout.session',
  portalConfigurations: 'configuration',
  webhookEndpoints: 'webhook endpoint',
  invoicePayments: 'invoice_payment',
};

/**
 * The object of that id. @param param the parameter that named it; when absent, the address did.
 * @throws StripeFailure when there is none.
 */
export function find<K extends Kind>(world: World, kind: K, id: string, param?: string): Kinds[K] {
  const found = world.collections[kind].get(id);
  if (found) return found;
  throw missing(SAID[kind] ?? kind.replace(/s$/, ''), id, param, param === undefined ? 404 : 400);
}

/** The customer, if there is one that has not been deleted. @throws StripeFailure otherwise. */
export function findCustomer(world: World, id: string, param?: string): Stripe.Customer {
  const customer = find(world, 'customers', id, param);
  if (isLiving(customer)) return customer;
  throw missing('customer', id, param, param === undefined ? 404 : 400);
}

/** Has it not been deleted? */
export function isLiving(customer: Stripe.Customer | Stripe.DeletedCustomer): customer is Stripe.Customer {
  return !customer.deleted;
}

export { idOf, idOrNull } from './id-of';
