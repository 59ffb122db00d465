import type { Request, Router } from 'express';
import type Stripe from 'stripe';
import { z } from 'zod';
import { onlyMethods } from '../../http/errors';
import { notFound } from '../../lib/failure';
import { idOf } from '../find';
import { cardField } from '../hosted/cards';
import { languageOf, show, type PageParts } from '../hosted/frame';
import { timeOf } from './overview';
import { doings, frameOf, nothing } from './frame';
import { subscriptionPage } from './subscription-page';

const BEHAVIORS = ['void', 'keep_as_draft', 'mark_uncollectible'] as const;
const PRORATIONS = ['create_prorations', 'always_invoice', 'none'] as const;

const fail = z.strictObject({
  how: z.enum(['declined', 'authenticate']),
  times: z
    .string()
    .regex(/^[1-9]$/)
    .transform(Number),
});
const pause = z.strictObject({
  behavior: z.enum(BEHAVIORS),
  days: z
    .string()
    .regex(/^\d{1,3}$/)
    .transform(Number),
});
const status = z.strictObject({
  status: z
    .string()
    .trim()
    .regex(/^[a-z_]{1,40}$/),
});
const price = z.strictObject({ price: z.string(), proration: z.enum(PRORATIONS) });

/** `/sandbox/subscriptions/:id`: one subscription, and everything that can happen to it. */
export function subscriptionRoutes(parts: PageParts): Router {
  const { world, acts } = parts.sandbox;
  const { router, on } = doings(parts);
  const found = (req: Request): Stripe.Subscription => {
    const one = world.subscriptions.get(String(req.params['id']));
    if (!one) throw notFound('a subscription');
    return one;
  };
  const back = (req: Request) => `/sandbox/subscriptions/${String(req.params['id'])}`;
  const doing = <T>(
    name: string,
    schema: z.ZodType<T>,
    act: (one: Stripe.Subscription, fields: T, language: ReturnType<typeof languageOf>) => string,
  ): void =>
    on(`/sandbox/subscriptions/:id/${name}`, schema, back, (fields, language, req) =>
      act(found(req), fields, language),
    );

  doing('renew', nothing, ({ id }, _, { say, code }) => {
    acts.renew(id);
    return say('sandbox.done.renewed', { time: timeOf(code, world.now()), status: statusOf(id) });
  });
  doing('end-trial', nothing, ({ id }, _, { say }) => {
    acts.endTrial(id);
    return say('sandbox.done.trial-ended', { status: statusOf(id) });
  });
  doing('fail', fail, ({ customer }, { how, times }, { say }) => {
    acts.failNextPayment(idOf(customer), how, times);
    return say(`sandbox.done.will-fail-${how}`, { n: times });
  });
  doing('card', z.strictObject({ card: cardField }), ({ customer }, { card }, { say }) => {
    const method = acts.replaceCard(idOf(customer), card);
    return say('sandbox.done.card', { last4: method.card?.last4 ?? '' });
  });
  doing('pause', pause, ({ id }, { behavior, days }, { say }) => {
    acts.pauseCollection(id, behavior, days === 0 ? undefined : world.now() + days * 86_400);
    return days === 0 ? say('sandbox.done.paused') : say('sandbox.done.paused-for', { n: days });
  });
  doing('resume', nothing, ({ id }, _, { say }) => {
    acts.resume(id);
    return say('sandbox.done.resumed', { status: statusOf(id) });
  });
  doing('cancel-at-end', nothing, ({ id }, _, { say }) => {
    acts.cancelAtPeriodEnd(id, true);
    return say('sandbox.done.cancel-at-end');
  });
  doing('keep', nothing, ({ id }, _, { say }) => {
    acts.cancelAtPeriodEnd(id, false);
    return say('sandbox.done.kept');
  });
  doing('cancel', nothing, ({ id }, _, { say }) => {
    acts.cancelNow(id);
    return say('sandbox.done.cancelled');
  });
  doing('status', status, ({ id }, fields, { say }) => {
    acts.setStatus(id, fields.status);
    return say('sandbox.done.status', { status: fields.status });
  });
  doing('price', price, ({ id }, fields, { say }) => {
    const { outcome } = acts.changePrice(id, fields.price, fields.proration);
    return say(outcome === 'paid' ? 'sandbox.done.price' : 'sandbox.done.price-unpaid');
  });

  router
    .route('/sandbox/subscriptions/:id')
    .get(async (req, res) => {
      const one = found(req);
      const language = languageOf(parts, req, null);
      const page = subscriptionPage(
        world,
        language,
        one,
        frameOf(parts, language, req, language.say('sandbox.subscription.heading'), 'overview'),
      );
      await show(parts, res, language, 'subscription', page.frame.heading, page, true);
    })
    .all(onlyMethods('GET', 'HEAD'));
  return router;

  function statusOf(id: string): string {
    return world.subscriptions.get(id)?.status ?? '';
  }
}
