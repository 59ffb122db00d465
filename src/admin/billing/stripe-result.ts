import { summarizeError, unavailable } from '../../billing/stripe/client';

/** What came of asking Stripe: an answer, no answer, or a refusal in Stripe's own few words. */
export type StripeResult<T> =
  | { readonly is: 'answered'; readonly it: T }
  | { readonly is: 'away' }
  | { readonly is: 'refused'; readonly why: string };

/** Asks Stripe. @throws whatever is no error of Stripe's. */
export async function askStripe<T>(question: () => Promise<T>): Promise<StripeResult<T>> {
  try {
    return { is: 'answered', it: await question() };
  } catch (error) {
    if (unavailable(error)) return { is: 'away' };
    const why = summarizeError(error);
    if (!why.startsWith('Stripe')) throw error;
    return { is: 'refused', why };
  }
}
