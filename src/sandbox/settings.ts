/** What becomes of a subscription when every attempt to be paid has failed. */
export type AfterLastAttempt = 'cancel' | 'unpaid' | 'past_due';

/** What the account's owner would set in Stripe's dashboard. */
export interface Settings {
  /** Days after the first failed attempt on which it is tried again. */
  readonly retryDays: readonly number[];
  readonly afterLastAttempt: AfterLastAttempt;
  /** Days before a renewal at which `invoice.upcoming` says so. */
  readonly upcomingDays: number;
}

export const SETTINGS: Settings = { retryDays: [3, 5, 7], afterLastAttempt: 'cancel', upcomingDays: 7 };

/** Why a payment fails: the bank says no, or wants its customer to be there. */
export type Failing = 'declined' | 'authenticate';

/** The payments of a customer that are going to fail. */
export interface NextFailure {
  readonly how: Failing;
  readonly times: number;
}

/** Who caused an event: the request of the API, or nobody. */
export interface Caller {
  readonly requestId: string | null;
  readonly idempotencyKey: string | null;
}

export const NO_REQUEST: Caller = { requestId: null, idempotencyKey: null };

/** An answer kept for whoever asks again under the same idempotency key. */
export interface StoredAnswer {
  /** Of method, address and parameters. */
  readonly hash: string;
  /** The address it was used at first. */
  readonly path?: string;
  readonly status: number;
  readonly body: string;
  readonly requestId: string;
  /** Unix seconds. */
  readonly at: number;
}
