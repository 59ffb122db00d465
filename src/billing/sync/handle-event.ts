import type Stripe from 'stripe';
import { z } from 'zod';
import { accountsViewer } from '../../access/viewer';
import type { Task } from '../../stores/postgres/jobs';
import { raise } from './alarms';
import { isAboutPrices } from '../stripe/events';
import { locateCustomer } from './locate-customer';
import type { SyncParts } from '../parts';
import { refreshPrices } from '../stripe/refresh-prices';
import { summarizeError } from '../stripe/client';
import { syncCustomer } from './sync-customer';

const payload = z.object({ event: z.string() });

/** An event that nobody has looked into yet. */
interface PendingEvent {
  readonly eventId: string;
  /** Whose it says it is. */
  readonly customerRef: string | null;
  readonly type: string;
  readonly payload: unknown;
}

/**
 * Looks into an event that came in, and with it into whatever else of its customer waits. Of the event itself nothing
 * is believed but whose it is: what is so, Stripe is asked. After the last try it lies dead, with whatever else has
 * come of its customer and with the failure in words, until somebody puts it back.
 */
export function handleEvent(parts: SyncParts): Task {
  return async (given, { last }) => {
    const { event: asked } = payload.parse(given);
    let about = asked;
    try {
      const event = await newestPending(parts, asked);
      if (event === null) return;
      about = event.eventId;
      await processEvent(parts, event);
    } catch (error) {
      await recordFailure(parts, about, summarizeError(error), last);
      throw error;
    }
  };
}

/**
 * Of the event's customer, the one that came last and still waits; null when none does. A job is for all that came
 * while it waited (prisma/migrations, `wall.receive_event`): the event it names may have been settled before the others
 * came.
 */
function newestPending({ wall }: SyncParts, eventId: string): Promise<PendingEvent | null> {
  return wall.read(
    accountsViewer,
    async (db) =>
      (
        await db.$queryRaw<PendingEvent[]>`
    SELECT other.event_id AS "eventId", other.customer_ref AS "customerRef", other.type, other.payload
    FROM inbox named JOIN inbox other ON other.event_id = named.event_id OR other.customer_ref = named.customer_ref
    WHERE named.event_id = ${eventId} AND other.state = 'received' ORDER BY other.received_at DESC LIMIT 1`
      )[0] ?? null,
  );
}

async function processEvent(
  parts: SyncParts,
  { eventId: id, customerRef, type, payload: sent }: PendingEvent,
): Promise<void> {
  const { stripe, between = () => undefined } = parts;
  await between('taken');
  if (isAboutPrices(type)) {
    await refreshPrices(parts);
    return markProcessed(parts, id, 'done');
  }
  const customer = await locateCustomer(stripe, sent as Stripe.Event);
  if (customer === null) return markProcessed(parts, id, 'ignored');
  const { outcome } = await syncCustomer(parts, customer, id);
  await between('synced');
  // One that names its customer is settled by the look.
  if (customerRef === null) await markProcessed(parts, id, outcome === 'ignored' ? 'ignored' : 'done');
}

async function markProcessed({ wall }: SyncParts, id: string, state: 'done' | 'ignored'): Promise<void> {
  await wall.write(accountsViewer, (db) =>
    db.inboxEvent.updateMany({
      where: { eventId: id, state: 'received' },
      data: { state, settledAt: new Date(), failure: null },
    }),
  );
}

async function recordFailure({ wall, clock, log }: SyncParts, id: string, why: string, last: boolean): Promise<void> {
  if (last) log.error({ event: id, why }, 'an event could not be looked into, and will not be tried again');
  else log.warn({ event: id, why }, 'an event could not be looked into yet');
  await wall
    .write(accountsViewer, async (db) => {
      const event = await db.inboxEvent.findUnique({ where: { eventId: id }, select: { customerRef: true } });
      // One look would have settled everything of the customer, so its failure is the failure of all of it.
      const together = event?.customerRef ? { customerRef: event.customerRef } : { eventId: id };
      await db.inboxEvent.updateMany({
        where: { ...together, state: 'received' },
        data: { attempts: { increment: 1 }, failure: why, ...(last ? { state: 'dead', settledAt: new Date() } : {}) },
      });
      if (last) await raise(db, { kind: 'dead-event', subject: id, details: { why } }, clock.now());
    })
    .catch((error: unknown) => log.warn({ err: error }, 'a failure could not be written down'));
}
