import type Stripe from 'stripe';
import { isTaken, sendEvent } from './delivery-send';
import { SETTLED, type DeliveriesKept, type Delivery, type EventSource, type ReleaseOrder } from './delivery-types';
import { listensTo } from './world';

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
  /** Resolves when nothing is on its way or waiting for a next try. What is held back waits for a hand, so it does not count. */
  idle(): Promise<void>;
  /** What must be remembered to go on after a restart. */
  kept(): DeliveriesKept;
  /** `listener` is told after every change of what `kept` answers. */
  onChange(listener: () => void): void;
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
}

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

/** As Stripe, deliveries promise no order: this many are sent at the same time. */
const LANES = 8;

/** How many that have come to their end are remembered. */
const REMEMBERED = 500;

type Live = { -readonly [Key in keyof Delivery]: Delivery[Key] } & {
  tries: { at: number; answer: Delivery['tries'][number]['answer'] }[];
};

/** Sends every event of the world to every enabled endpoint that wants it, until each is delivered or given up. Nothing here throws or is waited for by whoever causes an event. */
export function openDeliveries(
  world: EventSource,
  { kept = null, retryAfter = RETRY_AFTER, patience = 10 * SECOND }: DeliveryOptions = {},
): Deliveries {
  const all = new Map<number, Live>(
    (kept?.deliveries ?? []).map((one) => [one.number, { ...one, tries: [...one.tries] }]),
  );
  let last = Math.max(0, ...all.keys());
  let holding = kept?.holding ?? false;
  let dropping = kept?.dropping ?? 0;
  let doubling = kept?.doubling ?? 0;
  let lanes = LANES;
  const closing = new AbortController();
  const due: Live[] = [];
  const sending = new Set<Promise<void>>();
  const timers = new Map<number, NodeJS.Timeout>();
  const waitingForIdle: (() => void)[] = [];
  const listeners: (() => void)[] = [];
  const changed = (): void => {
    for (const listener of listeners) listener();
  };

  const endpointsFor = (type: string) =>
    [...world.webhookEndpoints.values()].filter((endpoint) => listensTo(endpoint, type));

  const start = (event: Stripe.Event, endpointId: string, state: Delivery['state']): void => {
    const delivery: Live = {
      number: ++last,
      eventId: event.id,
      type: event.type,
      endpointId,
      state,
      tries: [],
      dueAt: null,
    };
    all.set(delivery.number, delivery);
    if (state === 'due') due.push(delivery);
  };

  const send = (event: Stripe.Event, endpointId: string): void => {
    if (dropping > 0) {
      dropping -= 1;
      start(event, endpointId, 'dropped');
      return;
    }
    const times = doubling > 0 ? 2 : 1;
    doubling -= times - 1;
    for (let time = 0; time < times; time++) start(event, endpointId, holding ? 'held' : 'due');
  };

  const leave = (delivery: Live): void => {
    delivery.state = holding ? 'held' : 'due';
    delivery.dueAt = null;
    if (!holding) due.push(delivery);
  };

  const wait = (delivery: Live): void => {
    timers.set(
      delivery.number,
      setTimeout(
        () => {
          timers.delete(delivery.number);
          leave(delivery);
          go();
        },
        Math.max(0, (delivery.dueAt ?? 0) - Date.now()),
      ).unref(),
    );
  };

  const stopWaiting = (delivery: Live): void => {
    clearTimeout(timers.get(delivery.number));
    timers.delete(delivery.number);
  };

  const attempt = async (delivery: Live): Promise<void> => {
    delivery.state = 'sending';
    const event = world.events.get(delivery.eventId);
    const endpoint = world.webhookEndpoints.get(delivery.endpointId);
    if (!event || endpoint?.status !== 'enabled') {
      delivery.state = 'given-up';
      return;
    }
    const at = Date.now();
    const answer = await sendEvent(
      event,
      { url: endpoint.url, secret: endpoint.secret ?? '' },
      patience,
      closing.signal,
    );
    if (closing.signal.aborted && !isTaken(answer)) {
      delivery.state = 'due';
      return;
    }
    delivery.tries.push({ at, answer });
    if (isTaken(answer)) {
      const before = [...all.values()].some(
        (other) => other.eventId === event.id && other.endpointId === endpoint.id && other.state === 'delivered',
      );
      delivery.state = 'delivered';
      if (!before) event.pending_webhooks = Math.max(0, event.pending_webhooks - 1);
      return;
    }
    const pause = retryAfter[delivery.tries.length - 1];
    delivery.state = pause === undefined ? 'given-up' : 'waiting';
    delivery.dueAt = pause === undefined ? null : Date.now() + pause;
    if (pause !== undefined) wait(delivery);
  };

  const go = (): void => {
    while (!closing.signal.aborted && due.length > 0 && sending.size < lanes) {
      const trying: Promise<void> = attempt(due.shift()!).finally(() => {
        sending.delete(trying);
        go();
      });
      sending.add(trying);
    }
    if (due.length === 0 && sending.size === 0) lanes = LANES;
    forget();
    changed();
    if (isIdle()) for (const resolve of waitingForIdle.splice(0)) resolve();
  };

  const isIdle = (): boolean => closing.signal.aborted || (due.length === 0 && sending.size === 0 && timers.size === 0);

  const forget = (): void => {
    if (all.size <= 2 * REMEMBERED) return;
    const settled = [...all.values()].filter(({ state }) => SETTLED.has(state));
    for (const { number } of settled.slice(0, Math.max(0, settled.length - REMEMBERED))) all.delete(number);
  };

  world.onEvent((event) => {
    for (const { id } of endpointsFor(event.type)) send(event, id);
    go();
  });

  for (const delivery of all.values()) {
    if (delivery.state === 'due' || delivery.state === 'sending') leave(delivery);
    if (delivery.state === 'waiting') wait(delivery);
  }
  go();

  return {
    log: () => [...all.values()].reverse(),
    get holding() {
      return holding;
    },
    get dropping() {
      return dropping;
    },
    get doubling() {
      return doubling;
    },
    hold() {
      holding = true;
      for (const delivery of due.splice(0)) delivery.state = 'held';
      go();
    },
    release(order = 'given', together = false) {
      holding = false;
      const held = inOrder(
        [...all.values()].filter(({ state }) => state === 'held'),
        order,
      );
      lanes = together ? Math.max(LANES, held.length) : 1;
      for (const delivery of held) leave(delivery);
      go();
    },
    dropNext(count) {
      dropping = count;
      changed();
    },
    doubleNext(count) {
      doubling = count;
      changed();
    },
    drop(number) {
      const delivery = all.get(number);
      if (!delivery || !['due', 'waiting', 'held'].includes(delivery.state)) return false;
      stopWaiting(delivery);
      if (due.includes(delivery)) due.splice(due.indexOf(delivery), 1);
      delivery.state = 'dropped';
      delivery.dueAt = null;
      go();
      return true;
    },
    redeliver(eventId) {
      const event = world.events.get(eventId);
      if (!event) return 0;
      const endpoints = endpointsFor(event.type);
      for (const { id } of endpoints) start(event, id, holding ? 'held' : 'due');
      go();
      return endpoints.length;
    },
    retryNow() {
      for (const delivery of all.values()) {
        if (delivery.state !== 'waiting') continue;
        stopWaiting(delivery);
        leave(delivery);
      }
      go();
    },
    idle: () =>
      isIdle()
        ? Promise.resolve()
        : new Promise((resolve) => {
            waitingForIdle.push(resolve);
          }),
    kept: () => ({
      deliveries: [...all.values()].map((one) => ({
        ...one,
        state: one.state === 'sending' ? 'due' : one.state,
        tries: [...one.tries],
      })),
      holding,
      dropping,
      doubling,
    }),
    onChange: (listener) => void listeners.push(listener),
    async close() {
      closing.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(sending);
      go();
    },
  };
}

function inOrder(deliveries: Live[], order: ReleaseOrder): Live[] {
  if (order === 'given') return deliveries;
  if (order === 'reversed') return deliveries.reverse();
  const places = deliveries.map((delivery) => ({ delivery, place: order.random() }));
  return places.sort((one, other) => one.place - other.place).map(({ delivery }) => delivery);
}
