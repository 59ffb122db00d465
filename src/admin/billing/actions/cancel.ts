import { formatMoment } from '../../../accounts/own/format';
import { cancel } from '../../../billing/sync/sync-customer';
import { formatMoney } from '../../../lib/money';
import {
  previewChange,
  refused,
  subscriptionOf,
  withSubscription,
  type BillingAction,
  type BillingCase,
} from './action';
import { isOngoing } from '../../../billing/running';

type CancelTarget = NonNullable<ReturnType<typeof subscriptionOf>>;

/** The state a decision rests on. */
const factsOf = ({ subscription: it }: CancelTarget) => [
  it.id,
  it.status,
  it.cancelAt?.getTime() ?? null,
  it.periodEnd?.getTime() ?? null,
  it.endedAt?.getTime() ?? null,
];

/** One that Stripe has not ended, and that was begun. */
function living(context: BillingCase): CancelTarget | null {
  const found = subscriptionOf(context);
  return found?.ours &&
    (isOngoing(found.subscription) || found.subscription.status === 'incomplete') &&
    found.subscription.endedAt === null
    ? found
    : null;
}

/** Ends a subscription when what is paid for is over. */
export const cancelAtEnd: BillingAction = {
  name: 'cancel-end',
  reasoned: true,
  grave: true,
  about: ['subscription'],
  prepare: (context) => {
    const {
      language,
      sync: { stripe },
      now,
    } = context;
    const { say } = language;
    const found = living(context);
    if (!found) return refused(say('admin.billing.refused.ended'));
    const { subscription: it, evaluation } = found;
    if (it.cancelAt !== null)
      return refused(say('admin.billing.refused.ends', { moment: formatMoment(language, it.cancelAt) }));
    const end = (it.status === 'trialing' ? it.trialEnd : null) ?? it.periodEnd;
    if (end === null || end <= now || it.status === 'incomplete')
      return refused(say('admin.billing.refused.no-period'));
    return {
      is: 'ready',
      customer: evaluation.customer,
      chosen: { subscription: it.id },
      ...foresaw(context, found, { cancelAt: end }),
      happens: [
        say('admin.billing.happens.cancel-end', { moment: formatMoment(language, end) }),
        say('admin.billing.happens.charges-none'),
        say('admin.billing.happens.undo', { moment: formatMoment(language, end) }),
        say('admin.billing.happens.letter-end'),
      ],
      restsOn: factsOf(found),
      ask: async () => {
        // Twice it is the same: it needs no idempotency key.
        const { id } = await stripe.subscriptions.update(it.id, { cancel_at_period_end: true });
        return { subscription: id };
      },
    };
  },
};

/** Ends a subscription at once. Nothing is paid back by it. */
export const cancelNow: BillingAction = {
  name: 'cancel-now',
  reasoned: true,
  grave: true,
  about: ['subscription'],
  prepare: (context) => {
    const {
      language,
      sync: { stripe },
      now,
    } = context;
    const { say, code } = language;
    const found = living(context);
    if (!found) return refused(say('admin.billing.refused.ended'));
    const { subscription: it, evaluation, owed } = found;
    return {
      is: 'ready',
      customer: evaluation.customer,
      chosen: { subscription: it.id },
      ...foresaw(context, found, { status: 'canceled', endedAt: now, canceledAt: now }),
      happens: [
        say('admin.billing.happens.cancel-now'),
        say('admin.billing.happens.charges-none'),
        ...(owed === null
          ? []
          : [
              say('admin.billing.happens.owed', {
                amount: formatMoney(code, owed.dueCents - owed.paidCents, owed.currency),
              }),
            ]),
        say('admin.billing.happens.no-refund'),
        say('admin.billing.happens.no-undo'),
        say('admin.billing.happens.letter-end'),
      ],
      restsOn: factsOf(found),
      ask: async () => {
        await cancel(stripe, it.id);
        return { subscription: it.id };
      },
    };
  },
};

/** Takes back an end that was set. */
export const keep: BillingAction = {
  name: 'keep',
  reasoned: true,
  grave: false,
  about: ['subscription'],
  prepare: (context) => {
    const {
      language,
      sync: { stripe },
    } = context;
    const { say, code } = language;
    const found = living(context);
    if (!found) return refused(say('admin.billing.refused.ended'));
    const { subscription: it, evaluation } = found;
    if (it.cancelAt === null) return refused(say('admin.billing.refused.goes-on'));
    return {
      is: 'ready',
      customer: evaluation.customer,
      chosen: { subscription: it.id },
      ...foresaw(context, found, { cancelAt: null }),
      happens: [
        say('admin.billing.happens.keep'),
        say(context.unchanged === null ? 'admin.billing.happens.charged-then' : 'admin.billing.happens.charged', {
          amount:
            context.unchanged === null ? '' : formatMoney(code, context.unchanged.dueCents, context.unchanged.currency),
          moment: formatMoment(language, it.periodEnd ?? it.cancelAt),
        }),
      ],
      restsOn: factsOf(found),
      ask: async () => {
        // Stripe says an end in two ways, and each is taken back in its own.
        const { cancel_at_period_end: atPeriodEnd } = await stripe.subscriptions.retrieve(it.id);
        const { id } = await stripe.subscriptions.update(
          it.id,
          atPeriodEnd ? { cancel_at_period_end: false } : { cancel_at: '' },
        );
        return { subscription: id };
      },
    };
  },
};

function foresaw(
  context: BillingCase,
  { evaluation, subscription: it }: CancelTarget,
  change: Parameters<typeof withSubscription>[2],
) {
  const { changes, before, after } = previewChange(context, evaluation, withSubscription(evaluation, it.id, change));
  const ends = (at: Date | null) => at?.toISOString() ?? null;
  const is = { ...it, ...change };
  return {
    changes,
    before: { ...before, status: it.status, ends: ends(it.endedAt ?? it.cancelAt) },
    after: { ...after, status: is.status, ends: ends(is.endedAt ?? is.cancelAt) },
  };
}
