import type Stripe from 'stripe';
import { invalid } from '../failure';
import { idOf } from '../find';
import type { Kind } from '../kinds';
import { copied, type World } from '../world';

type Plain = Record<string, unknown>;

/** Which shelf an id belongs on. */
const SHELVES: readonly (readonly [prefix: string, kind: Kind])[] = [
  ['cus_', 'customers'],
  ['prod_', 'products'],
  ['price_', 'prices'],
  ['promo_', 'promotionCodes'],
  ['di_', 'discounts'],
  ['pm_', 'paymentMethods'],
  ['sub_', 'subscriptions'],
  ['in_', 'invoices'],
  ['pi_', 'paymentIntents'],
  ['seti_', 'setupIntents'],
  ['ch_', 'charges'],
  ['re_', 'refunds'],
  ['dp_', 'disputes'],
  ['cs_', 'checkoutSessions'],
  ['bpc_', 'portalConfigurations'],
];

/** Fields that are there only when they are asked for. */
const ON_DEMAND: Readonly<Record<string, (world: World, id: string) => object>> = {
  'invoice.payments': (world, id) =>
    listed(
      [...world.invoicePayments.values()].filter(({ invoice }) => idOf(invoice) === id),
      `/v1/invoice_payments?invoice=${id}`,
    ),
  'checkout.session.line_items': (world, id) =>
    listed(world.orders.get(id)?.lines ?? [], `/v1/checkout/sessions/${id}/line_items`),
  'charge.refunds': (world, id) =>
    listed([...world.refunds.values()].filter(({ charge }) => charge === id).reverse(), `/v1/charges/${id}/refunds`),
  'customer.subscriptions': (world, id) =>
    listed(
      [...world.subscriptions.values()]
        .filter(({ customer, status }) => idOf(customer) === id && status !== 'canceled')
        .reverse(),
      `/v1/customers/${id}/subscriptions`,
    ),
  'customer.tax_ids': (_, id) => listed([], `/v1/customers/${id}/tax_ids`),
  'customer.sources': (_, id) => listed([], `/v1/customers/${id}/sources`),
};

/**
 * A copy of an answer in which the ids that were named (`latest_invoice.payments`, `data.customer`) are the objects.
 * @throws StripeFailure for what cannot be expanded.
 */
export function expanded(world: World, answer: object, paths: readonly string[]): object {
  const copy = copied(answer);
  for (const path of paths) {
    const steps = path.split('.');
    // What is listed counts too: `data.items.data.price.product` is one too deep.
    if (steps.length > 4)
      throw invalid(`You cannot expand more than 4 levels of a property. Property: ${path}`, 'expand');
    expand(world, copy, steps, path);
  }
  shortenLines(copy);
  return copy;
}

/** An invoice holds the first of its lines; the others are a list of their own (https://docs.stripe.com/api/invoices/object). */
const LINES_HELD = 10;

/** Leaves each invoice within an answer its first lines. */
function shortenLines(target: unknown): void {
  if (typeof target !== 'object' || target === null) return;
  const object = target as Plain;
  const lines = object['object'] === 'invoice' ? (object['lines'] as Stripe.Invoice['lines'] | undefined) : undefined;
  if (lines && lines.data.length > LINES_HELD)
    object['lines'] = { ...lines, data: lines.data.slice(0, LINES_HELD), has_more: true };
  for (const value of Object.values(object)) shortenLines(value);
}

function expand(world: World, target: unknown, [step, ...rest]: readonly string[], path: string): void {
  if (step === undefined || target === null || target === undefined) return;
  if (Array.isArray(target)) {
    for (const one of target) expand(world, one, [step, ...rest], path);
    return;
  }
  const object = target as Plain;
  const demanded = ON_DEMAND[`${String(object['object'])}.${step}`];
  if (demanded && object['deleted'] !== true && typeof object[step] !== 'object')
    object[step] = copied(demanded(world, String(object['id'])));
  if (!(step in object) && object['deleted'] !== true && object['object'] !== undefined)
    throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  const value = object[step];
  if (typeof value === 'string') object[step] = resolve(world, value, path);
  else if (Array.isArray(value))
    object[step] = value.map((one: unknown) => (typeof one === 'string' ? resolve(world, one, path) : one));
  expand(world, object[step], rest, path);
}

function resolve(world: World, id: string, path: string): unknown {
  const kind =
    SHELVES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? (world.coupons.has(id) ? 'coupons' : undefined);
  const found = kind && world.shelves[kind].get(id);
  if (!found) throw invalid(`This property cannot be expanded (${path}).`, 'expand');
  return copied(found);
}

function listed(data: readonly object[], url: string): object {
  return { object: 'list', data, has_more: false, url };
}
