import type Stripe from 'stripe';
import type { Offer } from '../checkout/offers';
import type { BillingParts } from '../parts';
import { askOnce } from '../stripe/idempotency';

/** A change of price asked of Stripe, not made yet: what it would come to at this moment. */
export interface Change {
  readonly subscription: string;
  readonly customer: string;
  readonly item: string;
  readonly offer: Offer;
  /** Up to when the old price counts, in seconds since 1970: the same when it is shown and when it is made. */
  readonly date: number;
}

/** What stands in the way of a change: made already, or more than one thing on the subscription. */
export type NoChange = 'made already' | 'several items';

/** The item of a subscription whose price is to change. @throws when Stripe does not answer. */
export async function findItem(
  { stripe }: Pick<BillingParts, 'stripe'>,
  subscription: string,
  offer: Offer,
): Promise<{ readonly item: string } | NoChange> {
  const {
    data: [item, ...others],
  } = (await stripe.subscriptions.retrieve(subscription)).items;
  if (!item || others.length > 0) return 'several items';
  return item.price.id === offer.price ? 'made already' : { item: item.id };
}

/** What the change would cost. Changes nothing. */
export function previewChange(
  { stripe }: Pick<BillingParts, 'stripe'>,
  { subscription, customer, item, offer, date }: Change,
): Promise<Stripe.Invoice> {
  return stripe.invoices.createPreview({
    customer,
    subscription,
    subscription_details: {
      items: [{ id: item, price: offer.price }],
      proration_behavior: 'always_invoice',
      proration_date: date,
    },
  });
}

/**
 * Makes the change and collects what is due at once, or makes nothing of it. The same change sent twice is made once.
 * @throws StripeCardError when the card is declined, or its bank wants to hear from its holder: then nothing is
 * changed.
 */
export function makeChange(
  { stripe, wall }: Pick<BillingParts, 'stripe' | 'wall'>,
  { subscription, item, offer, date }: Change,
): Promise<Stripe.Subscription> {
  return askOnce(wall, `change ${subscription} ${offer.price} ${date}`, (idempotencyKey) =>
    stripe.subscriptions.update(
      subscription,
      {
        items: [{ id: item, price: offer.price }],
        proration_behavior: 'always_invoice',
        proration_date: date,
        payment_behavior: 'error_if_incomplete',
      },
      { idempotencyKey },
    ),
  );
}
