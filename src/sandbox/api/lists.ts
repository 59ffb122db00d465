import type Stripe from 'stripe';
import { invalid, missing } from '../failure';
import { find } from '../find';
import type { Kind } from '../kinds';
import { FIRST_PAGE } from '../sublists';
import type { World } from '../world';
import { maybe, text, whole, type Read } from './params';

/** What every list can be asked. */
export const PAGING = { limit: maybe(whole(1, 100)), starting_after: maybe(text), ending_before: maybe(text) };

/**
 * One page of a list, newest first. @param objects all of them, oldest first.
 * @throws StripeFailure when the object to begin at is not there, or both ends were named.
 */
export function pageOf<T extends { readonly id: string }>(
  objects: Iterable<T>,
  { limit = FIRST_PAGE, starting_after, ending_before }: Read<typeof PAGING>,
  url: string,
  fits: (one: T) => boolean = () => true,
): Stripe.ApiList<T> {
  if (starting_after !== undefined && ending_before !== undefined)
    throw invalid('Received both starting_after and ending_before parameters. Please pass in only one.');
  const all = [...objects].reverse();
  const place = (id: string, param: string) => {
    const found = all.findIndex((one) => one.id === id);
    if (found < 0) throw missing(nounOf(url), id, param, 400);
    return found;
  };
  if (ending_before !== undefined) {
    const before = all.slice(0, place(ending_before, 'ending_before')).filter(fits);
    return { object: 'list', data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const from = starting_after === undefined ? 0 : place(starting_after, 'starting_after') + 1;
  const rest = all.slice(from).filter(fits);
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}

/** What an address lists, as Stripe calls one of it. */
function nounOf(url: string): string {
  if (url.startsWith('/v1/payment_methods') || url.endsWith('/payment_methods')) return 'PaymentMethod';
  if (url === '/v1/checkout/sessions') return 'checkout.session';
  return (url.split('/').at(-1) ?? '').replace(/s$/, '');
}

/** Parameters that name objects by which a list is narrowed. */
type Naming = 'customer' | 'subscription' | 'charge' | 'payment_intent' | 'invoice' | 'product' | 'price' | 'coupon';

const KINDS_NAMED: Readonly<Record<Naming, Kind>> = {
  customer: 'customers',
  subscription: 'subscriptions',
  charge: 'charges',
  payment_intent: 'paymentIntents',
  invoice: 'invoices',
  product: 'products',
  price: 'prices',
  coupon: 'coupons',
};

/** @throws StripeFailure when an object that a list is asked for by name is not there; a deleted customer is. */
export function assertNamed(world: World, params: { readonly [Name in Naming]?: string | undefined }): void {
  for (const [name, kind] of Object.entries(KINDS_NAMED) as [Naming, Kind][]) {
    const id = params[name];
    if (id !== undefined) find(world, kind, id, name);
  }
}
