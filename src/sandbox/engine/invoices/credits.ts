import type Stripe from 'stripe';
import { idOf } from '../../find';
import { creditedBy, type Credited, type LineValues } from '../../objects/invoice-line';
import type { World } from '../../world';
import { day, productName } from '../describe';
import { lineOf } from './lines';
import { invoicesOf, pendingItemsOf } from '../ties';

/** What an item was charged for a time, and since when that has been given back. Moments are Unix seconds. */
interface Debit {
  readonly start: number;
  readonly end: number;
  /** In the smallest unit of the currency, after discounts. */
  readonly amount: number;
  readonly price: Stripe.Price;
  readonly quantity: number;
  readonly source: NonNullable<Credited>;
  /** Ids that a credit for it may name. */
  readonly names: readonly string[];
}

/**
 * The credits for the time of an item from a moment to another: for each amount it was charged with, the part of that
 * amount, discounts and all. What was never charged for, or has been given back, is not credited
 * (https://docs.stripe.com/billing/subscriptions/prorations#credit-prorations, flexible billing mode).
 */
export function creditLines(
  world: World,
  subscription: Stripe.Subscription,
  item: Stripe.SubscriptionItem,
  from: number,
  until: number,
): LineValues[] {
  const given = givenBack(world, subscription);
  return debitsOf(world, subscription, item).flatMap((debit) => {
    const start = Math.max(from, debit.start);
    const end = Math.min(until, debit.end, ...debit.names.map((name) => given.get(name) ?? Infinity));
    const amount = Math.round((debit.amount * (end - start)) / (debit.end - debit.start));
    if (end <= start || amount === 0) return [];
    return [
      {
        ...lineOf(subscription, { ...item, price: debit.price, quantity: debit.quantity }, { start, end }),
        amount: -amount,
        description: `Unused time on ${named(world, debit)} after ${day(start)}`,
        proration: true,
        credited: debit.source,
      },
    ];
  });
}

/** What is charged for, as it stands on a line. */
export function named(
  world: World,
  { price, quantity }: Pick<Debit, 'price'> & { quantity?: number | undefined },
): string {
  const name = productName(world, price);
  return quantity === undefined || quantity === 1 ? name : `${quantity} × ${name}`;
}

function debitsOf(world: World, subscription: Stripe.Subscription, item: Stripe.SubscriptionItem): Debit[] {
  const invoiced = invoicesOf(world, subscription)
    .filter(isOwed)
    .flatMap((invoice) => invoice.lines.data.flatMap((line) => debitOfLine(world, item, invoice, line)));
  return [...invoiced, ...pendingItemsOf(world, subscription).flatMap((one) => debitOfItem(world, item, one))];
}

/**
 * Is it a debt? A void one never was; one that was given up, or a draft nobody will finish, is no money of the
 * customer's.
 */
function isOwed({ status, auto_advance }: Stripe.Invoice): boolean {
  return status === 'paid' || status === 'open' || (status === 'draft' && auto_advance === true);
}

function debitOfLine(
  world: World,
  item: Stripe.SubscriptionItem,
  invoice: Stripe.Invoice,
  line: Stripe.InvoiceLineItem,
): Debit[] {
  const invoiceItem = line.parent?.invoice_item_details?.invoice_item;
  const waited = invoiceItem === undefined ? undefined : world.invoiceItems.get(invoiceItem);
  const owner =
    line.parent?.subscription_item_details?.subscription_item ??
    waited?.parent?.subscription_details?.subscription_item;
  const price = world.prices.get(idOf(line.pricing?.price_details?.price ?? ''));
  if (owner !== item.id || line.amount <= 0 || !price) return [];
  const discounts = (line.discount_amounts ?? []).reduce((sum, { amount }) => sum + amount, 0);
  return [
    {
      ...line.period,
      amount: line.amount - discounts,
      price,
      quantity: line.quantity ?? 1,
      source: { invoice: invoice.id, lines: [line.id] },
      names: [line.id, ...(invoiceItem === undefined ? [] : [invoiceItem])],
    },
  ];
}

function debitOfItem(world: World, item: Stripe.SubscriptionItem, pending: Stripe.InvoiceItem): Debit[] {
  const price = world.prices.get(idOf(pending.pricing?.price_details?.price ?? ''));
  if (pending.parent?.subscription_details?.subscription_item !== item.id || pending.amount <= 0 || !price) return [];
  const { id, period, amount, quantity } = pending;
  return [{ ...period, amount, price, quantity, source: { invoiceItem: id }, names: [id] }];
}

/** From when on each debit has been given back. */
function givenBack(world: World, subscription: Stripe.Subscription): ReadonlyMap<string, number> {
  const since = new Map<string, number>();
  const note = (credited: Credited, start: number): void => {
    const names = credited === null ? [] : 'lines' in credited ? credited.lines : [credited.invoiceItem];
    for (const name of names) since.set(name, Math.min(start, since.get(name) ?? Infinity));
  };
  for (const invoice of invoicesOf(world, subscription).filter(({ status }) => status !== 'void'))
    for (const { parent, period } of invoice.lines.data) {
      const details = parent?.subscription_item_details?.proration_details?.credited_items;
      if (details) note({ invoice: details.invoice, lines: details.invoice_line_items }, period.start);
    }
  for (const item of world.of('invoiceItems', subscription.id)) note(creditedBy(item), item.period.start);
  return since;
}
