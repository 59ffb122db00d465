import type { RequestListener } from 'node:http';
import type { Store } from 'express-session';
import type Redis from 'ioredis';
import type { ResolveTxt } from './admin/settings/mail-dns';
import type { Statements, SyncDelay } from './billing/stripe/inbox';
import type { Payments } from './billing/stripe/payments';
import type { ReconcileParts } from './billing/sync/reconcile';
import type { Config } from './config';
import type { Readiness } from './http/server/health';
import type { IssueRoom } from './issues/room';
import type { Clock } from './lib/clock';
import type { Language } from './lib/language';
import type { Logger } from './lib/log';
import type { Bucket } from './stores/bucket';
import type { Counters } from './stores/counters';
import type { Wall } from './stores/postgres/wall';
import type { WebhookRoom } from './webhooks/room';

/** What the application is given by whoever starts it. */
export interface AppOptions {
  readonly config: Pick<
    Config,
    | 'publicUrl'
    | 'mode'
    | 'trustProxy'
    | 'smtpUrl'
    | 'mailFrom'
    | 'mailPerSecond'
    | 'mailPerDomain'
    | 'mailReports'
    | 'graceDays'
    | 'automaticTax'
    | 'metricsToken'
    | 'privateWebhooks'
  > & { readonly sessionSecrets: readonly string[] };
  readonly wall: Wall;
  /** For what is received without a context. */
  readonly pool: Statements;
  readonly payments: Payments;
  /** Does this process work on the queue: by the clock too, only on what comes in, or not at all? */
  readonly works?: 'by the clock' | 'on what comes in' | 'not';
  /** What this process is for: pages, letters and the queue, or both. */
  readonly role?: Config['role'];
  /** What this process is called where several answer at one port. */
  readonly processName?: string;
  /** How long after a webhook event its customer is synced. */
  readonly pace?: SyncDelay;
  /** Milliseconds between two polls for jobs that are due (src/stores/postgres/jobs.ts); tests do not wait so long. */
  readonly pollInterval?: number;
  /** Seconds until a letter to many that a dead process took is sent by another; for tests. */
  readonly claimSeconds?: number;
  /** For tests that stop the process between two steps. */
  readonly between?: ReconcileParts['between'];
  readonly sessionStore: Store;
  /** Where attempts are counted for all processes together; null: each counts for itself. */
  readonly redis: Redis | null;
  /** Where the bytes of pictures lie; null: in Postgres. It is closed with the app. */
  readonly bucket: Bucket | null;
  /** For the connection that listens to changes; the application's role. */
  readonly databaseUrl: string;
  readonly readiness: Readiness;
  /** Is an installation without an admin set up in the browser, and closed until then? The demo is not. */
  readonly setup?: boolean;
  /**
   * The machine's. What is paid for, and what that opens, goes by the clock of `payments` instead
   * (docs/decisions/0023).
   */
  readonly clock: Clock;
  /** Asks the DNS for the texts of a name; left out: as this machine does. */
  readonly resolveTxt?: ResolveTxt;
  readonly log: Logger;
}

export interface App {
  readonly handler: RequestListener;
  /** Every route there is, for whoever checks them all (src/leaks). */
  readonly router: { readonly stack: readonly unknown[] };
  /** The languages that are on, the first one first, once the settings have been read. */
  languages(): Promise<readonly Language[]>;
  /** What a letter to many would say to an account now, for whoever checks it (src/leaks). */
  readonly letterFor: IssueRoom['letterFor'];
  /** What a webhook would be told now, likewise. */
  readonly webhookBody: WebhookRoom['bodyOf'];
  /** What syncs our rows with Stripe. */
  readonly billing: ReconcileParts;
  /** Resolves once this process has heard of whatever is committed by now (`Changes.caughtUp`). */
  caughtUp(): Promise<void>;
  /** What is counted of readings, on its way to the database. */
  readonly counters: Counters;
  close(): Promise<void>;
}

/**
 * How long events are gathered before their customer is synced, and how long it rests afterwards. Whoever comes back
 * from Stripe's pages is synced before.
 */
export const PACE: SyncDelay = { debounceMs: 2_000, cooldownMs: 10_000 };

/** Longer than a letter can be under way, and shorter than the lock of a dead process's job. */
export const CLAIM_SECONDS = 120;
