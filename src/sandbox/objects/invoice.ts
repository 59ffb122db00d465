import type Stripe from 'stripe';
import { settledWith } from '../balance';
import type { World } from '../world';

export interface InvoiceValues {
  readonly id: string;
  readonly customer: Stripe.Customer;
  readonly subscription: Stripe.Subscription;
  readonly reason: Stripe.Invoice.BillingReason;
  readonly lines: readonly Stripe.InvoiceLineItem[];
  readonly discounts: readonly string[];
  readonly periodStart: number;
  readonly periodEnd: number;
  /** Unix seconds at which a draft becomes final; null when nobody makes it so. */
  readonly finalizesAt: number | null;
  readonly autoAdvance: boolean;
  readonly prorationDate: number | null;
}

/** What the sandbox never fills in, or only later. */
const UNUSED = {
  account_tax_ids: null,
  application: null,
  custom_fields: null,
  customer_account: null,
  customer_shipping: null,
  default_payment_method: null,
  default_source: null,
  description: null,
  due_date: null,
  effective_at: null,
  ending_balance: null,
  footer: null,
  from_invoice: null,
  hosted_invoice_url: null,
  invoice_pdf: null,
  last_finalization_error: null,
  latest_revision: null,
  number: null,
  on_behalf_of: null,
  receipt_number: null,
  rendering: null,
  shipping_cost: null,
  shipping_details: null,
  statement_descriptor: null,
  test_clock: null,
  webhooks_delivered_at: null,
  amount_overpaid: 0,
  amount_paid: 0,
  amount_shipping: 0,
  attempt_count: 0,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
} as const satisfies Partial<Stripe.Invoice>;

/** A draft of an invoice as the API answers it, its sums made from its lines. */
export function newInvoice(world: World, values: InvoiceValues): Stripe.Invoice {
  const { customer, subscription } = values;
  const automaticTax = subscription.automatic_tax.enabled;
  return {
    id: values.id,
    object: 'invoice',
    ...UNUSED,
    account_country: 'US',
    account_name: 'Sandbox',
    ...sums(customer.balance, values.lines, automaticTax),
    attempted: false,
    auto_advance: values.autoAdvance,
    automatic_tax: {
      disabled_reason: null,
      enabled: automaticTax,
      liability: automaticTax ? { type: 'self' } : null,
      provider: automaticTax ? 'stripe' : null,
      status: automaticTax ? 'complete' : null,
    },
    automatically_finalizes_at: values.finalizesAt,
    billing_reason: values.reason,
    collection_method: subscription.collection_method,
    created: world.now(),
    currency: subscription.currency,
    customer: customer.id,
    customer_address: customer.address ?? null,
    customer_email: customer.email,
    customer_name: customer.name ?? null,
    customer_phone: customer.phone ?? null,
    customer_tax_exempt: customer.tax_exempt ?? 'none',
    customer_tax_ids: [],
    default_tax_rates: [],
    discounts: [...values.discounts],
    issuer: { type: 'self' },
    lines: { object: 'list', data: [...values.lines], has_more: false, url: `/v1/invoices/${values.id}/lines` },
    livemode: false,
    metadata: {},
    next_payment_attempt: values.autoAdvance ? values.finalizesAt : null,
    parent: {
      quote_details: null,
      subscription_details: {
        metadata: { ...subscription.metadata },
        subscription: subscription.id,
        ...(values.prorationDate === null ? {} : { subscription_proration_date: values.prorationDate }),
      },
      type: 'subscription_details',
    },
    payment_settings: { default_mandate: null, payment_method_options: null, payment_method_types: null },
    period_end: values.periodEnd,
    period_start: values.periodStart,
    starting_balance: customer.balance,
    status: 'draft',
    status_transitions: { finalized_at: null, marked_uncollectible_at: null, paid_at: null, voided_at: null },
  };
}

type Sums = Pick<
  Stripe.Invoice,
  | 'amount_due'
  | 'amount_remaining'
  | 'subtotal'
  | 'subtotal_excluding_tax'
  | 'total'
  | 'total_excluding_tax'
  | 'total_discount_amounts'
  | 'total_pretax_credit_amounts'
  | 'total_taxes'
>;

/**
 * What the lines come to, in the smallest unit of their currency, once a customer's balance (less than 0: a credit) is
 * used.
 */
export function sums(balance: number, lines: readonly Stripe.InvoiceLineItem[], automaticTax: boolean): Sums {
  const subtotal = lines.reduce((sum, { amount }) => sum + amount, 0);
  const byDiscount = new Map<string, number>();
  for (const { amount, discount } of lines.flatMap((line) => line.discount_amounts ?? [])) {
    const id = typeof discount === 'string' ? discount : discount.id;
    byDiscount.set(id, (byDiscount.get(id) ?? 0) + amount);
  }
  const discounts = [...byDiscount].map(([discount, amount]) => ({ discount, amount }));
  const total = subtotal - discounts.reduce((sum, { amount }) => sum + amount, 0);
  const { due } = settledWith(balance, total, lines[0]?.currency ?? '');
  return {
    amount_due: due,
    amount_remaining: due,
    subtotal,
    subtotal_excluding_tax: subtotal,
    total,
    total_excluding_tax: total,
    total_discount_amounts: discounts,
    total_pretax_credit_amounts: discounts.map((one) => ({ ...one, type: 'discount' })),
    total_taxes: automaticTax
      ? [
          {
            amount: 0,
            tax_behavior: 'exclusive',
            tax_rate_details: null,
            taxability_reason: 'not_collecting',
            taxable_amount: total,
            type: 'tax_rate_details',
          },
        ]
      : [],
  };
}
