import type Stripe from 'stripe';
import { cardOf } from '../cards';
import type { World } from '../world';

/** What the bank says to a charge. */
export type Verdict =
  | { readonly kind: 'approved' }
  | { readonly kind: 'declined'; readonly code: string; readonly message: string }
  /** Its customer has to say first that it is they. */
  | { readonly kind: 'authenticate' };

export interface Presence {
  /** Is the customer there to be asked? */
  readonly present: boolean;
  /** What the bank heard when it asked; undefined before it did. */
  readonly authenticated?: boolean | undefined;
}

export const DECLINED: Verdict = { kind: 'declined', code: 'card_declined', message: 'Your card was declined.' };

const NOT_AUTHENTICATED: Verdict = {
  kind: 'declined',
  code: 'payment_intent_authentication_failure',
  message: 'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
};

/**
 * Asks the bank for an amount. A failure that was ordered for the customer is used up by a no, or by an authentication.
 */
export function verdictOn(
  world: World,
  customer: string,
  method: Stripe.PaymentMethod,
  { present, authenticated }: Presence,
): Verdict {
  const ordered = world.failures.get(customer)?.how;
  if (ordered === 'declined') {
    useUp(world, customer);
    return DECLINED;
  }
  const card = cardOf(method);
  if (card === 'declined' || card === 'attach-then-fail') return DECLINED;
  if (!present) {
    if (ordered === undefined) return { kind: 'approved' };
    useUp(world, customer);
    return { kind: 'authenticate' };
  }
  if (ordered === undefined && card !== 'authenticate') return { kind: 'approved' };
  if (authenticated !== undefined && ordered) useUp(world, customer);
  return verdictOnAsking({ present, authenticated });
}

/** What the bank says once it wants to hear from its customer. */
export function verdictOnAsking({ authenticated }: Presence): Verdict {
  if (authenticated === undefined) return { kind: 'authenticate' };
  return authenticated ? { kind: 'approved' } : NOT_AUTHENTICATED;
}

/** Asks the bank whether a card may be kept for later. */
export function verdictOnKeeping(method: Stripe.PaymentMethod, presence: Presence): Verdict {
  const card = cardOf(method);
  if (card === 'declined') return DECLINED;
  return card === 'authenticate' ? verdictOnAsking(presence) : { kind: 'approved' };
}

function useUp(world: World, customer: string): void {
  const failure = world.failures.get(customer);
  if (!failure) return;
  if (failure.times > 1) world.failures.set(customer, { ...failure, times: failure.times - 1 });
  else world.failures.delete(customer);
  world.touch('failures', customer);
}
