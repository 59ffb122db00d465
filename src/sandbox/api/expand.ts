import { invalid } from '../failure';
import { linesOfSession } from '../engine/checkout/checkout-lines';
import { find, idOf } from '../find';
import type { Kind } from '../kinds';
import { cutSublists } from '../sublists';
import { type World } from '../world';
import { copied } from '../world-parts';

type Plain = Record<string, unknown>;

/** Which collection an id belongs to. */
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
  'invoice.payments': (world, id) => listed(world.of('invoicePayments', id), `/v1/invoice_payments?invoice=${id}`),
  'checkout.session.line_items': (world, id) =>
    listed(linesOfSession(world, find(world, 'checkoutSessions', id)), `/v1/checkout/sessions/${id}/line_items`),
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
  return cutSublists(copy);
}

function expand(world: World, target: unknown, [step, ...rest]: readonly string[], path: string): void {
  if (step === undefined || target === null || target === undefined) return;
  if (Array.isArray(target)) {
    for (const one of target) expand(world, one, [step, ...rest], path);
    return;
  }
  const object = target as Plain;
  if (NEVER.has(step)) throw notExpandable(path);
  const demanded = ON_DEMAND[`${String(object['object'])}.${step}`];
  if (demanded && object['deleted'] !== true && typeof object[step] !== 'object')
    object[step] = copied(demanded(world, String(object['id'])));
  if (!(step in object) && object['deleted'] !== true && object['object'] !== undefined)
    throw notExpandable(path, object['object'] === 'list');
  const value = object[step];
  if (typeof value === 'string') object[step] = resolve(world, value, path);
  else if (Array.isArray(value))
    object[step] = value.map((one: unknown) => (typeof one === 'string' ? resolve(world, one, path) : one));
  expand(world, object[step], rest, path);
}

function resolve(world: World, id: string, path: string): unknown {
  const kind =
    SHELVES.find(([prefix]) => id.startsWith(prefix))?.[1] ?? (world.coupons.has(id) ? 'coupons' : undefined);
  const found = kind && world.collections[kind].get(id);
  if (!found) throw notExpandable(path);
  return copied(found);
}

/** Fields whose text may read like an id, and which Stripe expands all the same never. */
const NEVER: ReadonlySet<string> = new Set(['id', 'object', 'metadata', 'client_reference_id', 'lookup_key']);

function notExpandable(path: string, ofList = false): Error {
  const hint = ofList ? ` You may want to try expanding 'data.${path}' instead.` : '';
  return invalid(`This property cannot be expanded (${path}).${hint}`, 'expand');
}

function listed(data: readonly object[], url: string): object {
  return { object: 'list', data, has_more: false, url };
}
