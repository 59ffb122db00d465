import type Stripe from 'stripe';

/**
 * How a test card behaves: pays; is declined; is asked for authentication; can be saved but is declined when charged.
 */
export type CardName = 'good' | 'declined' | 'authenticate' | 'attach-then-fail';

export interface TestCard {
  /** The number to type, as in Stripe's own list of test cards. */
  readonly number: string;
  readonly last4: string;
  readonly brand: string;
}

export const CARDS: Readonly<Record<CardName, TestCard>> = {
  good: { number: '4242 4242 4242 4242', last4: '4242', brand: 'visa' },
  declined: { number: '4000 0000 0000 0002', last4: '0002', brand: 'visa' },
  authenticate: { number: '4000 0025 0000 3155', last4: '3155', brand: 'visa' },
  'attach-then-fail': { number: '4000 0000 0000 0341', last4: '0341', brand: 'visa' },
};

/** Which of the test cards it is. */
export function cardOf(method: Stripe.PaymentMethod): CardName {
  const found = (Object.keys(CARDS) as CardName[]).find((name) => CARDS[name].last4 === method.card?.last4);
  return found ?? 'good';
}
