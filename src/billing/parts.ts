import type { SiteContext } from '../http/site-context';
import type { Clock } from '../lib/clock';
import type { Logger } from '../lib/log';
import type { Locks } from '../stores/postgres/lock';
import type { Wall } from '../stores/postgres/wall';
import type { StripeClient } from './stripe/client';

/** What the machine works with: everything that goes to look at Stripe and writes down what it saw. */
export interface SyncParts {
  readonly wall: Wall;
  readonly stripe: StripeClient;
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly locks: Locks;
  /** Does Stripe's key move real money? Objects of the other kind are not ours. */
  readonly livemode: boolean;
  /** Days that an unpaid renewal keeps its access, from the first failed try. */
  readonly graceDays: number;
  /** Facts of this account have changed, and the change is committed. */
  readonly accountChanged: (accountId: string) => void;
  /** Is called between any two steps, so that a test can stop the process there. */
  readonly between?: (step: string) => void | Promise<void>;
}

/** What the pages and doors of billing are made of. */
export interface BillingParts extends SyncParts {
  readonly site: SiteContext;
  /** Origin of every address handed to Stripe. */
  readonly publicUrl: string;
  /** Sign what Stripe sends; any of them will do, so that one can be replaced. */
  readonly webhookSecrets: readonly string[];
  /** Does Stripe work out taxes? It must be set up there. */
  readonly automaticTax: boolean;
  /** Where Stripe's own pages are, as origins: forms on our pages may lead there. */
  readonly hostedOrigins: readonly string[];
}
