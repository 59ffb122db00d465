import type Stripe from 'stripe';
import type { WantedItem } from '../../engine/proration';
import { firstItem } from '../../engine/ties';
import { invalid } from '../../failure';
import { find } from '../../find';
import type { World } from '../../world';
import { inner, listOf, maybe, oneOf, text, truth, whole, type Read } from '../params';

/** Items as an update and a preview name them. */
export const ITEMS = listOf(
  inner({ id: maybe(text), price: maybe(text), quantity: maybe(whole(0)), deleted: maybe(truth) }),
  20,
);
export const PRORATION = oneOf('always_invoice', 'create_prorations', 'none');

/**
 * What all items are to be once the named ones are changed: the others stay. @throws StripeFailure for a price that
 * cannot be.
 */
export function wantedItems(
  world: World,
  subscription: Stripe.Subscription,
  given: Read<{ items: typeof ITEMS }>['items'],
): WantedItem[] {
  const items: WantedItem[] = subscription.items.data.map(({ id, price, quantity }) => ({
    id,
    price,
    quantity: quantity ?? 1,
    deleted: false,
  }));
  given.forEach((one, at) => {
    const place = one.id === undefined ? items.length : items.findIndex(({ id }) => id === one.id);
    if (place < 0) throw invalid(`No such subscription item: '${one.id}'`, `items[${at}][id]`, 'resource_missing');
    const former = items[place];
    const price = one.price === undefined ? former?.price : find(world, 'prices', one.price, `items[${at}][price]`);
    if (!price)
      throw invalid(`Missing required param: items[${at}][price].`, `items[${at}][price]`, 'parameter_missing');
    if (price.id !== former?.price.id && !price.active)
      throw invalid('The price specified is inactive. This field only accepts active prices.', `items[${at}][price]`);
    if (!price.recurring)
      throw invalid(
        'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
        `items[${at}][price]`,
      );
    if (price.currency !== subscription.currency)
      throw invalid(
        `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: ` +
          `\`${subscription.currency}\`.`,
        `items[${at}][price]`,
      );
    items[place] = {
      id: former?.id ?? null,
      price,
      quantity: one.quantity ?? former?.quantity ?? 1,
      deleted: one.deleted ?? false,
    };
  });
  const remaining = items.filter(({ deleted }) => !deleted);
  if (remaining.length === 0)
    throw invalid(
      'A subscription must have at least one active plan. To cancel this subscription, please use the cancel ' +
        'API endpoint.',
      'items',
    );
  if (new Set(remaining.map(({ price }) => `${price.recurring?.interval} ${price.recurring?.interval_count}`)).size > 1)
    throw invalid(
      'Currently, all prices on a subscription must have the same recurring.interval and recurring.interval_count.',
      'items',
    );
  return items;
}

/** The moment unused time is counted from. @throws StripeFailure when it is outside the current period. */
export function prorationMoment(world: World, subscription: Stripe.Subscription, wanted: number | undefined): number {
  if (wanted === undefined) return world.now();
  const { current_period_start, current_period_end } = firstItem(subscription);
  if (wanted < current_period_start || wanted >= current_period_end)
    throw invalid('Cannot specify `proration_date` outside of current subscription period.', 'proration_date');
  return wanted;
}
