import { DeliveryQueue } from './delivery-queue';
import type { Deliveries, DeliveryOptions, EventSource } from './delivery-types';

export type { Deliveries, DeliveryOptions } from './delivery-types';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Stripe goes on for three days with growing gaps; somebody developing has restarted long before. */
export const RETRY_AFTER: readonly number[] = [
  SECOND,
  5 * SECOND,
  30 * SECOND,
  5 * MINUTE,
  15 * MINUTE,
  60 * MINUTE,
  360 * MINUTE,
];

/**
 * Sends every event of the world to every enabled endpoint that wants it, until each is delivered or given up. Nothing
 * here throws or is waited for by whoever causes an event.
 */
export function openDeliveries(world: EventSource, options: DeliveryOptions = {}): Deliveries {
  const { kept = null, retryAfter = RETRY_AFTER, patience = 10 * SECOND } = options;
  const { mark = () => 0, saved = () => Promise.resolve() } = options;
  return new DeliveryQueue(world, kept, { retryAfter, patience, mark, saved });
}
