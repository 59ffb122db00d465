import type Stripe from 'stripe';

/** What the customer of a checkout session agreed to buy: known to Stripe, on no object until it is paid. */
export interface Order {
  /** The id of the checkout session. */
  readonly id: string;
  readonly lines: readonly Stripe.LineItem[];
  readonly metadata: Stripe.Metadata;
  readonly description: string | null;
  /** Unix seconds. */
  readonly trialEnd: number | null;
  readonly trialDays: number | null;
  readonly missingPaymentMethod: Stripe.Subscription.TrialSettings.EndBehavior.MissingPaymentMethod;
}

/** Everything there is, kind by kind, as Stripe answers it: what can be expanded is an id. */
export interface Kinds {
  customers: Stripe.Customer | Stripe.DeletedCustomer;
  products: Stripe.Product;
  prices: Stripe.Price;
  coupons: Stripe.Coupon;
  promotionCodes: Stripe.PromotionCode;
  discounts: Stripe.Discount;
  paymentMethods: Stripe.PaymentMethod;
  subscriptions: Stripe.Subscription;
  invoices: Stripe.Invoice;
  invoiceItems: Stripe.InvoiceItem;
  invoicePayments: Stripe.InvoicePayment;
  paymentIntents: Stripe.PaymentIntent;
  setupIntents: Stripe.SetupIntent;
  charges: Stripe.Charge;
  refunds: Stripe.Refund;
  disputes: Stripe.Dispute;
  checkoutSessions: Stripe.Checkout.Session;
  orders: Order;
  portalConfigurations: Stripe.BillingPortal.Configuration;
  portalSessions: Stripe.BillingPortal.Session;
  webhookEndpoints: Stripe.WebhookEndpoint;
  events: Stripe.Event;
}
export type Kind = keyof Kinds;

export const KINDS = [
  'customers',
  'products',
  'prices',
  'coupons',
  'promotionCodes',
  'discounts',
  'paymentMethods',
  'subscriptions',
  'invoices',
  'invoiceItems',
  'invoicePayments',
  'paymentIntents',
  'setupIntents',
  'charges',
  'refunds',
  'disputes',
  'checkoutSessions',
  'orders',
  'portalConfigurations',
  'portalSessions',
  'webhookEndpoints',
  'events',
] as const satisfies readonly Kind[];

/** One map for each kind, by id, oldest first. */
export type Collections = { readonly [K in Kind]: Map<string, Kinds[K]> };
