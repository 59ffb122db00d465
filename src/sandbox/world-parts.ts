import type Stripe from 'stripe';
import { idOf } from './id-of';
import type { Kinds, Kind } from './kinds';

/** Before, one sentence for each moment was kept: `upcoming sub_1 1797595200`. */
export function toldAs(one: readonly [string, number] | string): [string, number] {
  if (typeof one !== 'string') return [one[0], one[1]];
  const at = one.lastIndexOf(' ');
  return [one.slice(0, at), Number(one.slice(at + 1))];
}

export function ownerOf(object: Kinds[Kind]): string | null {
  if (!('object' in object)) return null;
  if (object.object === 'invoice_payment') return idOf(object.invoice);
  if (object.object === 'invoiceitem') return object.parent?.subscription_details?.subscription ?? null;
  return object.object === 'invoice' && object.parent?.subscription_details
    ? idOf(object.parent.subscription_details.subscription)
    : null;
}

/** Is this endpoint sent events of this type? */
export function listensTo(endpoint: Stripe.WebhookEndpoint, type: string): boolean {
  return endpoint.status === 'enabled' && endpoint.enabled_events.some((one) => one === '*' || one === type);
}

/** A copy that shares nothing, as it would arrive over the wire. */
export function copied<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}
