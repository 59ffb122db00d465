import type Stripe from 'stripe';
import { idOf, isLiving } from '../find';
import type { World } from '../world';
import { finishDraft, resumeCollection } from './advance';
import { dropPending } from './change';
import { expireSession } from './checkout/checkout-expiry';
import { collect } from './invoices/collect';
import { endAsPlanned } from './ending';
import { renew, upcomingInvoice } from './renew';
import { expireIncomplete } from './subscribe';
import { firstItem, hasEnded } from './ties';

/** Something that happens by itself at a moment. */
export interface Due {
  /** Unix seconds. */
  readonly at: number;
  /** Of things at the same moment, the lower comes first. */
  readonly rank: number;
  readonly run: () => void;
}

const DAY = 86_400;

/** What an object does by itself, in the order that counts at one moment. */
export function duesOf(world: World, kind: string, id: string): Due[] {
  if (kind === 'checkoutSessions') return [...ofSession(world, world.checkoutSessions.get(id))];
  if (kind === 'invoices') return [...ofInvoice(world, world.invoices.get(id))];
  const subscription = kind === 'subscriptions' ? world.subscriptions.get(id) : undefined;
  return subscription && lasts(world, subscription)
    ? [...dueOf(world, subscription), ...turnsOf(world, subscription)]
    : [];
}

function* ofSession(world: World, session: Stripe.Checkout.Session | undefined): Generator<Due> {
  if (session?.status === 'open') yield { at: session.expires_at, rank: 0, run: () => expireSession(world, session) };
}

function* ofInvoice(world: World, invoice: Stripe.Invoice | undefined): Generator<Due> {
  if (!invoice || !isCustomer(world, idOf(invoice.customer ?? ''))) return;
  if (invoice.status === 'draft' && invoice.automatically_finalizes_at !== null)
    yield { at: invoice.automatically_finalizes_at, rank: 2, run: () => finishDraft(world, invoice) };
  if (invoice.status === 'open' && invoice.next_payment_attempt !== null)
    yield { at: invoice.next_payment_attempt, rank: 3, run: () => void collect(world, invoice, { present: false }) };
}

function* dueOf(world: World, subscription: Stripe.Subscription): Generator<Due> {
  const { id, status, trial_end, pause_collection, pending_update } = subscription;
  const { current_period_start, current_period_end } = firstItem(subscription);
  const once = (what: string, moment: number, run: () => void): Due[] => {
    if (world.hasTold(what, id, moment)) return [];
    const tell = (): void => {
      world.notify(what, id, moment);
      world.touch('subscriptions', id);
      run();
    };
    return [{ at: moment, rank: 1, run: tell }];
  };
  if (status === 'trialing' && trial_end !== null) {
    for (const due of once('trial_will_end', trial_end, () =>
      world.emit('customer.subscription.trial_will_end', subscription),
    ))
      yield { ...due, at: Math.max(trial_end - 3 * DAY, subscription.created) };
  }
  if (renews(subscription)) {
    const at = current_period_end - world.settings.upcomingDays * DAY;
    if (at > current_period_start)
      for (const due of once('upcoming', current_period_end, () =>
        world.emit('invoice.upcoming', upcomingInvoice(world, subscription)),
      ))
        yield { ...due, at };
  }
  if (pause_collection?.resumes_at)
    yield { at: pause_collection.resumes_at, rank: 1, run: () => resumeCollection(world, subscription) };
  if (pending_update) yield { at: pending_update.expires_at, rank: 1, run: () => dropPending(world, subscription) };
  if (status === 'incomplete')
    yield { at: subscription.created + 23 * 3_600, rank: 1, run: () => expireIncomplete(world, subscription) };
}

// What ends or turns a subscription over comes after what belongs to the time before.
function* turnsOf(world: World, subscription: Stripe.Subscription): Generator<Due> {
  if (subscription.cancel_at !== null)
    yield {
      at: subscription.cancel_at,
      rank: 4,
      run: () => endAsPlanned(world, subscription),
    };
  if (isRunning(subscription))
    yield { at: firstItem(subscription).current_period_end, rank: 5, run: () => renew(world, subscription) };
}

// A status may have been forced on a subscription whose customer is gone.
function lasts(world: World, subscription: Stripe.Subscription): boolean {
  return !hasEnded(subscription) && isCustomer(world, idOf(subscription.customer));
}

function isCustomer(world: World, id: string): boolean {
  const customer = world.customers.get(id);
  return customer !== undefined && isLiving(customer);
}

function isRunning({ status }: Stripe.Subscription): boolean {
  return status !== 'incomplete' && status !== 'paused';
}

function renews(subscription: Stripe.Subscription): boolean {
  const { cancel_at, status } = subscription;
  return (
    isRunning(subscription) &&
    status !== 'unpaid' &&
    (cancel_at === null || cancel_at > firstItem(subscription).current_period_end)
  );
}
