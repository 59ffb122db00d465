import type Stripe from 'stripe';
import { invalid } from '../../failure';
import { find, idOf } from '../../find';
import { money } from '../describe';
import { newDispute } from '../../objects/dispute';
import { newRefund } from '../../objects/refund';
import type { World } from '../../world';

export interface RefundWish {
  /** Cents; all that is left when absent. */
  readonly amount?: number | undefined;
  readonly reason?: Stripe.Refund.Reason | null | undefined;
  readonly metadata?: Stripe.Metadata | undefined;
}

/** Gives a charge back, wholly or in part. @throws StripeFailure when there is not that much left of it. */
export function refund(
  world: World,
  charge: Stripe.Charge,
  { amount, reason = null, metadata = {} }: RefundWish,
): Stripe.Refund {
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.status !== 'succeeded')
    throw invalid(`Charge ${charge.id} cannot be refunded because it has not been captured.`, 'charge');
  if (charge.disputed && disputesOf(world, charge).some((one) => one.status !== 'won' && !isInquiry(one)))
    throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge', 'charge_disputed');
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, 'charge', 'charge_already_refunded');
  if (amount !== undefined && amount < 1)
    throw invalid('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer');
  if (amount !== undefined && amount > left)
    throw invalid(
      `Refund amount (${money(amount, charge.currency)}) is greater than unrefunded amount on charge ` +
        `(${money(left, charge.currency)})`,
      'amount',
      'amount_too_large',
    );
  const back = world.add('refunds', newRefund(world, charge, amount ?? left, reason, metadata));
  const refunded = charge.amount_refunded + back.amount;
  const previous = world.alter('charges', charge, {
    amount_refunded: refunded,
    refunded: refunded === charge.amount_captured,
  });
  world.emit('refund.created', back);
  world.emit('charge.refunded', charge, previous);
  return back;
}

function disputesOf(world: World, charge: Stripe.Charge): Stripe.Dispute[] {
  return [...world.disputes.values()].filter((dispute) => idOf(dispute.charge) === charge.id);
}

/**
 * The payer's bank takes a charge back, until it is settled who was right. @throws StripeFailure for what cannot be
 * disputed.
 */
export function openDispute(world: World, charge: Stripe.Charge): Stripe.Dispute {
  if (charge.status !== 'succeeded') throw invalid(`Charge ${charge.id} took no money.`);
  if (charge.disputed) throw invalid(`Charge ${charge.id} has been disputed already.`);
  const dispute = world.add('disputes', newDispute(world, charge, 'fraudulent'));
  const previous = world.alter('charges', charge, { disputed: true });
  world.emit('charge.dispute.created', dispute);
  world.emit('charge.dispute.funds_withdrawn', dispute);
  world.emit('charge.updated', charge, previous);
  return dispute;
}

/**
 * The payer's bank asks about a charge before it takes anything back. @throws StripeFailure for what cannot be
 * disputed.
 */
export function openInquiry(world: World, charge: Stripe.Charge): Stripe.Dispute {
  if (charge.status !== 'succeeded') throw invalid(`Charge ${charge.id} took no money.`);
  if (charge.disputed) throw invalid(`Charge ${charge.id} has been disputed already.`);
  const asked: Stripe.Dispute = {
    ...newDispute(world, charge, 'general'),
    status: 'warning_needs_response',
    is_charge_refundable: true,
  };
  const inquiry = world.add('disputes', asked);
  const previous = world.alter('charges', charge, { disputed: true });
  world.emit('charge.dispute.created', inquiry);
  world.emit('charge.updated', charge, previous);
  return inquiry;
}

/** An inquiry becomes a dispute: the money is taken back. @throws StripeFailure when it is none any more. */
export function escalate(world: World, inquiry: Stripe.Dispute): Stripe.Dispute {
  if (!isInquiry(inquiry) || inquiry.status === 'warning_closed') throw invalid(`Dispute ${inquiry.id} is no inquiry.`);
  const previous = world.alter('disputes', inquiry, { status: 'needs_response', is_charge_refundable: false });
  world.emit('charge.dispute.updated', inquiry, previous);
  world.emit('charge.dispute.funds_withdrawn', inquiry);
  return inquiry;
}

const isInquiry = ({ status }: Stripe.Dispute): boolean => status.startsWith('warning_');

/** A dispute is settled, or an inquiry has led to none. @throws StripeFailure when it was before. */
export function closeDispute(
  world: World,
  dispute: Stripe.Dispute,
  status: 'won' | 'lost' | 'warning_closed',
): Stripe.Dispute {
  if (
    ['won', 'lost', 'warning_closed'].includes(dispute.status) ||
    isInquiry(dispute) !== (status === 'warning_closed')
  )
    throw invalid(`Dispute ${dispute.id} is closed already.`);
  const previous = world.alter('disputes', dispute, { status });
  world.emit('charge.dispute.updated', dispute, previous);
  if (status === 'won') world.emit('charge.dispute.funds_reinstated', dispute);
  world.emit('charge.dispute.closed', dispute);
  return dispute;
}

/** The charge that paid an intent. @throws StripeFailure when none did. */
export function chargeOf(world: World, intent: Stripe.PaymentIntent): Stripe.Charge {
  if (intent.latest_charge === null)
    throw invalid(`This PaymentIntent (${intent.id}) does not have a successful charge to refund.`, 'payment_intent');
  return find(world, 'charges', idOf(intent.latest_charge));
}
