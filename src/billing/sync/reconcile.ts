import type Stripe from 'stripe';
import { accountsViewer } from '../../access/viewer';
import { isUnavailable } from '../../stores/unavailable';
import { raise } from './alarms';
import { customerOf, EVENT_TYPES } from '../stripe/events';
import { receive, type Statements } from '../stripe/inbox';
import type { SyncParts } from '../parts';
import { idOf, seconds } from '../stripe/values';
import { summarizeError, unavailable } from '../stripe/client';
import { syncCustomer } from './sync-customer';

/** What a comparison has come to. */
export interface ReconcileResult {
  /** Events or customers that were looked at. */
  readonly checked: number;
  /** Those that were not here as they are at Stripe, and are now, or will be when the queue is through. */
  readonly repaired: number;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Milliseconds. Stripe lists events of so long, and lists a new one a moment late. */
const REMEMBERED = 30 * DAY;
const OVERLAP = HOUR;

const PAGE = 100;

/** Milliseconds an event may be on its way before its absence is called a loss. */
const ON_ITS_WAY = 10 * 60_000;

export interface ReconcileParts extends SyncParts {
  readonly pool: Statements;
}

/**
 * Asks Stripe for every event since it was last asked, and takes in those that never came. Null: somebody else is at
 * it.
 * @throws when Stripe or Postgres does not answer; the next one then begins where this one did.
 */
export function reconcileChanged(parts: ReconcileParts): Promise<ReconcileResult | null> {
  return runExclusively(parts, 'changed', async (begun) => {
    const { wall, stripe, pool, livemode } = parts;
    const last = await wall.read(accountsViewer, (db) =>
      db.reconciliation.findFirst({
        where: { scope: 'changed', seenTo: { not: null }, failure: null },
        orderBy: { seenTo: 'desc' },
        select: { seenTo: true },
      }),
    );
    const since = new Date(
      Math.max(begun.getTime() - REMEMBERED, (last?.seenTo ?? begun).getTime() - (last ? OVERLAP : REMEMBERED)),
    );
    let [looked, repaired] = [0, 0];
    const lost = new Set<string>();
    const takeIn = async (events: readonly Stripe.Event[]) => {
      const here = await wall.read(accountsViewer, (db) =>
        db.inboxEvent.findMany({ where: { eventId: { in: events.map(({ id }) => id) } }, select: { eventId: true } }),
      );
      for (const event of events.filter(({ id }) => !here.some(({ eventId }) => eventId === id))) {
        await receive(pool, event);
        repaired++;
        if (event.created * 1000 < begun.getTime() - ON_ITS_WAY) lost.add(customerOf(event) ?? event.id);
      }
      looked += events.length;
    };
    const some: Stripe.Event[] = [];
    for await (const event of stripe.events.list({ created: { gte: seconds(since) }, limit: PAGE })) {
      if (event.livemode !== livemode || !(EVENT_TYPES as readonly string[]).includes(event.type)) continue;
      some.push(event);
      if (some.length === PAGE) await takeIn(some.splice(0));
    }
    if (some.length > 0) await takeIn(some);
    for (const subject of lost) await raiseDrift(parts, subject, 'an event never came');
    return { checked: looked, repaired };
  });
}

/**
 * Looks at every customer there is, at Stripe and here, and makes our rows say what Stripe says, and Stripe write to
 * whom our accounts name. Null: somebody else is at it.
 * @throws when Stripe or Postgres does not answer.
 */
export function reconcileAll(parts: ReconcileParts): Promise<ReconcileResult | null> {
  return runExclusively(parts, 'all', async () => {
    const { wall, stripe, log } = parts;
    const ours = await wall.read(accountsViewer, (db) =>
      db.customer.findMany({ where: { stripeId: { not: null }, deletedAt: null }, select: { stripeId: true } }),
    );
    // Ours come first: where one is gone, another of the same account is theirs.
    const customers = new Set(ours.map(({ stripeId }) => stripeId!));
    for await (const { customer } of stripe.subscriptions.list({ status: 'all', limit: PAGE }))
      customers.add(idOf(customer));
    let repaired = 0;
    await eachOf(customers, async (customer) => {
      const waiting = await wall.read(accountsViewer, (db) =>
        db.inboxEvent.count({ where: { customerRef: customer, state: 'received' } }),
      );
      const { changed, emailCorrected: mended } = await syncCustomer(parts, customer);
      if (mended) log.warn({ customer }, 'Stripe wrote to another address than the account has, and has been told');
      // What was on its way would have come to the same.
      const drifted = changed && waiting === 0;
      if (mended || drifted) repaired++;
      if (drifted) await raiseDrift(parts, customer, 'our rows were not as at Stripe');
    });
    return { checked: customers.size, repaired };
  });
}

/**
 * Does the work for each customer, one after the other. What fails for one of them does not keep the others from it.
 * @throws at once when Stripe or Postgres does not answer; else, when all is done, what failed first.
 */
export async function eachOf(customers: Iterable<string>, work: (customer: string) => Promise<void>): Promise<void> {
  const failed: unknown[] = [];
  for (const customer of customers) {
    await work(customer).catch((error: unknown) => {
      if (unavailable(error) || isUnavailable(error)) throw error;
      failed.push(error);
    });
  }
  if (failed.length > 0) throw failed[0];
}

async function raiseDrift({ wall, clock, log }: SyncParts, subject: string, why: string): Promise<void> {
  log.warn({ subject, why }, 'a difference to Stripe was repaired');
  await wall.write(accountsViewer, (db) => raise(db, { kind: 'drift', subject, details: { why } }, clock.now()));
}

/** One at a time, each with a row that says how it went. */
async function runExclusively(
  { wall, clock, locks }: ReconcileParts,
  scope: 'changed' | 'all',
  work: (begun: Date) => Promise<ReconcileResult>,
): Promise<ReconcileResult | null> {
  return locks.tryHold('reconcile', async () => {
    const begun = clock.now();
    const { id } = await wall.write(accountsViewer, (db) =>
      db.reconciliation.create({ data: { scope, startedAt: begun }, select: { id: true } }),
    );
    const note = (data: {
      readonly seenTo?: Date;
      readonly looked?: number;
      readonly repaired?: number;
      readonly failure?: string;
    }) =>
      wall.write(accountsViewer, (db) =>
        db.reconciliation.update({ where: { id }, data: { ...data, finishedAt: clock.now() } }),
      );
    try {
      const done = await work(begun);
      await note({ looked: done.checked, repaired: done.repaired, seenTo: begun });
      return done;
    } catch (error) {
      await note({ failure: summarizeError(error) }).catch(() => undefined);
      throw error;
    }
  });
}
