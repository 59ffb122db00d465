import Stripe from 'stripe';
import type { Clock } from '../lib/clock';
import { difference } from './difference';
import { letters, newId } from './ids';
import { KINDS, type Kind, type Kinds, type Collections } from './kinds';
import { cutSublists } from './sublists';
import { NO_REQUEST, SETTINGS, type Caller, type NextFailure, type Settings, type StoredAnswer } from './settings';
import { copied, listensTo, ownerOf, toldAs } from './world-parts';

/** The lists that make up the world: its objects by kind, and what it knows besides, each by its key. */
export const PARTS = [...KINDS, 'failures', 'answers', 'told'] as const;
export type Part = (typeof PARTS)[number];

/** One part that was made, changed or taken out since the last commit. */
export interface Change {
  /** `state` is what stands in no list: the clock, the settings. */
  readonly kind: Part | 'state';
  readonly id: string;
}

const DAY = 86_400;

/** Seconds that events are there. */
const EVENTS_KEPT = 30 * DAY;

/**
 * Everything the sandbox knows, in memory. Whatever happens to it happens within one `commit`: afterwards those who
 * listen are told what changed, then of the events in the order they arose. Objects are changed through
 * `add`, `alter` and `remove` alone. All moments are Unix seconds on the sandbox's own clock.
 */
export class World {
  readonly collections = Object.fromEntries(KINDS.map((kind) => [kind, new Map()])) as unknown as Collections;
  readonly customers = this.collections.customers;
  readonly products = this.collections.products;
  readonly prices = this.collections.prices;
  readonly coupons = this.collections.coupons;
  readonly promotionCodes = this.collections.promotionCodes;
  readonly discounts = this.collections.discounts;
  readonly paymentMethods = this.collections.paymentMethods;
  readonly subscriptions = this.collections.subscriptions;
  readonly invoices = this.collections.invoices;
  readonly invoiceItems = this.collections.invoiceItems;
  readonly invoicePayments = this.collections.invoicePayments;
  readonly paymentIntents = this.collections.paymentIntents;
  readonly setupIntents = this.collections.setupIntents;
  readonly charges = this.collections.charges;
  readonly refunds = this.collections.refunds;
  readonly disputes = this.collections.disputes;
  readonly checkoutSessions = this.collections.checkoutSessions;
  readonly orders = this.collections.orders;
  readonly portalConfigurations = this.collections.portalConfigurations;
  readonly portalSessions = this.collections.portalSessions;
  readonly webhookEndpoints = this.collections.webhookEndpoints;
  readonly events = this.collections.events;
  /** What whoever uses the API must show. */
  apiKey = `sk_test_${letters(48)}`;
  /** Seconds the sandbox is ahead of the machine. */
  offset = 0;
  /** What the account's owner would set in Stripe's dashboard. */
  settings: Settings = { ...SETTINGS };
  /** By customer: the payments that are going to fail whatever the card. */
  readonly failures = new Map<string, NextFailure>();
  /** Answers given under an idempotency key, by key. */
  readonly answers = new Map<string, StoredAnswer>();
  /**
   * What was said that is said once for each moment, such as that a trial is about to end: the last moment, by what and
   * of whom.
   */
  readonly told = new Map<string, number>();
  /** Where the sandbox answers, such as `http://127.0.0.1:4001`. */
  url = 'http://127.0.0.1';
  /** How many events there have been since the start. */
  happened = 0;
  /** Says which events must not be forgotten yet. */
  needs: (event: string) => boolean = () => false;

  private readonly owned = new Map<string, Set<string>>();
  private moment: number | null = null;
  private caller: Caller | null = null;
  private pending: Stripe.Event[] = [];
  private changed = new Map<string, Change>();
  private forgetsAt = -Infinity;
  private readonly eventListeners: ((event: Stripe.Event) => void)[] = [];
  private readonly changeListeners: ((changes: readonly Change[]) => void)[] = [];

  constructor(private readonly machine: Clock) {}

  /** Unix seconds: the machine's clock, moved on. */
  now(): number {
    return this.moment ?? Math.floor(this.machine.now().getTime() / 1000) + this.offset;
  }

  /** The same clock for whoever needs a Date. */
  readonly clock: Clock = { now: () => new Date(this.machine.now().getTime() + this.offset * 1000) };

  /** Runs `work` as if it were that moment, which may have passed unnoticed. */
  at<T>(moment: number, work: () => T): T {
    const before = this.moment;
    this.moment = moment;
    try {
      return work();
    } finally {
      this.moment = before;
    }
  }

  /**
   * One request or act, whole. What was done before `work` threw stays done and is told, as with Stripe, where a
   * declined payment is an error that leaves its traces.
   */
  commit<T>(work: () => T, caller: Caller = NO_REQUEST): T {
    if (this.caller) return work();
    this.caller = caller;
    try {
      return work();
    } finally {
      this.caller = null;
      this.announce();
    }
  }

  private announce(): void {
    this.forgetEvents();
    const events = this.pending;
    const changes = [...this.changed.values()];
    this.pending = [];
    this.changed = new Map();
    if (changes.length > 0) for (const listener of this.changeListeners) listener(changes);
    for (const event of events) for (const listener of this.eventListeners) listener(event);
  }

  /** Events are there for thirty days, as at Stripe (https://docs.stripe.com/api/events). Looked after once a day. */
  private forgetEvents(): void {
    const now = this.now();
    if (now < this.forgetsAt) return;
    this.forgetsAt = now + DAY;
    for (const { id, created } of this.events.values()) {
      if (created >= now - EVENTS_KEPT) return;
      if (!this.needs(id)) this.remove('events', id);
    }
  }

  /** Puts a new object into its collection. */
  add<K extends Kind>(kind: K, object: Kinds[K]): Kinds[K] {
    this.place(kind, object);
    this.touch(kind, object.id);
    return object;
  }

  private place<K extends Kind>(kind: K, object: Kinds[K]): void {
    this.collections[kind].set(object.id, object);
    const owner = ownerOf(object);
    if (owner === null) return;
    const before = this.owned.get(`${kind} ${owner}`);
    if (before) before.add(object.id);
    else this.owned.set(`${kind} ${owner}`, new Set([object.id]));
  }

  /** The invoices and the prorated amounts of a subscription, or the payments of an invoice, oldest first. */
  of<K extends 'invoices' | 'invoicePayments' | 'invoiceItems'>(kind: K, owner: string): Kinds[K][] {
    return [...(this.owned.get(`${kind} ${owner}`) ?? [])].flatMap((id) => this.collections[kind].get(id) ?? []);
  }

  /**
   * Changes an object in place. @returns the former values of what changed, as `previous_attributes` has them; null
   * when nothing did.
   */
  alter<K extends Kind>(kind: K, object: Kinds[K], values: Partial<Kinds[K]>): Record<string, unknown> | null {
    const fields = Object.keys(values) as (keyof Kinds[K])[];
    const before = copied(Object.fromEntries(fields.map((field) => [field, object[field]])));
    Object.assign(object, values);
    const previous = difference(before, copied(Object.fromEntries(fields.map((field) => [field, object[field]]))));
    if (previous) this.touch(kind, object.id);
    return previous;
  }

  /** Takes an object out of its collection. */
  remove(kind: Kind, id: string): void {
    if (this.collections[kind].delete(id)) this.touch(kind, id);
  }

  /** Moves the clock on to that moment, if it has not passed. */
  moveClockTo(moment: number): void {
    if (moment <= this.now()) return;
    this.offset += moment - this.now();
    this.touch('state', 'clock');
  }

  /** Notes that something changed that is in no collection, or that was changed in one in place. */
  touch(kind: Part | 'state', id: string): void {
    this.changed.set(`${kind}/${id}`, { kind, id });
  }

  /**
   * Notes that something was said of an object that is said once for each moment: a later one replaces it.
   * @param moment Unix seconds.
   */
  notify(what: string, id: string, moment: number): void {
    this.told.set(`${what} ${id}`, moment);
    this.touch('told', `${what} ${id}`);
  }

  /** Was it said of this object for this moment? */
  hasTold(what: string, id: string, moment: number): boolean {
    return this.told.get(`${what} ${id}`) === moment;
  }

  /** Makes the event of what happened to an object, as it is now. It is heard when the commit ends. */
  emit(
    type: Stripe.Event['type'],
    object: { readonly object: string },
    previousAttributes?: Record<string, unknown> | null,
  ): Stripe.Event {
    const waiting = [...this.webhookEndpoints.values()].filter((endpoint) => listensTo(endpoint, type)).length;
    // The SDK's type is a union over all types of events; which of them this is, only the caller knows.
    const event = {
      id: newId('evt'),
      object: 'event',
      api_version: Stripe.API_VERSION,
      created: this.now(),
      data: {
        object: cutSublists(copied(object)),
        ...(previousAttributes ? { previous_attributes: previousAttributes } : {}),
      },
      livemode: false,
      pending_webhooks: waiting,
      request: { id: this.caller?.requestId ?? null, idempotency_key: this.caller?.idempotencyKey ?? null },
      type,
    } as unknown as Stripe.Event;
    this.pending.push(event);
    this.happened++;
    return this.add('events', event);
  }

  /** `listener` hears every event after the commit it arose in, in order. It must not throw. */
  onEvent(listener: (event: Stripe.Event) => void): void {
    this.eventListeners.push(listener);
  }

  /** `listener` is told after every commit that changed something. It must not throw. */
  onChange(listener: (changes: readonly Change[]) => void): void {
    this.changeListeners.push(listener);
  }

  /** What stands in no list. */
  plain(): Readonly<Record<string, unknown>> {
    const { apiKey, offset, settings, url } = this;
    return { version: 1, apiKey, offset, settings, url };
  }

  /**
   * One part as a snapshot has it, undefined when it is gone. It is the living one: to be written before anything else
   * happens.
   */
  part(kind: Part, id: string): unknown {
    if (kind !== 'failures' && kind !== 'answers' && kind !== 'told') return this.collections[kind].get(id);
    const found = this[kind].get(id);
    return found === undefined ? undefined : [id, found];
  }

  /** All of it, to be written as JSON before anything else happens: the objects are the living ones. */
  snapshot(): Readonly<Record<string, unknown>> {
    return {
      ...this.plain(),
      failures: [...this.failures],
      answers: [...this.answers],
      told: [...this.told],
      ...Object.fromEntries(KINDS.map((kind) => [kind, [...this.collections[kind].values()]])),
    };
  }

  /** The world as it was when the snapshot was taken; its clock has gone on since. */
  static restore(json: object, machine: Clock): World {
    const saved = json as Saved;
    const world = new World(machine);
    Object.assign(world, {
      apiKey: saved.apiKey,
      offset: saved.offset,
      settings: { ...SETTINGS, ...saved.settings },
      url: saved.url,
    });
    for (const [customer, failure] of saved.failures ?? []) world.failures.set(customer, failure);
    for (const [key, answer] of saved.answers ?? []) world.answers.set(key, answer);
    for (const one of saved.told ?? []) world.told.set(...toldAs(one));
    for (const kind of KINDS) for (const object of saved[kind] ?? []) world.place(kind, object as Kinds[typeof kind]);
    // The price of an item is the price itself, so that the item shows what becomes of it.
    for (const { items } of world.subscriptions.values())
      for (const item of items.data) item.price = world.prices.get(item.price.id) ?? item.price;
    return world;
  }

  /**
   * The sandbox answers elsewhere now: every address of its own on its objects follows. Events stay as they were sent.
   * Called before anything else holds an object.
   */
  moveTo(url: string): void {
    const from = `${this.url}/`;
    this.url = url;
    if (from === `${url}/`) return;
    for (const kind of KINDS.filter((one) => one !== 'events')) {
      const collection = this.collections[kind] as Map<string, object>;
      for (const [id, object] of collection) {
        const text = JSON.stringify(object);
        if (!text.includes(`"${from}`)) continue;
        collection.set(id, JSON.parse(text.replaceAll(`"${from}`, `"${url}/`)) as object);
        this.touch(kind, id);
      }
    }
  }
}

interface Saved extends Partial<Record<Kind, readonly { id: string }[]>> {
  readonly apiKey: string;
  readonly offset: number;
  readonly settings: Settings;
  readonly url: string;
  readonly failures?: readonly [string, NextFailure][];
  readonly answers?: readonly [string, StoredAnswer][];
  readonly told?: readonly (readonly [string, number] | string)[];
}
