import type Stripe from 'stripe';
import { customerOf, objectOf } from '../stripe/events';
import { idOr } from '../stripe/values';
import { missing, type StripeClient } from '../stripe/client';

/**
 * Whose an event is: as it says itself, or as the payment says that it is about. Null: nobody's.
 * @throws when Stripe does not answer.
 */
export async function locateCustomer(stripe: StripeClient, event: Stripe.Event): Promise<string | null> {
  const named = customerOf(event);
  if (named !== null) return named;
  const {
    charge,
    payment_intent: intent,
    invoice,
  } = objectOf(event) as { charge?: unknown; payment_intent?: unknown; invoice?: unknown };
  try {
    if (typeof charge === 'string') return idOr((await stripe.charges.retrieve(charge)).customer);
    if (typeof intent === 'string') return idOr((await stripe.paymentIntents.retrieve(intent)).customer);
    if (typeof invoice === 'string') return idOr((await stripe.invoices.retrieve(invoice)).customer);
  } catch (error) {
    if (!missing(error)) throw error;
  }
  return null;
}
