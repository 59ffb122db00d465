import type Stripe from 'stripe';
import { newId } from '../ids';
import type { World } from '../world';

/** Why a charge did not go through. */
export interface ChargeRefusal {
  readonly code: string;
  readonly message: string;
}

/** What the sandbox never fills in. */
const UNUSED = {
  application: null,
  application_fee: null,
  application_fee_amount: null,
  failure_balance_transaction: null,
  on_behalf_of: null,
  receipt_email: null,
  receipt_number: null,
  review: null,
  shipping: null,
  source: null,
  source_transfer: null,
  statement_descriptor: null,
  statement_descriptor_suffix: null,
  transfer_data: null,
  transfer_group: null,
} as const satisfies Partial<Stripe.Charge>;

/** One attempt to take money from a card, as the API answers it. */
export function newCharge(
  world: World,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  refusal: ChargeRefusal | null,
): Stripe.Charge {
  const id = newId('ch');
  return {
    id,
    object: 'charge',
    ...UNUSED,
    amount: intent.amount,
    amount_captured: refusal ? 0 : intent.amount,
    amount_refunded: 0,
    balance_transaction: refusal ? null : newId('txn'),
    billing_details: { ...method.billing_details },
    calculated_statement_descriptor: 'SANDBOX',
    captured: refusal === null,
    created: world.now(),
    currency: intent.currency,
    customer: typeof intent.customer === 'string' ? intent.customer : null,
    description: intent.description,
    disputed: false,
    failure_code: refusal?.code ?? null,
    failure_message: refusal?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: {},
    outcome: outcomeOf(refusal),
    paid: refusal === null,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: {
      card: cardDetails(intent.amount, method.card, refusal),
      type: 'card',
    },
    radar_options: {},
    receipt_url: refusal ? null : `${world.url}/receipts/${id}`,
    refunded: false,
    status: refusal ? 'failed' : 'succeeded',
  };
}

/** What the bank said. */
function outcomeOf(refusal: ChargeRefusal | null): Stripe.Charge['outcome'] {
  const always = { network_decline_code: null, risk_level: 'normal', risk_score: 20 } as const;
  return refusal
    ? {
        ...always,
        advice_code: 'try_again_later',
        network_advice_code: null,
        network_status: 'declined_by_network',
        reason: refusal.code === 'card_declined' ? 'generic_decline' : refusal.code,
        seller_message: 'The bank did not return any further details with this decline.',
        type: 'issuer_declined',
      }
    : {
        ...always,
        advice_code: null,
        network_advice_code: null,
        network_status: 'approved_by_network',
        reason: null,
        seller_message: 'Payment complete.',
        type: 'authorized',
      };
}

/** The card that was charged, as its network saw it. @param amount in the smallest unit of the currency. */
function cardDetails(
  amount: number,
  card: Stripe.PaymentMethod['card'],
  refusal: ChargeRefusal | null,
): NonNullable<NonNullable<Stripe.Charge['payment_method_details']>['card']> {
  return {
    amount_authorized: refusal ? null : amount,
    authorization_code: refusal ? null : '000000',
    brand: card?.brand ?? null,
    checks: card?.checks ? { ...card.checks } : null,
    country: card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: card?.exp_month ?? 12,
    exp_year: card?.exp_year ?? 2030,
    extended_authorization: { status: 'disabled' },
    fingerprint: card?.fingerprint ?? null,
    funding: card?.funding ?? null,
    incremental_authorization: { status: 'unavailable' },
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    multicapture: { status: 'unavailable' },
    network: card?.brand ?? null,
    network_token: { used: false },
    network_transaction_id: null,
    overcapture: { maximum_amount_capturable: amount, status: 'unavailable' },
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
