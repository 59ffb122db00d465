import type Stripe from 'stripe';
import { z } from 'zod';
import { registrar } from '../access/viewer';
import type { Task } from '../stores/jobs';
import { raise } from './alarms';
import { isAboutPrices } from './events';
import { locateCustomer } from './locate';
import type { MachineParts } from './parts';
import { refreshPrices } from './refresh-prices';
import { inFewWords } from './stripe';
import { syncCustomer } from './sync';

const payload = z.object({ event: z.string() });

/**
 * Looks into an event that came in. Of the event itself nothing is believed but whose it is: what is so, Stripe is asked.
 * After the last try it lies dead, with whatever else has come of its customer and with the failure in words, until
 * somebody puts it back.
 */
export function handleEvent(parts: MachineParts): Task {
  return async (given, { last }) => {
    const { event: id } = payload.parse(given);
    try {
      await lookInto(parts, id);
    } catch (error) {
      await noteFailure(parts, id, inFewWords(error), last);
      throw error;
    }
  };
}

async function lookInto(parts: MachineParts, id: string): Promise<void> {
  const { wall, stripe, between = () => undefined } = parts;
  const row = await wall.read(registrar, (db) => db.inboxEvent.findUnique({ where: { eventId: id }, select: { state: true, type: true, payload: true } }));
  if (row === null || row.state !== 'received') return;
  await between('taken');
  if (isAboutPrices(row.type)) {
    await refreshPrices(parts);
    return settle(parts, id, 'done');
  }
  const customer = await locateCustomer(stripe, row.payload as unknown as Stripe.Event);
  if (customer === null) return settle(parts, id, 'ignored');
  const { outcome } = await syncCustomer(parts, customer, id);
  await between('synced');
  // One that did not name its customer could not be settled by the look.
  if (outcome !== 'settled') await settle(parts, id, outcome === 'ignored' ? 'ignored' : 'done');
}

async function settle({ wall }: MachineParts, id: string, state: 'done' | 'ignored'): Promise<void> {
  await wall.write(registrar, (db) => db.inboxEvent.updateMany({ where: { eventId: id, state: 'received' }, data: { state, settledAt: new Date(), failure: null } }));
}

async function noteFailure({ wall, clock, log }: MachineParts, id: string, why: string, last: boolean): Promise<void> {
  if (last) log.error({ event: id, why }, 'an event could not be looked into, and will not be tried again');
  else log.warn({ event: id, why }, 'an event could not be looked into yet');
  await wall.write(registrar, async (db) => {
    const event = await db.inboxEvent.findUnique({ where: { eventId: id }, select: { customerRef: true } });
    // One look would have settled everything of the customer, so its failure is the failure of all of it.
    const together = event?.customerRef ? { customerRef: event.customerRef } : { eventId: id };
    await db.inboxEvent.updateMany({ where: { ...together, state: 'received' }, data: { attempts: { increment: 1 }, failure: why, ...(last ? { state: 'dead', settledAt: new Date() } : {}) } });
    if (last) await raise(db, { kind: 'dead-event', subject: id, details: { why } }, clock.now());
  }).catch((error: unknown) => log.warn({ err: error }, 'a failure could not be written down'));
}
