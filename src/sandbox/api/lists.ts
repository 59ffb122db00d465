import type Stripe from 'stripe';
import { missing } from '../failure';
import { maybe, text, whole, type Read } from './params';

/** What every list can be asked. */
export const PAGING = { limit: maybe(whole(1, 100)), starting_after: maybe(text), ending_before: maybe(text) };

/**
 * One page of a list, newest first. @param objects all of them, oldest first.
 * @throws StripeFailure when the object to begin at is not there.
 */
export function pageOf<T extends { readonly id: string }>(
  objects: Iterable<T>,
  paging: Read<typeof PAGING>,
  url: string,
  fits: (one: T) => boolean = () => true,
): Stripe.ApiList<T> {
  const all = [...objects].reverse();
  const limit = paging.limit ?? 10;
  const place = (id: string, param: string) => {
    const found = all.findIndex((one) => one.id === id);
    if (found < 0) throw missing('object', id, param, 400);
    return found;
  };
  if (paging.ending_before !== undefined) {
    const before = all.slice(0, place(paging.ending_before, 'ending_before')).filter(fits);
    return { object: 'list', data: before.slice(-limit), has_more: before.length > limit, url };
  }
  const rest = (
    paging.starting_after === undefined ? all : all.slice(place(paging.starting_after, 'starting_after') + 1)
  ).filter(fits);
  return { object: 'list', data: rest.slice(0, limit), has_more: rest.length > limit, url };
}
