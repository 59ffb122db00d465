import type Stripe from 'stripe';
import { endNow } from '../../engine/ending';
import { firstItem, hasEnded } from '../../engine/ties';
import { resumePaused } from '../../engine/turning-points';
import { missing } from '../../failure';
import { find, idOf } from '../../find';
import { assertNamed, PAGING, pageOf } from '../lists';
import { maybe, oneOf, range, text, truth } from '../params';
import { route, theId } from '../route';
import { PRORATION } from './subscription-items';
import { DETAILS, UPDATE, updateBy } from './subscription-update';

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

/** Subscriptions: what a customer pays for again and again. */
export const subscriptions = [
  route('GET', 'subscriptions/:id', {}, (request) => find(request.world, 'subscriptions', theId(request))),
  route('POST', 'subscriptions/:id', UPDATE, (request) =>
    updateBy(request.world, find(request.world, 'subscriptions', theId(request)), request.params),
  ),
  route(
    'DELETE',
    'subscriptions/:id',
    { cancellation_details: maybe(DETAILS), invoice_now: maybe(truth), prorate: maybe(truth) },
    (request) => {
      const subscription = find(request.world, 'subscriptions', theId(request));
      if (hasEnded(subscription)) throw missing('subscription', subscription.id);
      const {
        cancellation_details: cancellationDetails,
        prorate = false,
        invoice_now: invoiceNow = false,
      } = request.params;
      endNow(
        request.world,
        subscription,
        { prorate, invoiceNow },
        {
          reason: 'cancellation_requested',
          comment: cancellationDetails?.comment ?? null,
          feedback: cancellationDetails?.feedback ?? null,
        },
      );
      return subscription;
    },
  ),
  route(
    'POST',
    'subscriptions/:id/resume',
    { billing_cycle_anchor: maybe(oneOf('now')), proration_behavior: maybe(PRORATION) },
    (request) => {
      const subscription = find(request.world, 'subscriptions', theId(request));
      resumePaused(request.world, subscription);
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
      assertNamed(world, params);
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
  route('GET', 'subscription_items/:id', {}, (request) => {
    const id = theId(request);
    for (const { items } of request.world.subscriptions.values())
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
