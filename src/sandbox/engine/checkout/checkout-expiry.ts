import type Stripe from 'stripe';
import type { World } from '../../world';

/** A checkout nobody finished is over. */
export function expireSession(world: World, session: Stripe.Checkout.Session): void {
  world.alter('checkoutSessions', session, { status: 'expired', url: null });
  world.emit('checkout.session.expired', session);
}
