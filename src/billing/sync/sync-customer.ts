import { accountsViewer } from '../../access/viewer';
import { correctCustomerEmail } from '../stripe/customer-email';
import { raise, raiseOnce } from './alarms';
import { applySnapshot, type CustomerRow } from './apply';
import { evaluateSubscriptions, type Entitlement } from './evaluate-subscription';
import { findOrLink } from './link-customer';
import { fetchAccount, fetchSnapshot } from './fetch-snapshot';
import type { SyncParts } from '../parts';
import { loadCatalogue, withOwnProducts, type CatalogueWithTiers } from '../stripe/catalogue';
import type { StripeSnapshot } from './snapshot';
import { missing } from '../stripe/client';
import type { WallTransaction } from '../../stores/postgres/wall';
import { loadRecorded } from './stored-billing';
import { goneSnapshot, isGone, otherCustomer } from './unknown-customer';
import { isOursOngoing } from '../running';

/** What a sync has come to. */
export interface SyncResult {
  /**
   * `applied`: what Stripe says is written down. `ignored`: the customer is nobody's here. `settled`: a sync that began
   * after the event has been through already. `overtaken`: a later sync has written its snapshot, and that stands.
   * `unknown`: Stripe knows neither the customer nor what they pay for, so nothing was changed.
   */
  readonly outcome: 'applied' | 'ignored' | 'settled' | 'overtaken' | 'unknown';
  readonly accountId: string | null;
  /** May the account read for what is paid, now? */
  readonly access: boolean;
  /** Is there a subscription that Stripe has not ended, whatever it gives? */
  readonly running: boolean;
  /** Was anything of it another one before? */
  readonly changed: boolean;
  /** Did Stripe write to another address than the account's, until now? */
  readonly emailCorrected: boolean;
}

const NOTHING = { accountId: null, access: false, running: false, changed: false, emailCorrected: false } as const;

/**
 * Looks at everything Stripe has of one customer and makes our rows say the same; of the address alone ours is the one
 * that holds, and Stripe is told. Safe at any time, any number of times, from any number of processes.
 * @param event the event that is the reason for it: when it has been looked into meanwhile, nothing is done.
 * @throws when Stripe or Postgres does not answer; then nothing is changed.
 */
export async function syncCustomer(parts: SyncParts, stripeCustomerId: string, event?: string): Promise<SyncResult> {
  const rival = await findConflictingCustomer(parts, stripeCustomerId);
  // Whoever takes the place of a customer who is gone is found in one pass.
  if (rival !== null) await syncOne(parts, rival);
  return syncOne(parts, stripeCustomerId, event);
}

/** Of a customer whom nobody here knows: the one whom the account they name is written down with. */
async function findConflictingCustomer({ wall, stripe }: SyncParts, id: string): Promise<string | null> {
  const known = await wall.read(accountsViewer, (db) => db.customer.count({ where: { stripeId: id } }));
  if (known > 0) return null;
  const account = await fetchAccount(stripe, id);
  return account === null ? null : otherCustomer(wall, account, id);
}

function syncOne(parts: SyncParts, stripeCustomerId: string, event?: string): Promise<SyncResult> {
  const { locks, wall, stripe, between = () => undefined } = parts;
  return locks.hold(`customer ${stripeCustomerId}`, async (since) => {
    await between('locked');
    const known = await wall.read(accountsViewer, async (db) =>
      event !== undefined && (await isProcessed(db, event))
        ? null
        : {
            catalogue: await loadCatalogue(db),
            recorded: await loadRecorded(db, stripeCustomerId),
            row: await db.customer.findUnique({
              where: { stripeId: stripeCustomerId },
              select: { id: true, accountId: true, account: { select: { email: true } } },
            }),
          },
    );
    if (known === null) return { ...NOTHING, outcome: 'settled' };
    let evaluation = await fetchAndEvaluate(parts, stripeCustomerId, known);
    await between('looked');
    const orphans = known.row?.accountId === null ? evaluation.entitlements.filter(isOursOngoing) : [];
    if (orphans.length > 0) {
      for (const { subscription: it } of orphans) await cancel(stripe, it.id);
      await between('canceled');
      evaluation = await fetchAndEvaluate(parts, stripeCustomerId, known);
    }
    const synced = await wall.write(accountsViewer, (db) =>
      storeEvaluation(parts, db, stripeCustomerId, since, evaluation, orphans),
    );
    if (synced.accountId !== null && synced.changed) parts.accountChanged(synced.accountId);
    await between('applied');
    const address = known.row?.account?.email ?? null;
    if (
      evaluation.snapshot === null ||
      synced.outcome !== 'applied' ||
      synced.accountId === null ||
      address === null ||
      address === evaluation.snapshot.customer.email
    )
      return synced;
    return {
      ...synced,
      emailCorrected: await correctCustomerEmail(parts, evaluation.snapshot.customer, synced.accountId),
    };
  });
}

interface Evaluation {
  readonly snapshot: StripeSnapshot | null;
  /** Is it one of ours whom Stripe does not know, though it may be another Stripe that was asked? */
  readonly unknown: boolean;
  readonly entitlements: readonly Entitlement[];
}

interface Known {
  readonly catalogue: CatalogueWithTiers;
  readonly recorded: Awaited<ReturnType<typeof loadRecorded>>;
  readonly row: CustomerRow | null;
}

async function fetchAndEvaluate(
  parts: SyncParts,
  id: string,
  { catalogue, recorded, row }: Known,
): Promise<Evaluation> {
  const { stripe, clock, graceDays } = parts;
  const snapshot = await fetchSnapshot(stripe, id, recorded.open);
  if (snapshot === null) {
    const gone = row !== null && (await isGone(parts, row));
    return { snapshot: gone ? goneSnapshot(id) : null, entitlements: [], unknown: row !== null && !gone };
  }
  return {
    snapshot,
    unknown: false,
    entitlements: evaluateSubscriptions(
      snapshot,
      await withOwnProducts(stripe, catalogue, snapshot),
      recorded,
      graceDays,
      clock.now(),
    ),
  };
}

async function storeEvaluation(
  { clock, graceDays, livemode }: SyncParts,
  db: WallTransaction,
  id: string,
  since: Date,
  { snapshot, entitlements, unknown }: Evaluation,
  orphans: readonly Entitlement[],
): Promise<SyncResult> {
  const now = clock.now();
  const ignored = async (): Promise<SyncResult> => {
    await markProcessed(db, id, since, 'ignored');
    return { ...NOTHING, outcome: 'ignored' };
  };
  if (unknown) {
    await raise(db, { kind: 'other-account', subject: 'customers', details: { customer: id } }, now);
    return { ...(await ignored()), outcome: 'unknown' };
  }
  if (snapshot === null) return ignored();
  if (
    snapshot.customer.livemode !== null &&
    [snapshot.customer, ...entitlements.map(({ subscription: it }) => it)].some((one) => one.livemode !== livemode)
  ) {
    await raiseOnce(db, { kind: 'other-mode', subject: id }, now);
    return ignored();
  }
  let row = await claimCustomer(db, id, since);
  if (row === null) {
    const known = await findOrLink(db, snapshot, entitlements, now);
    if (known === null) return ignored();
    row = await claimCustomer(db, id, since);
    if (row === null) return { ...NOTHING, outcome: 'overtaken', accountId: known.accountId };
  }
  const changed = await applySnapshot(db, row, snapshot, entitlements, graceDays, now);
  for (const { subscription: it } of orphans)
    await raiseOnce(db, { kind: 'orphan-subscription', subject: it.id, details: { customer: id } }, now);
  await db.subscription.updateMany({ where: { customerId: row.id }, data: { syncedAt: now } });
  await markProcessed(db, id, since, 'done');
  return {
    outcome: 'applied',
    accountId: row.accountId,
    access: row.accountId !== null && entitlements.some(({ access: current }) => current.access),
    running: entitlements.some(isOursOngoing),
    changed,
    emailCorrected: false,
  };
}

/**
 * The customer's row, which nobody else writes until the transaction ends. Null when there is none, or when somebody
 * has looked later: the lock may have been lost with its connection, and the later look has the last word.
 */
async function claimCustomer(db: WallTransaction, stripeId: string, since: Date): Promise<CustomerRow | null> {
  const [row] = await db.customer.updateManyAndReturn({
    where: { stripeId, OR: [{ syncedAt: null }, { syncedAt: { lte: since } }] },
    data: { syncedAt: since },
    select: { id: true, accountId: true },
  });
  return row ?? null;
}

/** Whatever had come in of this customer before the look began has been looked into by it. */
async function markProcessed(
  db: WallTransaction,
  customerRef: string,
  since: Date,
  state: 'done' | 'ignored',
): Promise<void> {
  await db.inboxEvent.updateMany({
    where: { customerRef, state: 'received', receivedAt: { lte: since } },
    data: { state, settledAt: since, failure: null },
  });
}

async function isProcessed(db: WallTransaction, event: string): Promise<boolean> {
  const row = await db.inboxEvent.findUnique({ where: { eventId: event }, select: { state: true } });
  return row !== null && row.state !== 'received';
}

/**
 * Ends a subscription now; one that is gone already has ended.
 * @throws when Stripe refuses it otherwise, or does not answer.
 */
export async function cancel(stripe: SyncParts['stripe'], id: string): Promise<void> {
  try {
    await stripe.subscriptions.cancel(id, { invoice_now: false, prorate: false });
  } catch (error) {
    if (!missing(error)) throw error;
  }
}
