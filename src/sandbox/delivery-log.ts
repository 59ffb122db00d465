import type Stripe from 'stripe';
import type { Answer } from './delivery-send';
import { SETTLED, type Delivery, type EventSource, type ReleaseOrder } from './delivery-types';
import { listensTo } from './world-parts';

/** A delivery that goes on. */
export type Live = { -readonly [Key in keyof Delivery]: Delivery[Key] } & {
  tries: { at: number; answer: Answer }[];
  /** What must be saved before it leaves. */
  readonly mark: number;
};

/** How many that have come to their end are remembered. */
const REMEMBERED = 500;

/** Every delivery that is remembered, in the order they were asked for. Each step takes the same time however many. */
export class DeliveryLog {
  /** The highest number there ever was. */
  last = 0;
  private readonly byNumber = new Map<number, Live>();
  private readonly byEvent = new Map<string, Set<Live>>();
  /** Those at their end, the oldest first. */
  private readonly settled = new Set<Live>();

  all(): Live[] {
    return [...this.byNumber.values()];
  }

  get(number: number): Live | undefined {
    return this.byNumber.get(number);
  }

  of(eventId: string): Live[] {
    return [...(this.byEvent.get(eventId) ?? [])];
  }

  /** Those held back, in the order in which they are to leave. */
  held(order: ReleaseOrder): Live[] {
    return inOrder(
      this.all().filter(({ state }) => state === 'held'),
      order,
    );
  }

  /** Is the event still on its way to somebody? */
  isUnderWay(eventId: string): boolean {
    return this.of(eventId).some(({ state }) => !SETTLED.has(state));
  }

  put(delivery: Live): void {
    this.last = Math.max(this.last, delivery.number);
    this.byNumber.set(delivery.number, delivery);
    const others = this.byEvent.get(delivery.eventId);
    if (others) others.add(delivery);
    else this.byEvent.set(delivery.eventId, new Set([delivery]));
    this.note(delivery);
  }

  /** Its state has changed. */
  note(delivery: Live): void {
    if (SETTLED.has(delivery.state)) this.settled.add(delivery);
  }

  /** Forgets the oldest of those that have come to their end. @returns their numbers. */
  forget(): number[] {
    const gone: number[] = [];
    for (const delivery of this.settled) {
      if (this.settled.size <= REMEMBERED) break;
      this.settled.delete(delivery);
      this.byNumber.delete(delivery.number);
      const others = this.byEvent.get(delivery.eventId);
      others?.delete(delivery);
      if (others?.size === 0) this.byEvent.delete(delivery.eventId);
      gone.push(delivery.number);
    }
    return gone;
  }
}

/** The endpoints that are sent events of this type. */
export function endpointsFor({ webhookEndpoints }: EventSource, type: string): Stripe.WebhookEndpoint[] {
  return [...webhookEndpoints.values()].filter((endpoint) => listensTo(endpoint, type));
}

/** As it goes on after a restart: what is being sent is sent again. */
export function asKept({ mark: _, ...delivery }: Live): Delivery {
  return { ...delivery, state: delivery.state === 'sending' ? 'due' : delivery.state, tries: [...delivery.tries] };
}

function inOrder(deliveries: Live[], order: ReleaseOrder): Live[] {
  if (order === 'given') return deliveries;
  if (order === 'reversed') return deliveries.reverse();
  const places = deliveries.map((delivery) => ({ delivery, place: order.random() }));
  return places.sort((one, other) => one.place - other.place).map(({ delivery }) => delivery);
}
