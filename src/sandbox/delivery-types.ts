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

/** What deliveries need of the world: its events as they come, where they go, and how many still wait for each. */
export type EventSource = Pick<World, 'events' | 'webhookEndpoints' | 'onEvent' | 'commit' | 'alter'>;

/** In which order held deliveries leave: as they came, the last first, or as `random` (0 up to 1) shuffles them. */
export type ReleaseOrder = 'given' | 'reversed' | { readonly random: () => number };

/** The states nothing follows on. */
export const SETTLED: ReadonlySet<DeliveryState> = new Set(['delivered', 'dropped', 'given-up']);

/** The webhooks of the sandbox, with everything that can go wrong with webhooks at hand. */
export interface Deliveries {
  /** Every delivery that is remembered, the newest first. */
  log(): readonly Delivery[];
  readonly holding: boolean;
  /** How many of the next deliveries are dropped, and how many made twice. */
  readonly dropping: number;
  readonly doubling: number;
  /** From now on nothing leaves, new or tried again, until `release`. */
  hold(): void;
  /** Lets go what was held: one after the other in that order, or all at the same time. */
  release(order?: ReleaseOrder, together?: boolean): void;
  /** The next `count` deliveries are lost, as if they had never been sent. */
  dropNext(count: number): void;
  /** The next `count` deliveries arrive twice, at the same time. */
  doubleNext(count: number): void;
  /** Loses one that has not arrived yet. Says whether there was one. */
  drop(number: number): boolean;
  /** Sends the event once more, delivered or not, to each enabled endpoint that wants it. Answers to how many. */
  redeliver(eventId: string): number;
  /** Tries at once everything that waits for its next try. */
  retryNow(): void;
  /**
   * Resolves when nothing is on its way or waiting for a next try. What is held back waits for a hand, so it does not
   * count.
   */
  idle(): Promise<void>;
  /** Is the event still on its way to somebody? */
  isUnderWay(eventId: string): boolean;
  /**
   * What must be remembered to go on after a restart: all of it, one delivery (undefined once it is forgotten), the
   * rest.
   */
  kept(): DeliveriesKept;
  find(number: number): Delivery | undefined;
  switches(): Omit<DeliveriesKept, 'deliveries'>;
  /** `listener` is told after every change of what `kept` answers, with the numbers of the deliveries that changed. */
  onChange(listener: (numbers: readonly number[]) => void): void;
  /** Sends nothing more. What is being sent and has no answer yet is sent again after the next start. */
  close(): Promise<void>;
}

export interface DeliveryOptions {
  /** What was remembered at the last close; what was on its way then leaves at once. */
  readonly kept?: DeliveriesKept | null;
  /** Milliseconds before each next try; after the last the delivery is given up. */
  readonly retryAfter?: readonly number[];
  /** Milliseconds an endpoint has to answer. */
  readonly patience?: number;
  /**
   * A mark of what has happened until now; `saved` resolves when that is kept: nobody hears of what a crash could undo.
   */
  readonly mark?: () => number;
  readonly saved?: (mark: number) => Promise<void>;
}
