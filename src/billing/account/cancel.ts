import { Router, type Response } from 'express';
import { ownerOf } from '../../accounts/own/owner';
import { accountsViewer } from '../../access/viewer';
import { onlyMethods } from '../../http/errors';
import { formBody } from '../../http/form';
import { notFound } from '../../lib/failure';
import type { Language } from '../../lib/language';
import { formatMoney } from '../../lib/money';
import { nameOfTier } from '../../membership/tiers';
import { openAccountAction } from '../stripe/acting';
import { readSubscription } from '../forms';
import { findOwed, findSubscription } from './queries';
import type { CancelPage } from '../page-types';
import { billingFrame, billingPath, loggedIn, renderBilling, type BillingPageParts } from '../pages';

type CancelTarget = NonNullable<Awaited<ReturnType<typeof findSubscription>>>;

/** A subscription ended at the end of what is paid, after asking once more; and kept after all. */
export function cancelRoutes(parts: BillingPageParts, language: Language): Router {
  const { site, wall, stripe } = parts;
  const { say, prefix } = language;
  const router = Router({ caseSensitive: true, strict: true });
  const guard = loggedIn(language, '/account/billing');
  const acting = openAccountAction(parts, language);

  const find = async (given: unknown, res: Response): Promise<CancelTarget> => {
    const { subscription: id } = readSubscription(given);
    const found = await wall.read(accountsViewer, (db) => findSubscription(db, ownerOf(res).id, id));
    if (!found) throw notFound('subscription');
    return found;
  };

  router
    .route('/account/billing/cancel')
    .get(guard, async (req, res) => {
      const found = await find(req.query, res);
      if (found.cancelAt && hasPaid(found)) return res.redirect(303, billingPath(language, 'subscription-ends'));
      const { free } = site.tiers;
      const { tier, owed } = await wall.read(accountsViewer, async (db) => ({
        tier: free && (await nameOfTier(db, free.slug, language)),
        owed: await findOwed(db, found.stripeId),
      }));
      const values = {
        tier: tier ?? '',
        end: language.day(endOf(found)),
        amount: owed ? formatMoney(language.code, owed.dueCents - owed.paidCents, owed.currency) : '',
      };
      const kind = hasPaid(found) ? 'later' : 'now';
      const told = (point: string) =>
        say(`billing.cancel.${kind}.${point}${point === 'charges' && kind === 'now' && !owed ? '.none' : ''}`, values);
      const page: CancelPage = {
        frame: billingFrame(language, req, res),
        heading: say('billing.cancel.heading'),
        points: ['reading', 'charges', ...(tier === null ? [] : ['free']), 'undo'].map(told),
        action: `${prefix}/account/billing/cancel`,
        subscription: found.stripeId,
        submit: say(`billing.cancel.${kind}.submit`, values),
        back: { label: say('billing.cancel.back'), href: billingPath(language) },
      };
      await renderBilling(parts, language, req, res, 'cancel', page);
    })
    .post(guard, formBody, async (req, res) => {
      const found = await find(req.body, res);
      const later = hasPaid(found);
      await acting(req, res, {
        customer: found.customerStripeId,
        act: () =>
          later
            ? stripe.subscriptions.update(found.stripeId, { cancel_at_period_end: true })
            : stripe.subscriptions.cancel(found.stripeId),
        done: later ? 'subscription-ends' : 'subscription-ended',
      });
    })
    .all(onlyMethods('GET', 'HEAD', 'POST'));

  router
    .route('/account/billing/keep')
    .post(guard, formBody, async (req, res) => {
      const found = await find(req.body, res);
      await acting(req, res, {
        customer: found.customerStripeId,
        act: async () => {
          // Stripe says an end in two ways, and each is taken back in its own.
          const { cancel_at_period_end: atPeriodEnd, cancel_at: at } = await stripe.subscriptions.retrieve(
            found.stripeId,
          );
          if (atPeriodEnd) await stripe.subscriptions.update(found.stripeId, { cancel_at_period_end: false });
          else if (at !== null) await stripe.subscriptions.update(found.stripeId, { cancel_at: '' });
        },
        done: 'subscription-kept',
      });
    })
    .all(onlyMethods('POST'));
  return router;
}

/**
 * Is the present period paid for, or free? Then it is read to its end; else, also where the payment has gone back,
 * there is nothing to wait for.
 */
function hasPaid({ status, accessReason }: CancelTarget): boolean {
  return (status === 'active' || status === 'trialing') && accessReason !== 'refunded';
}

function endOf({ status, trialEnd, periodEnd, startedAt }: CancelTarget): Date {
  return (status === 'trialing' ? trialEnd : null) ?? periodEnd ?? startedAt;
}
