import type Stripe from 'stripe';
import { asKept, DeliveryLog, endpointsFor, type Live } from './delivery-log';
import { isTaken, sendEvent, type Answer } from './delivery-send';
import type {
  Deliveries,
  DeliveriesKept,
  Delivery,
  DeliveryOptions,
  DeliveryState,
  EventSource,
  ReleaseOrder,
} from './delivery-types';

/** As Stripe, deliveries promise no order: this many are sent at the same time. */
const LANES = 8;

/** The deliveries of a sandbox. Each step takes the same time however many there are. */
export class DeliveryQueue implements Deliveries {
  holding: boolean;
  dropping: number;
  doubling: number;

  private readonly remembered = new DeliveryLog();
  private readonly due = new Set<Live>();
  private readonly sending = new Set<Promise<void>>();
  private readonly timers = new Map<number, NodeJS.Timeout>();
  private readonly changed = new Set<number>();
  private readonly listeners: ((numbers: readonly number[]) => void)[] = [];
  private readonly closing = new AbortController();
  private waitingForIdle: (() => void)[] = [];
  private lanes = LANES;

  constructor(
    private readonly world: EventSource,
    restored: DeliveriesKept | null,
    private readonly options: Omit<Required<DeliveryOptions>, 'kept'>,
  ) {
    this.holding = restored?.holding ?? false;
    this.dropping = restored?.dropping ?? 0;
    this.doubling = restored?.doubling ?? 0;
    for (const one of restored?.deliveries ?? []) this.remembered.put({ ...one, tries: [...one.tries], mark: 0 });
    world.onEvent((event) => {
      for (const { id } of endpointsFor(this.world, event.type)) this.send(event, id);
      this.go();
    });
    for (const delivery of this.remembered.all()) {
      if (delivery.state === 'due' || delivery.state === 'sending') this.leave(delivery);
      if (delivery.state === 'waiting') this.wait(delivery);
    }
    this.go();
  }

  log(): Delivery[] {
    return this.remembered.all().reverse();
  }

  hold(): void {
    this.holding = true;
    for (const delivery of this.due) this.become(delivery, 'held');
    this.due.clear();
    this.go();
  }

  release(order: ReleaseOrder = 'given', together = false): void {
    this.holding = false;
    const held = this.remembered.held(order);
    this.lanes = together ? Math.max(LANES, held.length) : 1;
    for (const delivery of held) this.leave(delivery);
    this.go();
  }

  dropNext(count: number): void {
    this.dropping = count;
    this.tell();
  }

  doubleNext(count: number): void {
    this.doubling = count;
    this.tell();
  }

  drop(number: number): boolean {
    const delivery = this.remembered.get(number);
    if (!delivery || !['due', 'waiting', 'held'].includes(delivery.state)) return false;
    this.stopWaiting(delivery);
    this.due.delete(delivery);
    this.become(delivery, 'dropped');
    this.go();
    return true;
  }

  redeliver(eventId: string): number {
    const event = this.world.events.get(eventId);
    if (!event) return 0;
    const endpoints = endpointsFor(this.world, event.type);
    for (const { id } of endpoints) this.start(event, id, this.holding ? 'held' : 'due');
    this.go();
    return endpoints.length;
  }

  retryNow(): void {
    for (const delivery of this.remembered.all()) {
      if (delivery.state !== 'waiting') continue;
      this.stopWaiting(delivery);
      this.leave(delivery);
    }
    this.go();
  }

  idle(): Promise<void> {
    if (this.isIdle()) return Promise.resolve();
    return new Promise((resolve) => this.waitingForIdle.push(resolve));
  }

  isUnderWay(eventId: string): boolean {
    return this.remembered.isUnderWay(eventId);
  }

  kept(): DeliveriesKept {
    return { deliveries: this.remembered.all().map(asKept), ...this.switches() };
  }

  find(number: number): Delivery | undefined {
    const found = this.remembered.get(number);
    return found && asKept(found);
  }

  switches(): Omit<DeliveriesKept, 'deliveries'> {
    const { holding, dropping, doubling } = this;
    return { holding, dropping, doubling };
  }

  onChange(listener: (numbers: readonly number[]) => void): void {
    this.listeners.push(listener);
  }

  async close(): Promise<void> {
    this.closing.abort();
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
    await Promise.all(this.sending);
    this.go();
  }

  private become(delivery: Live, state: DeliveryState, dueAt: number | null = null): void {
    delivery.state = state;
    delivery.dueAt = dueAt;
    this.changed.add(delivery.number);
    this.remembered.note(delivery);
  }

  private send(event: Stripe.Event, endpointId: string): void {
    if (this.dropping > 0) {
      this.dropping -= 1;
      this.start(event, endpointId, 'dropped');
      return;
    }
    const times = this.doubling > 0 ? 2 : 1;
    this.doubling -= times - 1;
    for (let time = 0; time < times; time++) this.start(event, endpointId, this.holding ? 'held' : 'due');
  }

  private start(event: Stripe.Event, endpointId: string, state: DeliveryState): void {
    const delivery: Live = {
      number: this.remembered.last + 1,
      eventId: event.id,
      type: event.type,
      endpointId,
      state,
      tries: [],
      dueAt: null,
      mark: this.options.mark(),
    };
    this.remembered.put(delivery);
    this.changed.add(delivery.number);
    if (state === 'due') this.due.add(delivery);
  }

  private leave(delivery: Live): void {
    this.become(delivery, this.holding ? 'held' : 'due');
    if (!this.holding) this.due.add(delivery);
  }

  private wait(delivery: Live): void {
    const again = (): void => {
      this.timers.delete(delivery.number);
      this.leave(delivery);
      this.go();
    };
    const milliseconds = Math.max(0, (delivery.dueAt ?? 0) - Date.now());
    this.timers.set(delivery.number, setTimeout(again, milliseconds).unref());
  }

  private stopWaiting(delivery: Live): void {
    clearTimeout(this.timers.get(delivery.number));
    this.timers.delete(delivery.number);
  }

  private async attempt(delivery: Live): Promise<void> {
    this.become(delivery, 'sending');
    const event = this.world.events.get(delivery.eventId);
    const endpoint = this.world.webhookEndpoints.get(delivery.endpointId);
    if (!event || endpoint?.status !== 'enabled') return this.become(delivery, 'given-up');
    const at = Date.now();
    const answer = await this.sent(event, endpoint, delivery.mark);
    if (this.closing.signal.aborted && !isTaken(answer)) return this.become(delivery, 'due');
    delivery.tries.push({ at, answer });
    if (isTaken(answer)) return this.taken(delivery, event);
    const pause = this.options.retryAfter[delivery.tries.length - 1];
    if (pause === undefined) return this.become(delivery, 'given-up');
    this.become(delivery, 'waiting', Date.now() + pause);
    this.wait(delivery);
  }

  private async sent(event: Stripe.Event, { url, secret }: Stripe.WebhookEndpoint, mark: number): Promise<Answer> {
    try {
      await this.options.saved(mark);
    } catch {
      return 'no answer';
    }
    return sendEvent(event, { url, secret: secret ?? '' }, this.options.patience, this.closing.signal);
  }

  private taken(delivery: Live, event: Stripe.Event): void {
    const others = this.remembered.of(event.id);
    const before = others.some(({ endpointId, state }) => endpointId === delivery.endpointId && state === 'delivered');
    this.become(delivery, 'delivered');
    if (before) return;
    const left = Math.max(0, event.pending_webhooks - 1);
    this.world.commit(() => this.world.alter('events', event, { pending_webhooks: left }));
  }

  private go(): void {
    while (!this.closing.signal.aborted && this.sending.size < this.lanes) {
      const [next] = this.due;
      if (!next) break;
      this.due.delete(next);
      const trying: Promise<void> = this.attempt(next).finally(() => {
        this.sending.delete(trying);
        this.go();
      });
      this.sending.add(trying);
    }
    if (this.due.size === 0 && this.sending.size === 0) this.lanes = LANES;
    for (const number of this.remembered.forget()) this.changed.add(number);
    this.tell();
    if (this.isIdle()) for (const resolve of this.waitingForIdle.splice(0)) resolve();
  }

  private isIdle(): boolean {
    return this.closing.signal.aborted || (this.due.size === 0 && this.sending.size === 0 && this.timers.size === 0);
  }

  private tell(): void {
    const numbers = [...this.changed];
    this.changed.clear();
    for (const listener of this.listeners) listener(numbers);
  }
}
