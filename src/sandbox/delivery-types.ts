import type Stripe from 'stripe';
import type { Answer } from './delivery-send';
import type { World } from './world';

/**
 * How far a delivery is: on its way at once (`due`), being sent, waiting for its next try, held back by hand, or at its
 * end: delivered, dropped by hand, given up.
 */
export type DeliveryState = 'due' | 'sending' | 'waiting' | 'held' | 'delivered' | 'dropped' | 'given-up';

/** One event on its way to one endpoint. */
export interface Delivery {
  /** Counts up: the order in which deliveries were asked for. */
  readonly number: number;
  readonly eventId: string;
  readonly type: Stripe.Event['type'];
  readonly endpointId: string;
  readonly state: DeliveryState;
  readonly tries: readonly {
    /** Milliseconds since 1970, the machine's time. */ readonly at: number;
    readonly answer: Answer;
  }[];
  /** When it is tried again, in milliseconds since 1970; null when it is not waiting. */
  readonly dueAt: number | null;
}

/** What deliveries remember from one start to the next. */
export interface DeliveriesKept {
  readonly deliveries: readonly Delivery[];
  readonly holding: boolean;
  readonly dropping: number;
  readonly doubling: number;
}

/** What deliveries need of the world: its events as they come, and where they go. */
export type EventSource = Pick<World, 'events' | 'webhookEndpoints' | 'onEvent'>;

/** In which order held deliveries leave: as they came, the last first, or as `random` (0 up to 1) shuffles them. */
export type ReleaseOrder = 'given' | 'reversed' | { readonly random: () => number };

/** The states nothing follows on. */
export const SETTLED: ReadonlySet<DeliveryState> = new Set(['delivered', 'dropped', 'given-up']);
