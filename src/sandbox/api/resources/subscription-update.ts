import type Stripe from 'stripe';
import { applyChange, type PaymentBehavior } from '../../engine/change';
import { assertCurrency, assertUsable, redeem } from '../../engine/discounts';
import { adjustEnd } from '../../engine/ending';
import { planChange, type ProrationBehavior, type WantedItem } from '../../engine/proration';
import { firstItem, updateSubscription } from '../../engine/ties';
import { assertLasts, setCancelAtPeriodEnd, endingAt, endTrial } from '../../engine/turning-points';
import { invalid } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import type { World } from '../../world';
import { merged, metadata } from '../metadata';
import {
  assertOnlyOne,
  clearable,
  inner,
  listOf,
  maybe,
  moment,
  oneOf,
  text,
  textUpTo,
  truth,
  type Param,
  type Read,
} from '../params';
import { ITEMS, PRORATION, prorationMoment, wantedItems } from './subscription-items';

const FEEDBACK = oneOf(
  'customer_service',
  'low_quality',
  'missing_features',
  'other',
  'switched_service',
  'too_complex',
  'too_expensive',
  'unused',
);
/** What is said about why. */
export const DETAILS = inner({ comment: maybe(clearable(text)), feedback: maybe(clearable(FEEDBACK)) });

/** `now` is a moment too. */
const nowOr = (value: Parameters<Param<number>>[0], name: string): number | 'now' =>
  value === 'now' ? 'now' : moment(value, name);

/** A moment, or the end of a period: the first, or the last, of its items. */
const endOr = (value: Parameters<Param<number>>[0], name: string): number | 'min_period_end' | 'max_period_end' =>
  value === 'min_period_end' || value === 'max_period_end' ? value : moment(value, name);

const DISCOUNT = inner({ coupon: maybe(text), discount: maybe(text), promotion_code: maybe(text) });

/** Seconds a trial may last from now on. */
const LONGEST_TRIAL = 730 * 86_400;

/** What a subscription may be changed in. */
export const UPDATE = {
  automatic_tax: maybe(inner({ enabled: truth })),
  billing_cycle_anchor: maybe(oneOf('now', 'unchanged')),
  cancel_at: maybe(clearable(endOr)),
  cancel_at_period_end: maybe(truth),
  cancellation_details: maybe(DETAILS),
  default_payment_method: maybe(clearable(text)),
  description: maybe(clearable(textUpTo(500))),
  discounts: maybe(listOf(DISCOUNT, 20)),
  items: maybe(ITEMS),
  metadata: maybe(metadata),
  off_session: maybe(truth),
  pause_collection: maybe(
    clearable(inner({ behavior: oneOf('keep_as_draft', 'mark_uncollectible', 'void'), resumes_at: maybe(moment) })),
  ),
  payment_behavior: maybe(
    oneOf('allow_incomplete', 'default_incomplete', 'error_if_incomplete', 'pending_if_incomplete'),
  ),
  proration_behavior: maybe(PRORATION),
  proration_date: maybe(moment),
  trial_end: maybe(nowOr),
};

/** Changes a subscription. @throws StripeFailure for what cannot be, and where a change cannot be paid for. */
export function updateBy(
  world: World,
  subscription: Stripe.Subscription,
  params: Read<typeof UPDATE>,
): Stripe.Subscription {
  const onlyWords = Object.keys(params).every((key) => key === 'metadata' || key === 'cancellation_details');
  if (!onlyWords) assertLasts(subscription);
  assertOnlyOne(params, 'cancel_at_period_end', 'cancel_at');
  const wanted = params.items && wantedItems(world, subscription, params.items);
  const rest = restOf(world, subscription, params);
  const behavior = params.proration_behavior ?? 'create_prorations';
  const discounts = params.discounts && discountsWanted(world, subscription, params.discounts);
  if (params.trial_end === 'now') endTrial(world, subscription);
  else if (params.trial_end !== undefined) extendTrial(world, subscription, params.trial_end);
  if (discounts) replaceDiscounts(world, subscription, discounts);
  if (wanted === undefined && params.billing_cycle_anchor !== 'now') updateSubscription(world, subscription, rest);
  else changeItems(world, subscription, params, { wanted, rest, behavior });
  if ('cancel_at' in rest) adjustEnd(world, subscription, behavior);
  return subscription;
}

function changeItems(
  world: World,
  subscription: Stripe.Subscription,
  params: Read<typeof UPDATE>,
  how: {
    readonly wanted: readonly WantedItem[] | undefined;
    readonly rest: Partial<Stripe.Subscription>;
    readonly behavior: ProrationBehavior;
  },
): void {
  const { wanted, rest, behavior } = how;
  const same = subscription.items.data.map(({ id, price, quantity }) => ({
    id,
    price,
    quantity: quantity ?? 1,
    deleted: false,
  }));
  const plan = planChange(
    world,
    subscription,
    wanted ?? same,
    behavior,
    prorationMoment(world, subscription, params.proration_date),
    params.billing_cycle_anchor === 'now',
  );
  const payment: PaymentBehavior = params.payment_behavior ?? 'allow_incomplete';
  if (payment === 'pending_if_incomplete' && Object.keys(rest).length > 0)
    throw invalid(
      'When `payment_behavior` is set to `pending_if_incomplete`, you can only pass supported params.',
      'payment_behavior',
    );
  applyChange(world, subscription, plan, behavior, payment, rest);
}

function restOf(
  world: World,
  subscription: Stripe.Subscription,
  params: Read<typeof UPDATE>,
): Partial<Stripe.Subscription> {
  const { cancellation_details: cancellationDetails, default_payment_method: method, pause_collection: pause } = params;
  if (
    method &&
    find(world, 'paymentMethods', method, 'default_payment_method').customer !==
      findCustomer(world, idOf(subscription.customer)).id
  ) {
    throw invalid(
      `The customer does not have a payment method with the ID ${method}. The payment method must be attached ` +
        'to the customer.',
      'default_payment_method',
      'resource_missing',
    );
  }
  const scheduled = scheduledEnd(world, subscription, params);
  const details = scheduled.cancellation_details ??
    subscription.cancellation_details ?? { comment: null, feedback: null, feedback_option: null, reason: null };
  return {
    ...scheduled,
    ...(cancellationDetails
      ? {
          cancellation_details: {
            ...details,
            ...(cancellationDetails.comment === undefined ? {} : { comment: cancellationDetails.comment }),
            ...(cancellationDetails.feedback === undefined ? {} : { feedback: cancellationDetails.feedback }),
          },
        }
      : {}),
    ...(method === undefined ? {} : { default_payment_method: method }),
    ...(params.description === undefined ? {} : { description: params.description }),
    ...(params.metadata === undefined ? {} : { metadata: merged(subscription.metadata, params.metadata) }),
    ...(pause === undefined
      ? {}
      : { pause_collection: pause && { behavior: pause.behavior, resumes_at: pause.resumes_at ?? null } }),
    ...(params.automatic_tax
      ? {
          automatic_tax: {
            disabled_reason: null,
            enabled: params.automatic_tax.enabled,
            liability: params.automatic_tax.enabled ? { type: 'self' } : null,
          },
        }
      : {}),
  };
}

function extendTrial(world: World, subscription: Stripe.Subscription, end: number): void {
  if (subscription.status !== 'trialing')
    throw invalid('This sandbox moves the end of a trial only while it lasts.', 'trial_end');
  if (end <= world.now()) throw invalid('Invalid timestamp: trial_end must be in the future.', 'trial_end');
  if (end > world.now() + LONGEST_TRIAL)
    throw invalid('The `trial_end` date has to be at most 730 days in the future.', 'trial_end');
  const items = subscription.items.data.map((item) => ({ ...item, current_period_end: end }));
  updateSubscription(world, subscription, {
    billing_cycle_anchor: end,
    items: { ...subscription.items, data: items },
    trial_end: end,
  });
}

function scheduledEnd(
  world: World,
  subscription: Stripe.Subscription,
  { cancel_at: at, cancel_at_period_end: ends }: Read<typeof UPDATE>,
): Partial<Stripe.Subscription> {
  if (ends !== undefined) return setCancelAtPeriodEnd(world, subscription, ends);
  if (at === undefined) return {};
  if (at === null) return setCancelAtPeriodEnd(world, subscription, false);
  // The end of a period is meant as it is now, whatever becomes of the period; all of ours share one.
  const moment = typeof at === 'number' ? at : firstItem(subscription).current_period_end;
  if (moment <= world.now()) throw invalid('`cancel_at` must be in the future.', 'cancel_at');
  return endingAt(world, subscription, moment);
}

type Wanted = { readonly coupon: Stripe.Coupon; readonly promotionCode: string | null } | { readonly discount: string };

function discountsWanted(
  world: World,
  subscription: Stripe.Subscription,
  given: readonly Read<{ discount: typeof DISCOUNT }>['discount'][],
): Wanted[] {
  return given.map(({ coupon, promotion_code: code, discount }, at) => {
    const param = `discounts[${at}]`;
    if ([coupon, code, discount].filter((one) => one !== undefined).length !== 1)
      throw invalid('You must specify one of coupon, promotion_code or discount.', param, 'parameters_exclusive');
    if (discount !== undefined) return { discount: find(world, 'discounts', discount, `${param}[discount]`).id };
    const promotion = code === undefined ? null : find(world, 'promotionCodes', code, `${param}[promotion_code]`);
    if (promotion && !promotion.active) throw invalid('This promotion code is inactive.', `${param}[promotion_code]`);
    const id = promotion ? idOf(promotion.promotion.coupon ?? '') : (coupon ?? '');
    const found = find(world, 'coupons', id, `${param}[coupon]`);
    assertUsable(world, found);
    assertCurrency(found, subscription.currency, `${param}[coupon]`);
    return { coupon: found, promotionCode: promotion?.id ?? null };
  });
}

function replaceDiscounts(world: World, subscription: Stripe.Subscription, wanted: readonly Wanted[]): void {
  const remaining = wanted.flatMap((one) => ('discount' in one ? [one.discount] : []));
  const gone = subscription.discounts.map(idOf).filter((id) => !remaining.includes(id));
  world.alter('subscriptions', subscription, { discounts: remaining });
  for (const id of gone) world.emit('customer.discount.deleted', find(world, 'discounts', id));
  for (const one of wanted)
    if ('coupon' in one)
      redeem(world, subscription, { coupon: one.coupon.id, promotionCode: one.promotionCode, session: null });
}
