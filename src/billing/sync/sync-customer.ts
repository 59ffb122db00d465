import { registrar } from '../../access/viewer';
import { mendAddress } from '../stripe/customer-email';
import { raiseOnce } from './alarms';
import { applySeen, type CustomerRow } from './apply';
import { goesOnHere, judge, type Judged } from './evaluate-subscription';
import { findOrLink } from './link-customer';
import { lookAt } from './fetch-snapshot';
import type { MachineParts } from '../parts';
import { loadShelves, withOwnProducts, type Shelves } from '../stripe/catalogue';
import type { Seen } from './snapshot';
import { missing } from '../stripe/client';
import type { Behind } from '../../stores/postgres/wall';
import { loadRecorded } from './stored-billing';

/** What a look at Stripe has come to. */
export interface Synced {
  /**
   * `applied`: what Stripe says is written down. `ignored`: the customer is nobody's here. `settled`: a look that began
   * after the event has been there already. `overtaken`: somebody has looked later, and what they saw stands.
   */
  readonly outcome: 'applied' | 'ignored' | 'settled' | 'overtaken';
  readonly accountId: string | null;
  /** May the account read for what is paid, now? */
  readonly access: boolean;
  /** Is there a subscription that Stripe has not ended, whatever it gives? */
  readonly live: boolean;
  /** Was anything of it another one before? */
  readonly changed: boolean;
  /** Did Stripe write to another address than the account's, until now? */
  readonly mended: boolean;
}

const NOTHING = { accountId: null, access: false, live: false, changed: false, mended: false } as const;

/**
 * Looks at everything Stripe has of one customer and makes our rows say the same; of the address alone ours is the one
 * that holds, and Stripe is told. Safe at any time, any number of times, from any number of processes.
 * @param event the event that is the reason for it: when it has been looked into meanwhile, nothing is done.
 * @throws when Stripe or Postgres does not answer; then nothing is changed.
 */
export function syncCustomer(parts: MachineParts, stripeCustomerId: string, event?: string): Promise<Synced> {
  const { locks, wall, stripe, between = () => undefined } = parts;
  return locks.hold(`customer ${stripeCustomerId}`, async (since) => {
    await between('locked');
    const known = await wall.read(registrar, async (db) =>
      event !== undefined && (await isSettled(db, event))
        ? null
        : {
            shelves: await loadShelves(db),
            recorded: await loadRecorded(db, stripeCustomerId),
            row: await db.customer.findUnique({
              where: { stripeId: stripeCustomerId },
              select: { id: true, accountId: true, account: { select: { email: true } } },
            }),
          },
    );
    if (known === null) return { ...NOTHING, outcome: 'settled' };
    let sight = await see(parts, stripeCustomerId, known);
    await between('looked');
    const orphans = known.row?.accountId === null ? sight.judged.filter(goesOnHere) : [];
    if (orphans.length > 0) {
      for (const { it } of orphans) await cancel(stripe, it.id);
      await between('canceled');
      sight = await see(parts, stripeCustomerId, known);
    }
    const synced = await wall.write(registrar, (db) => write(parts, db, stripeCustomerId, since, sight, orphans));
    if (synced.accountId !== null && synced.changed) parts.changed(synced.accountId);
    await between('applied');
    const address = known.row?.account?.email ?? null;
    if (
      sight.seen === null ||
      synced.outcome !== 'applied' ||
      synced.accountId === null ||
      address === null ||
      address === sight.seen.customer.email
    )
      return synced;
    return { ...synced, mended: await mendAddress(parts, sight.seen.customer, synced.accountId) };
  });
}

interface Sight {
  readonly seen: Seen | null;
  readonly judged: readonly Judged[];
}

interface Known {
  readonly shelves: Shelves;
  readonly recorded: Awaited<ReturnType<typeof loadRecorded>>;
}

async function see(
  { stripe, clock, graceDays }: MachineParts,
  id: string,
  { shelves, recorded }: Known,
): Promise<Sight> {
  const seen = await lookAt(stripe, id, recorded.open);
  if (seen === null) return { seen, judged: [] };
  return { seen, judged: judge(seen, await withOwnProducts(stripe, shelves, seen), recorded, graceDays, clock.now()) };
}

async function write(
  { clock, graceDays, livemode }: MachineParts,
  db: Behind,
  id: string,
  since: Date,
  { seen, judged }: Sight,
  orphans: readonly Judged[],
): Promise<Synced> {
  const now = clock.now();
  const ignored = async (): Promise<Synced> => {
    await settle(db, id, since, 'ignored');
    return { ...NOTHING, outcome: 'ignored' };
  };
  if (seen === null) return ignored();
  if (
    seen.customer.livemode !== null &&
    [seen.customer, ...judged.map(({ it }) => it)].some((one) => one.livemode !== livemode)
  ) {
    await raiseOnce(db, { kind: 'other-mode', subject: id }, now);
    return ignored();
  }
  let row = await take(db, id, since);
  if (row === null) {
    const known = await findOrLink(db, seen, judged, now);
    if (known === null) return ignored();
    row = await take(db, id, since);
    if (row === null) return { ...NOTHING, outcome: 'overtaken', accountId: known.accountId };
  }
  const changed = await applySeen(db, row, seen, judged, graceDays, now);
  for (const { it } of orphans)
    await raiseOnce(db, { kind: 'orphan-subscription', subject: it.id, details: { customer: id } }, now);
  await db.subscription.updateMany({ where: { customerId: row.id }, data: { syncedAt: now } });
  await settle(db, id, since, 'done');
  return {
    outcome: 'applied',
    accountId: row.accountId,
    access: row.accountId !== null && judged.some(({ standing }) => standing.access),
    live: judged.some(goesOnHere),
    changed,
    mended: false,
  };
}

/**
 * The customer's row, which nobody else writes until the transaction ends. Null when there is none, or when somebody has
 * looked later: the lock may have been lost with its connection, and the later look has the last word.
 */
async function take(db: Behind, stripeId: string, since: Date): Promise<CustomerRow | null> {
  const [row] = await db.customer.updateManyAndReturn({
    where: { stripeId, OR: [{ syncedAt: null }, { syncedAt: { lte: since } }] },
    data: { syncedAt: since },
    select: { id: true, accountId: true },
  });
  return row ?? null;
}

/** Whatever had come in of this customer before the look began has been looked into by it. */
async function settle(db: Behind, customerRef: string, since: Date, state: 'done' | 'ignored'): Promise<void> {
  await db.inboxEvent.updateMany({
    where: { customerRef, state: 'received', receivedAt: { lte: since } },
    data: { state, settledAt: since, failure: null },
  });
}

async function isSettled(db: Behind, event: string): Promise<boolean> {
  const row = await db.inboxEvent.findUnique({ where: { eventId: event }, select: { state: true } });
  return row !== null && row.state !== 'received';
}

/** Ends a subscription now; one that is gone already has ended. */
export async function cancel(stripe: MachineParts['stripe'], id: string): Promise<void> {
  try {
    await stripe.subscriptions.cancel(id, { invoice_now: false, prorate: false });
  } catch (error) {
    if (!missing(error)) throw error;
  }
}
