import type { UpcomingCharge } from '../stripe/upcoming';

/**
 * What one look at Stripe has seen of a customer, as plain facts. Amounts are in the smallest unit of their currency.
 */
export interface StripeSnapshot {
  readonly customer: CustomerSnapshot;
  readonly subscriptions: readonly SubscriptionSnapshot[];
  readonly invoices: readonly InvoiceSnapshot[];
  /** Invoices that are not final yet. */
  readonly drafts: readonly DraftSnapshot[];
  readonly disputes: readonly DisputeSnapshot[];
  readonly refunds: readonly RefundSnapshot[];
}

export interface CustomerSnapshot {
  readonly id: string;
  readonly deleted: boolean;
  /** Of a deleted customer Stripe says nothing else. */
  readonly livemode: boolean | null;
  /** The account it was made for, as its metadata has it; believed only where nothing of ours speaks against it. */
  readonly account: string | null;
  /** Where Stripe writes to; null: nowhere. */
  readonly email: string | null;
}

export interface SubscriptionSnapshot {
  readonly id: string;
  readonly livemode: boolean;
  readonly status: string;
  readonly items: readonly ItemSnapshot[];
  /** Those on the subscription as a whole, in the order they are taken off. One on a single item is not read. */
  readonly discounts: readonly DiscountSnapshot[];
  readonly currency: string;
  readonly startedAt: Date;
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  readonly trialEnd: Date | null;
  readonly trialConverts: boolean;
  readonly cancelAt: Date | null;
  readonly canceledAt: Date | null;
  readonly endedAt: Date | null;
  readonly pause: { readonly behavior: string; readonly resumesAt: Date | null } | null;
  /** What a trial costs when it is over; null: it is none, or Stripe does not say. */
  readonly upcoming: UpcomingCharge | null;
}

export interface ItemSnapshot {
  readonly price: string;
  readonly product: string;
  readonly quantity: number;
  /** Null where Stripe works the price out in some other way. */
  readonly unitCents: number | null;
  readonly interval: string | null;
  /** How many of them make a period. */
  readonly intervalCount: number;
}

/** What a coupon takes off: a share, or an amount. */
export interface DiscountSnapshot {
  readonly percentOff: number | null;
  readonly amountOffCents: number | null;
  /** Stripe's word: `once`, `repeating`, `forever`. */
  readonly duration: string;
  /** When it is over; null: not in sight. */
  readonly end: Date | null;
}

export interface InvoiceSnapshot {
  readonly id: string;
  readonly subscription: string | null;
  readonly number: string | null;
  readonly status: string;
  readonly billingReason: string | null;
  readonly currency: string;
  readonly dueCents: number;
  readonly paidCents: number;
  readonly refundedCents: number;
  /** What its lines are for, without corrections of earlier periods. */
  readonly periodStart: Date | null;
  readonly periodEnd: Date | null;
  readonly createdAt: Date;
  readonly paidAt: Date | null;
  /** The last of its refunds. */
  readonly refundedAt: Date | null;
  readonly attempts: number;
  readonly nextAttemptAt: Date | null;
  readonly hostedUrl: string | null;
  readonly pdfUrl: string | null;
  /** The charge that paid it, or the last that tried to. */
  readonly charge: string | null;
  /** The first try that failed of one that is still owed; null: none has. */
  readonly firstFailedAt: Date | null;
  /** The same, also where it has been paid since; null where that cannot be known any more. */
  readonly failedAt: Date | null;
  /** The last try that failed of one that is still owed; null: none has. */
  readonly lastFailedAt: Date | null;
  /** Is a payment of it on its way, as a debit is for days? It has neither arrived nor failed. */
  readonly underway: boolean;
  /** Does the bank wait for its customer? */
  readonly asksForAuthentication: boolean;
}

/** An invoice that Stripe has not made final yet: nothing of it is owed, and its amounts may change. */
export interface DraftSnapshot {
  readonly id: string;
  readonly subscription: string | null;
  readonly createdAt: Date;
  /** Does Stripe make it final by itself? */
  readonly advances: boolean;
  /** Why it could not be made final, in Stripe's word; null: it has not been tried, or nothing was wrong. */
  readonly finalizationError: string | null;
}

export interface DisputeSnapshot {
  readonly id: string;
  readonly invoice: string | null;
  readonly status: string;
  readonly reason: string | null;
  readonly currency: string;
  readonly amountCents: number;
  readonly createdAt: Date;
}

export interface RefundSnapshot {
  readonly id: string;
  readonly invoice: string | null;
  readonly currency: string;
  readonly amountCents: number;
  readonly createdAt: Date;
}
