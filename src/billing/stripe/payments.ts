import type { Clock } from '../../lib/clock';
import { systemClock } from '../../lib/clock';
import { isLiveKey, openStripe, type StripeClient } from './client';

/** Where payments are made: the real Stripe, the sandbox, or nowhere. */
export interface Payments {
  readonly stripe: StripeClient;
  /** Sign what it sends. */
  readonly webhookSecrets: readonly string[];
  readonly livemode: boolean;
  /** Where its own pages are, as origins. */
  readonly hostedOrigins: readonly string[];
  /** The sandbox's dashboard; null where it is none. */
  readonly sandboxUrl: string | null;
  /** The time that payments go by, and so everything else here. */
  readonly clock: Clock;
  close(): Promise<void>;
}

/** Stripe's pages on which one pays, looks at an invoice, or changes a card. */
const HOSTED = ['https://checkout.stripe.com', 'https://billing.stripe.com', 'https://invoice.stripe.com'];

/** The real Stripe. */
export function realPayments(key: string, webhookSecrets: readonly string[]): Payments {
  return {
    stripe: openStripe({ key }),
    webhookSecrets,
    livemode: isLiveKey(key),
    hostedOrigins: HOSTED,
    sandboxUrl: null,
    clock: systemClock,
    close: () => Promise.resolve(),
  };
}

/** A Stripe that never answers, for whoever needs none. */
export function noPayments(): Payments {
  return {
    stripe: openStripe({ key: 'sk_test_none', at: { host: '127.0.0.1', port: 9 }, timeout: 500, retries: 0 }),
    webhookSecrets: [],
    livemode: false,
    hostedOrigins: [],
    sandboxUrl: null,
    clock: systemClock,
    close: () => Promise.resolve(),
  };
}
