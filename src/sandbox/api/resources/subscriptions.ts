import type Stripe from 'stripe';
import { applyChange, type PaymentBehavior } from '../../engine/change';
import { cancel } from '../../engine/cancel';
import { planChange, type WantedItem } from '../../engine/proration';
import { firstItem, updateSubscription } from '../../engine/ties';
import { assertLasts, setCancelAtPeriodEnd, endingAt, endTrial, resumePaused } from '../../engine/turning-points';
import { invalid, missing } from '../../failure';
import { find, findCustomer, idOf } from '../../find';
import type { World } from '../../world';
import { PAGING, pageOf } from '../lists';
import {
  clearable,
  inner,
  listOf,
  maybe,
  merged,
  metadata,
  moment,
  oneOf,
  range,
  text,
  truth,
  whole,
  type Param,
  type Read,
} from '../params';
import { route, theId } from '../route';

const STATUSES = [
  'active',
  'all',
  'canceled',
  'ended',
  'incomplete',
  'incomplete_expired',
  'past_due',
  'paused',
  'trialing',
  'unpaid',
] as const;
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
const DETAILS = inner({ comment: maybe(clearable(text)), feedback: maybe(clearable(FEEDBACK)) });

/** `now` is a moment too. */
const nowOr = (value: Parameters<Param<number>>[0], name: string): number | 'now' =>
  value === 'now' ? 'now' : moment(value, name);

/** Items as an update and a preview name them. */
export const ITEMS = listOf(
  inner({ id: maybe(text), price: maybe(text), quantity: maybe(whole(0)), deleted: maybe(truth) }),
  20,
);
export const PRORATION = oneOf('always_invoice', 'create_prorations', 'none');

const UPDATE = {
  automatic_tax: maybe(inner({ enabled: truth })),
  billing_cycle_anchor: maybe(oneOf('now', 'unchanged')),
  cancel_at: maybe(clearable(moment)),
  cancel_at_period_end: maybe(truth),
  cancellation_details: maybe(DETAILS),
  default_payment_method: maybe(clearable(text)),
  description: maybe(clearable(text)),
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

/** Subscriptions: what a customer pays for again and again. */
export const subscriptions = [
  route('GET', 'subscriptions/:id', {}, (asked) => find(asked.world, 'subscriptions', theId(asked))),
  route('POST', 'subscriptions/:id', UPDATE, (asked) =>
    update(asked.world, find(asked.world, 'subscriptions', theId(asked)), asked.params),
  ),
  route(
    'DELETE',
    'subscriptions/:id',
    { cancellation_details: maybe(DETAILS), invoice_now: maybe(truth), prorate: maybe(truth) },
    (asked) => {
      const subscription = find(asked.world, 'subscriptions', theId(asked));
      if (asked.params.prorate || asked.params.invoice_now)
        throw invalid('This sandbox cancels without a last invoice: leave `prorate` and `invoice_now` out.', 'prorate');
      assertLasts(subscription);
      const said = asked.params.cancellation_details;
      cancel(asked.world, subscription, {
        reason: 'cancellation_requested',
        comment: said?.comment ?? null,
        feedback: said?.feedback ?? null,
      });
      return subscription;
    },
  ),
  route(
    'POST',
    'subscriptions/:id/resume',
    { billing_cycle_anchor: maybe(oneOf('now')), proration_behavior: maybe(PRORATION) },
    (asked) => {
      const subscription = find(asked.world, 'subscriptions', theId(asked));
      resumePaused(asked.world, subscription);
      return subscription;
    },
  ),
  route(
    'GET',
    'subscriptions',
    {
      ...PAGING,
      created: maybe(range),
      customer: maybe(text),
      price: maybe(text),
      status: maybe(oneOf(...STATUSES)),
      current_period_end: maybe(range),
      current_period_start: maybe(range),
    },
    ({ world, params }) => {
      if (params.customer !== undefined) find(world, 'customers', params.customer, 'customer');
      return pageOf(
        world.subscriptions.values(),
        params,
        '/v1/subscriptions',
        (one) =>
          (params.customer === undefined || params.customer === idOf(one.customer)) &&
          hasStatus(one, params.status) &&
          (params.created?.(one.created) ?? true) &&
          (params.price === undefined || one.items.data.some(({ price }) => price.id === params.price)) &&
          (params.current_period_end?.(firstItem(one).current_period_end) ?? true) &&
          (params.current_period_start?.(firstItem(one).current_period_start) ?? true),
      );
    },
  ),
];

/** Subscription items: the prices of a subscription. */
export const subscriptionItems = [
  route('GET', 'subscription_items', { ...PAGING, subscription: text }, ({ world, params }) =>
    pageOf(
      [...find(world, 'subscriptions', params.subscription, 'subscription').items.data].reverse(),
      params,
      '/v1/subscription_items',
    ),
  ),
  route('GET', 'subscription_items/:id', {}, (asked) => {
    const id = theId(asked);
    for (const { items } of asked.world.subscriptions.values())
      for (const item of items.data) if (item.id === id) return item;
    throw missing('subscription_item', id, 'item');
  }),
];

// Without a word about it, those that were canceled are left out.
function hasStatus({ status }: Stripe.Subscription, wanted: (typeof STATUSES)[number] | undefined): boolean {
  if (wanted === undefined) return status !== 'canceled';
  if (wanted === 'ended') return status === 'canceled' || status === 'incomplete_expired';
  return wanted === 'all' || wanted === status;
}

function update(world: World, subscription: Stripe.Subscription, params: Read<typeof UPDATE>): Stripe.Subscription {
  const { cancel_at, cancel_at_period_end, items, trial_end } = params;
  const onlyWords = Object.keys(params).every((key) => key === 'metadata' || key === 'cancellation_details');
  if (!onlyWords) assertLasts(subscription);
  if (cancel_at !== undefined && cancel_at_period_end !== undefined)
    throw invalid('You may only specify one of these parameters: cancel_at_period_end, cancel_at.', 'cancel_at');
  if (cancel_at !== undefined && cancel_at !== null && cancel_at <= world.now())
    throw invalid('`cancel_at` must be in the future.', 'cancel_at');
  const wanted = items && wantedItems(world, subscription, items);
  const rest = restOf(world, subscription, params);
  if (trial_end === 'now') endTrial(world, subscription);
  else if (trial_end !== undefined) extendTrial(world, subscription, trial_end);
  if (wanted === undefined && params.billing_cycle_anchor !== 'now') {
    updateSubscription(world, subscription, rest);
    return subscription;
  }
  const behavior = params.proration_behavior ?? 'create_prorations';
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
  return subscription;
}

function restOf(
  world: World,
  subscription: Stripe.Subscription,
  params: Read<typeof UPDATE>,
): Partial<Stripe.Subscription> {
  const {
    cancel_at,
    cancel_at_period_end,
    cancellation_details: said,
    default_payment_method: method,
    pause_collection: pause,
  } = params;
  if (
    method &&
    find(world, 'paymentMethods', method, 'default_payment_method').customer !==
      findCustomer(world, idOf(subscription.customer)).id
  ) {
    throw invalid(
      `The customer does not have a payment method with the ID ${method}. The payment method must be attached to the customer.`,
      'default_payment_method',
      'resource_missing',
    );
  }
  const scheduled: Partial<Stripe.Subscription> =
    cancel_at_period_end !== undefined
      ? setCancelAtPeriodEnd(world, subscription, cancel_at_period_end)
      : cancel_at === null
        ? setCancelAtPeriodEnd(world, subscription, false)
        : cancel_at !== undefined
          ? endingAt(world, subscription, cancel_at)
          : {};
  const details = scheduled.cancellation_details ??
    subscription.cancellation_details ?? { comment: null, feedback: null, feedback_option: null, reason: null };
  return {
    ...scheduled,
    ...(said
      ? {
          cancellation_details: {
            ...details,
            ...(said.comment === undefined ? {} : { comment: said.comment }),
            ...(said.feedback === undefined ? {} : { feedback: said.feedback }),
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
  const items = subscription.items.data.map((item) => ({ ...item, current_period_end: end }));
  updateSubscription(world, subscription, {
    billing_cycle_anchor: end,
    items: { ...subscription.items, data: items },
    trial_end: end,
  });
}

/** What all items are to be once the named ones are changed: the others stay. @throws StripeFailure for a price that cannot be. */
export function wantedItems(
  world: World,
  subscription: Stripe.Subscription,
  said: Read<{ items: typeof ITEMS }>['items'],
): WantedItem[] {
  const items: WantedItem[] = subscription.items.data.map(({ id, price, quantity }) => ({
    id,
    price,
    quantity: quantity ?? 1,
    deleted: false,
  }));
  said.forEach((one, at) => {
    const place = one.id === undefined ? items.length : items.findIndex(({ id }) => id === one.id);
    if (place < 0) throw invalid(`No such subscription item: '${one.id}'`, `items[${at}][id]`, 'resource_missing');
    const former = items[place];
    const price = one.price === undefined ? former?.price : find(world, 'prices', one.price, `items[${at}][price]`);
    if (!price)
      throw invalid(`Missing required param: items[${at}][price].`, `items[${at}][price]`, 'parameter_missing');
    if (price.id !== former?.price.id && !price.active)
      throw invalid('The price specified is inactive. This field only accepts active prices.', `items[${at}][price]`);
    if (!price.recurring)
      throw invalid(
        'The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.',
        `items[${at}][price]`,
      );
    if (price.currency !== subscription.currency)
      throw invalid(
        `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${subscription.currency}\`.`,
        `items[${at}][price]`,
      );
    items[place] = {
      id: former?.id ?? null,
      price,
      quantity: one.quantity ?? former?.quantity ?? 1,
      deleted: one.deleted ?? false,
    };
  });
  const kept = items.filter(({ deleted }) => !deleted);
  if (kept.length === 0)
    throw invalid(
      'A subscription must have at least one active plan. To cancel this subscription, please use the cancel API endpoint.',
      'items',
    );
  if (new Set(kept.map(({ price }) => `${price.recurring?.interval} ${price.recurring?.interval_count}`)).size > 1)
    throw invalid(
      'Currently, all prices on a subscription must have the same recurring.interval and recurring.interval_count.',
      'items',
    );
  return items;
}

/** The moment unused time is counted from. @throws StripeFailure when it is outside the current period. */
export function prorationMoment(world: World, subscription: Stripe.Subscription, wanted: number | undefined): number {
  if (wanted === undefined) return world.now();
  const { current_period_start, current_period_end } = firstItem(subscription);
  if (wanted < current_period_start || wanted >= current_period_end)
    throw invalid('Cannot specify `proration_date` outside of current subscription period.', 'proration_date');
  return wanted;
}
