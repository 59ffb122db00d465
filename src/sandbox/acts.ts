import type Stripe from 'stripe';
import type { CardName } from './cards';
import { applyChange } from './engine/change';
import { setCancelAtPeriodEnd, assertLasts, deleteCustomer, endTrial, resumePaused } from './engine/turning-points';
import { cancel } from './engine/cancel';
import { closeDispute, escalate, openDispute, openInquiry, refund } from './engine/invoices/money-back';
import { collect } from './engine/invoices/collect';
import { adjustEnd } from './engine/ending';
import { expireSession } from './engine/checkout/checkout-expiry';
import { firstItem, updateSubscription } from './engine/ties';
import { payCheckout } from './engine/checkout/checkout';
import { planChange } from './engine/proration';
import { replaceCard } from './engine/cards';
import type { Timeline } from './engine/timeline';
import { invalid } from './failure';
import { find, findCustomer, idOf } from './find';
import { newPaymentMethod } from './objects/payment-method';
import type { Outcome, Payment } from './outcome';
import type { Failing } from './settings';
import type { World } from './world';

export type { CardName } from './cards';
export type { Outcome, Payment } from './outcome';

/**
 * What people and time do to a Stripe account: the hosted pages, the dashboard and tests all do it here. Each act
 * is one commit. Each throws `StripeFailure` (with the message Stripe would show) when it cannot be done.
 */
export interface Acts {
  payCheckout(sessionId: string, payment: Payment): Outcome;
  /** The session expires now. */
  abandonCheckout(sessionId: string): void;
  /** Moves the clock on, doing everything that falls due in its order, at its moment. */
  advance(seconds: number): void;
  /** As `advance`, to a moment (Unix seconds), while everybody else goes on being answered. */
  travel(moment: number): Promise<void>;
  /** Does what has fallen due while the machine's clock went on. */
  catchUp(): void;
  failNextPayment(customerId: string, how: Failing, times?: number): void;
  /** The customer's default card from now on; Stripe does not try open invoices again because of it. */
  replaceCard(customerId: string, card: CardName): Stripe.PaymentMethod;
  /** The customer pays an open invoice: with a card, or with the one on file. */
  payInvoice(invoiceId: string, payment?: Partial<Pick<Payment, 'card' | 'authenticated'>>): Outcome;
  /** @param amount cents; all that is left when absent. */
  refund(chargeId: string, amount?: number): Stripe.Refund;
  openDispute(chargeId: string): Stripe.Dispute;
  /** The bank asks first, and takes nothing back. */
  openInquiry(chargeId: string): Stripe.Dispute;
  escalateInquiry(disputeId: string): Stripe.Dispute;
  closeDispute(disputeId: string, status: 'won' | 'lost' | 'warning_closed'): Stripe.Dispute;
  /** @param resumesAt Unix seconds. */
  pauseCollection(
    subscriptionId: string,
    behavior: Stripe.Subscription.PauseCollection['behavior'],
    resumesAt?: number,
  ): void;
  resume(subscriptionId: string): void;
  cancelNow(subscriptionId: string): void;
  cancelAtPeriodEnd(subscriptionId: string, cancel: boolean): void;
  /** Moves the clock to the subscription's next renewal and past its payment. */
  renew(subscriptionId: string): void;
  endTrial(subscriptionId: string): void;
  /** Forces a status, known to Stripe or not. */
  setStatus(subscriptionId: string, status: string): void;
  archivePrice(priceId: string): void;
  deleteCustomer(customerId: string): void;
  changePrice(
    subscriptionId: string,
    priceId: string,
    prorationBehavior: 'always_invoice' | 'create_prorations' | 'none',
  ): Outcome;
}

/** Does something in one commit. */
type Committed = <T>(work: () => T) => T;

/** The acts on this world. Each first does what has fallen due. */
export function actsOn(world: World, timeline: Timeline): Acts {
  const act: Committed = (work) => {
    timeline.catchUp();
    return world.commit(work);
  };
  return {
    payCheckout: (sessionId, payment) => act(() => payCheckout(world, sessionId, payment)),
    abandonCheckout: (sessionId) =>
      act(() => {
        const session = find(world, 'checkoutSessions', sessionId);
        if (session.status !== 'open')
          throw invalid('Only Checkout Sessions with a status in ["open"] can be expired.');
        expireSession(world, session);
      }),
    advance: (seconds) => timeline.goTo(world.now() + seconds),
    travel: (moment) => timeline.travel(moment),
    catchUp: () => timeline.catchUp(),
    failNextPayment: (customerId, how, times = 1) =>
      act(() => {
        const { id } = findCustomer(world, customerId);
        world.failures.set(id, { how, times });
        world.touch('failures', id);
      }),
    replaceCard: (customerId, card) => act(() => replaceCard(world, findCustomer(world, customerId), card)),
    payInvoice: (invoiceId, payment = {}) => act(() => payInvoice(world, find(world, 'invoices', invoiceId), payment)),
    archivePrice: (priceId) =>
      act(() => {
        const price = find(world, 'prices', priceId);
        const previous = world.alter('prices', price, { active: false });
        if (previous) world.emit('price.updated', price, previous);
      }),
    deleteCustomer: (id) => act(() => void deleteCustomer(world, findCustomer(world, id))),
    ...moneyBack(world, act),
    ...subscriptionActs(world, timeline, act),
  };
}

/** Money that goes back, by a refund or by the bank. */
const moneyBack = (
  world: World,
  act: Committed,
): Pick<Acts, 'refund' | 'openDispute' | 'openInquiry' | 'escalateInquiry' | 'closeDispute'> => ({
  refund: (chargeId, amount) => act(() => refund(world, find(world, 'charges', chargeId), { amount })),
  openDispute: (chargeId) => act(() => openDispute(world, find(world, 'charges', chargeId))),
  openInquiry: (chargeId) => act(() => openInquiry(world, find(world, 'charges', chargeId))),
  escalateInquiry: (disputeId) => act(() => escalate(world, find(world, 'disputes', disputeId))),
  closeDispute: (disputeId, status) => act(() => closeDispute(world, find(world, 'disputes', disputeId), status)),
});

/** What becomes of a subscription. */
function subscriptionActs(
  world: World,
  timeline: Timeline,
  act: Committed,
): Pick<
  Acts,
  'pauseCollection' | 'resume' | 'cancelNow' | 'cancelAtPeriodEnd' | 'renew' | 'endTrial' | 'setStatus' | 'changePrice'
> {
  const subscriptionNow = (id: string) => find(world, 'subscriptions', id);
  const living = (id: string) => {
    const subscription = subscriptionNow(id);
    assertLasts(subscription);
    return subscription;
  };
  return {
    pauseCollection: (id, behavior, resumesAt) =>
      act(() =>
        updateSubscription(world, living(id), { pause_collection: { behavior, resumes_at: resumesAt ?? null } }),
      ),
    resume: (id) =>
      act(() => {
        const subscription = living(id);
        if (subscription.status === 'paused') resumePaused(world, subscription);
        else updateSubscription(world, subscription, { pause_collection: null });
      }),
    cancelNow: (id) => act(() => cancel(world, living(id), { reason: 'cancellation_requested' })),
    cancelAtPeriodEnd: (id, ends) =>
      act(() => {
        const subscription = living(id);
        updateSubscription(world, subscription, setCancelAtPeriodEnd(world, subscription, ends));
        adjustEnd(world, subscription, 'create_prorations');
      }),
    renew: (id) => timeline.goTo(Math.max(world.now(), firstItem(living(id)).current_period_end + 3_600)),
    endTrial: (id) => act(() => endTrial(world, living(id))),
    setStatus: (id, status) => act(() => updateSubscription(world, subscriptionNow(id), { status })),
    changePrice: (id, priceId, behavior) =>
      act(() => {
        const subscription = living(id);
        const item = firstItem(subscription);
        const plan = planChange(
          world,
          subscription,
          [{ id: item.id, price: find(world, 'prices', priceId), quantity: item.quantity ?? 1, deleted: false }],
          behavior,
          world.now(),
        );
        return applyChange(world, subscription, plan, behavior, 'allow_incomplete');
      }),
  };
}

function payInvoice(
  world: World,
  invoice: Stripe.Invoice,
  { card, authenticated }: Partial<Pick<Payment, 'card' | 'authenticated'>>,
): Outcome {
  if (invoice.status === 'paid') throw invalid('Invoice is already paid', 'id', 'invoice_already_paid');
  if (invoice.status !== 'open')
    throw invalid(`This invoice cannot be paid: it is ${invoice.status}.`, 'id', 'invoice_not_editable');
  const customer = findCustomer(world, idOf(invoice.customer ?? ''));
  const method =
    card === undefined
      ? undefined
      : newPaymentMethod(world, card, customer.id, { email: customer.email, name: customer.name ?? null });
  const outcome = collect(world, invoice, { present: true, authenticated }, method);
  if (outcome.outcome === 'paid' && method) world.add('paymentMethods', method);
  return outcome;
}
