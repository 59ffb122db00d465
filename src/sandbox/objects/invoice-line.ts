import Stripe from 'stripe';
import { newId } from '../ids';

/** For a credit: the lines of an invoice that had charged for the time, or what had waited to be invoiced for it. */
export type Credited =
  { readonly invoice: string; readonly lines: readonly string[] } | { readonly invoiceItem: string } | null;

export interface LineValues {
  /** Cents, before discounts; less than 0 for a credit. */
  readonly amount: number;
  readonly currency: string;
  readonly description: string;
  readonly discountAmounts: readonly { readonly amount: number; readonly discount: string }[];
  readonly subscription: string;
  readonly item: string;
  readonly price: Stripe.Price;
  readonly quantity: number;
  readonly period: { readonly start: number; readonly end: number };
  readonly proration: boolean;
  readonly credited: Credited;
  readonly invoiceItem: string | null;
  readonly metadata: Stripe.Metadata;
  readonly automaticTax: boolean;
}

/** A line of an invoice as the API answers it. */
export function newInvoiceLine(invoice: string | null, values: LineValues): Stripe.InvoiceLineItem {
  const discounted = values.discountAmounts.reduce((sum, { amount }) => sum + amount, 0);
  const proration = {
    proration: values.proration,
    proration_details: {
      credited_items:
        values.credited && 'lines' in values.credited
          ? { invoice: values.credited.invoice, invoice_line_items: [...values.credited.lines] }
          : null,
    },
    subscription: values.subscription,
  };
  return {
    id: newId('il'),
    object: 'line_item',
    amount: values.amount,
    currency: values.currency,
    description: values.description,
    discount_amounts: values.discountAmounts.map((one) => ({ ...one })),
    discountable: !values.proration,
    discounts: values.discountAmounts.map(({ discount }) => discount),
    invoice,
    livemode: false,
    metadata: values.metadata,
    parent:
      values.invoiceItem === null
        ? {
            invoice_item_details: null,
            subscription_item_details: { invoice_item: null, ...proration, subscription_item: values.item },
            type: 'subscription_item_details',
          }
        : {
            invoice_item_details: { invoice_item: values.invoiceItem, ...proration },
            subscription_item_details: null,
            type: 'invoice_item_details',
          },
    period: { ...values.period },
    pretax_credit_amounts: values.discountAmounts.map(({ amount, discount }) => ({
      amount,
      discount,
      type: 'discount',
    })),
    pricing: {
      price_details: { price: values.price.id, product: productOf(values.price) },
      type: 'price_details',
      unit_amount_decimal: values.price.unit_amount_decimal,
    },
    quantity: values.quantity,
    quantity_decimal: Stripe.Decimal.from(values.quantity),
    subscription: values.subscription,
    subtotal: values.amount,
    taxes: values.automaticTax ? [noTaxOn(values.amount - discounted)] : [],
  };
}

/** What automatic tax finds in the sandbox: nothing to collect. @param amount cents. */
const noTaxOn = (amount: number): NonNullable<Stripe.InvoiceLineItem['taxes']>[number] => ({
  amount: 0,
  tax_behavior: 'exclusive',
  tax_rate_details: null,
  taxability_reason: 'not_collecting',
  taxable_amount: amount,
  type: 'tax_rate_details',
});

function productOf(price: Stripe.Price): string {
  return typeof price.product === 'string' ? price.product : price.product.id;
}

/** What a credit that waits, or waited, gives back. */
export function creditedBy({ proration_details }: Stripe.InvoiceItem): Credited {
  const credited = proration_details?.credited_items;
  const lines = credited?.invoice_line_item_details;
  if (lines) return { invoice: lines.invoice, lines: lines.invoice_line_items };
  return credited?.invoice_item === undefined ? null : { invoiceItem: credited.invoice_item };
}

function creditedItems(credited: Credited): Stripe.InvoiceItem.ProrationDetails.CreditedItems | null {
  if (!credited) return null;
  if ('invoiceItem' in credited) return { invoice_item: credited.invoiceItem, type: 'invoice_item' };
  const { invoice, lines } = credited;
  return {
    invoice_line_item_details: { invoice, invoice_line_items: [...lines] },
    type: 'invoice_line_items',
  };
}

/** A prorated amount that waits for the next invoice, as the API answers it. */
export function newInvoiceItem(
  values: LineValues & { readonly customer: string; readonly now: number },
): Stripe.InvoiceItem {
  return {
    id: newId('ii'),
    object: 'invoiceitem',
    amount: values.amount,
    currency: values.currency,
    customer: values.customer,
    customer_account: null,
    date: values.now,
    description: values.description,
    discountable: false,
    discounts: [],
    invoice: null,
    livemode: false,
    metadata: values.metadata,
    net_amount: values.amount,
    parent: {
      subscription_details: { subscription: values.subscription, subscription_item: values.item },
      type: 'subscription_details',
    },
    period: { ...values.period },
    pricing: {
      price_details: { price: values.price.id, product: productOf(values.price) },
      type: 'price_details',
      unit_amount_decimal: values.price.unit_amount_decimal,
    },
    proration: values.proration,
    proration_details: {
      credited_items: creditedItems(values.credited),
      discount_amounts: [],
    },
    quantity: values.quantity,
    quantity_decimal: Stripe.Decimal.from(values.quantity),
    tax_rates: [],
    test_clock: null,
  };
}
