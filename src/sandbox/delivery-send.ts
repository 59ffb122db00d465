import Stripe from 'stripe';

/** What came of one try to deliver: the endpoint's status, or a word for why there is none. */
export type Answer = number | 'no answer' | 'too slow';

/** Was the event taken? Stripe counts every 2xx, and follows no redirect. */
export const isTaken = (answer: Answer): boolean => typeof answer === 'number' && answer >= 200 && answer < 300;

/**
 * Sends one event as Stripe does: indented JSON, signed with the endpoint's secret for the machine's own time, because
 * whoever checks the signature compares it with theirs. Each try is signed afresh.
 * @param patience milliseconds after which an endpoint counts as too slow.
 * @param given aborted when nobody waits for the answer any more.
 * @returns what came of it; never throws.
 */
export async function sendEvent(
  event: Stripe.Event,
  { url, secret }: { readonly url: string; readonly secret: string },
  patience: number,
  given: AbortSignal,
): Promise<Answer> {
  const payload = JSON.stringify(event, null, 2);
  const tooSlow = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([tooSlow, given]),
      headers: {
        Accept: '*/*; q=0.5, application/xml',
        'Cache-Control': 'no-cache',
        'Content-Type': 'application/json; charset=utf-8',
        'Stripe-Signature': signer.generateTestHeaderString({
          payload,
          secret,
          timestamp: Math.floor(Date.now() / 1000),
        }),
        'User-Agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      },
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return tooSlow.aborted ? 'too slow' : 'no answer';
  }
}

const signer = new Stripe('sk_test_signs_and_never_calls').webhooks;
