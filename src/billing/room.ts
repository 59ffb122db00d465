import { Router } from 'express';
import type { Viewer } from '../access/viewer';
import type { CommonParts } from '../http/common-parts';
import type { Layout } from '../http/layout/layout';
import type { Language } from '../lib/language';
import { openLocks } from '../stores/postgres/lock';
import { endStripeBilling } from './account/end-on-deletion';
import { openBillingLimits } from './limits';
import type { BillingPageParts } from './pages';
import { billingRoutes } from './routes';
import { sandboxRoutes } from './sandbox-redirect';
import type { Statements, SyncDelay } from './stripe/inbox';
import type { Payments } from './stripe/payments';
import { fetchAllUpcoming, type UpcomingCharges } from './stripe/upcoming';
import { webhookRoutes } from './stripe/webhook';
import type { ReconcileParts } from './sync/reconcile';

/** What billing is given beside the common parts. */
export interface BillingRoomOptions {
  readonly payments: Payments;
  readonly pool: Statements;
  readonly graceDays: number;
  readonly automaticTax: boolean;
  readonly pace: SyncDelay;
  readonly between?: ReconcileParts['between'];
  readonly joining: BillingPageParts['joining'];
  /** The categories above every public page. */
  readonly nav: (viewer: Viewer, language: Language) => Promise<Layout['nav']>;
}

/** Payments: what Stripe sends, what is synced from it, and the pages to pay on. */
export interface BillingRoom {
  /** What syncs our rows with Stripe; jobs and commands use it too. */
  readonly sync: ReconcileParts;
  /** Does a sandbox play Stripe? */
  readonly sandbox: boolean;
  /** Receives what Stripe sends. It stands before sessions. */
  readonly webhook: Router;
  routes(language: Language): Router;
  /** Ends at Stripe what must not outlive an account. @throws when that cannot be known to be done. */
  readonly beforeDeletion: (accountId: string) => Promise<() => Promise<void>>;
  /** What these subscriptions are charged next, by their ids, as far as Stripe says. */
  readonly upcoming: (subscriptions: readonly string[]) => Promise<UpcomingCharges>;
  close(): Promise<void>;
}

export function openBillingRoom(common: CommonParts, options: BillingRoomOptions): BillingRoom {
  const { site, wall, redis, log, cachedPages } = common;
  const { payments, pool, graceDays, automaticTax, pace, between, joining, nav } = options;
  const { stripe, clock, livemode, webhookSecrets, hostedOrigins, sandboxUrl } = payments;
  const locks = openLocks(common.databaseUrl, log);
  const sync: ReconcileParts = {
    ...{ wall, pool, stripe, clock, log, locks, livemode, graceDays },
    accountChanged: common.accountChanged,
    ...(between ? { between } : {}),
  };
  const { publicUrl } = site;
  const pages: BillingPageParts = {
    ...{ ...sync, site, publicUrl, webhookSecrets, automaticTax, hostedOrigins, joining },
    limits: openBillingLimits(redis),
  };
  return {
    sync,
    sandbox: sandboxUrl !== null,
    webhook: webhookRoutes({ ...sync, webhookSecrets, pace }),
    routes: (language) => {
      const router = Router({ caseSensitive: true, strict: true });
      if (sandboxUrl !== null) router.use(sandboxRoutes(sandboxUrl));
      router.use(billingRoutes({ ...pages, cachedPages, nav }, language));
      return router;
    },
    beforeDeletion: (id) => endStripeBilling(sync, id),
    upcoming: (subscriptions) => fetchAllUpcoming(stripe, subscriptions),
    close: async () => {
      await Promise.all([locks.close(), payments.close()]);
    },
  };
}
